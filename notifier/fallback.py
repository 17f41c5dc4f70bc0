"""When a way to a person led nowhere the next one is taken: one person, one alert.

Asked of deliveries whose `falls_at` has come: refused for good, over the day's allowance, refused with the
account, or without a receipt for so long. Nothing of a batch that was stopped or has expired falls anywhere.
Who waits while other words take the place of theirs is told those by the next way.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from notifier import recording, registry
from notifier.falling import KINDS, Tried, Way, has_unspoken, next_way
from notifier.models import Batch, Delivery
from notifier.models.delivery import TOLD, UNDER_WAY, DeliveryQuerySet
from trust import clock

State = Delivery.State
PAGE = 500
LOOK_AGAIN = timedelta(seconds=15)
RECORDING = timedelta(minutes=10)  # after this nothing more is being recorded of the same saying
LIVE = frozenset((*TOLD, *UNDER_WAY))

# The package that holds people's addresses says which ways lead to them, each person's in order, confirmed
# and not withdrawn at the moment of asking.
WAYS: list[Callable[[Sequence[UUID]], Iterable[Way]]] = []


def fall_over(limit: int = 20 * PAGE) -> int:
    """Take the next way for whoever waits for one; count the new messages. A short transaction a batch."""
    made, seen = 0, 0
    while seen < limit:
        due = Delivery.objects.filter(falls_at__lte=clock.now()).order_by("falls_at")
        page = list(due.values_list("batch", "pk")[:PAGE])
        by_batch: dict[UUID, list[int]] = defaultdict(list)
        for batch, pk in page:
            by_batch[batch].append(pk)
        made += sum(_fall(batch, ids) for batch, ids in by_batch.items())
        seen += len(page)
        if len(page) < PAGE:
            break
    return made


def give_up(waiting: DeliveryQuerySet, kind: str, at: datetime) -> None:
    """Whoever waits for gateways that refuse us all the time looks for another way, once each."""
    if kind in KINDS:
        waiting.filter(state=State.QUEUED, falls_at=None).update(falls_at=at)


@dataclass
class _Moves:
    """What is to be written: messages by their new channel, and what becomes of the rows at hand."""

    new: dict[str, list[tuple[Delivery, Way]]] = field(default_factory=lambda: defaultdict(list))
    again: list[tuple[Delivery, bytes]] = field(default_factory=list)
    heard: list[tuple[Delivery, Delivery]] = field(default_factory=list)
    look_again: list[int] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)


def _fall(batch_id: UUID, ids: list[int]) -> int:
    with transaction.atomic():
        batch = Batch.objects.get(pk=batch_id)
        held, at = batch.hold(), clock.now()
        mine = Delivery.objects.filter(pk__in=ids)
        if batch.kind not in KINDS or not held.may_be_heard(at):
            mine.update(falls_at=None)
            return 0
        rows = list(mine.filter(falls_at__lte=at).select_for_update(skip_locked=True))
        said = _said(batch, held, at)
        return _write(_moves(rows, batch, said), batch, said, at)


@dataclass(frozen=True)
class _Said:
    """Where the same is being said now: batches by channel as opened, of this ring where there is one.

    may_come: recording may still come to a channel. replaced: the batch at hand is superseded, so that these
    say it in its place; retold: the subjects under which those who were told are told once more.
    """

    batches: dict[str, UUID]
    may_come: bool
    replaced: bool = False
    retold: frozenset[UUID] = frozenset()
    is_reworded: bool = False


def _said(batch: Batch, held: Batch, at: datetime) -> _Said:
    found: dict[str, UUID] = {}
    same = Batch.objects.about([batch.subject]).filter(kind=batch.kind, exercise=batch.exercise)
    opened_at = batch.created_at
    spoken = same.wanted(at).order_by("created_at").values_list("pk", "channel", "ring", "created_at")
    for pk, channel, ring, created_at in spoken:
        opened_at = max(opened_at, created_at)
        if channel not in found or ring == batch.ring:
            found[channel] = pk
    may_come = at < opened_at + RECORDING
    if held.superseded_by is None:
        return _Said(found, may_come)
    marks = same.exclude(superseded_by=None).values_list("superseded_by", flat=True)
    retold = frozenset(mark for mark in marks if mark is not None)
    reworded = Batch.objects.about(retold).filter(kind=Batch.Kind.UPDATE).exists()
    return _Said(found, may_come or not found, replaced=True, retold=retold, is_reworded=reworded)


def _moves(rows: list[Delivery], batch: Batch, said: _Said) -> _Moves:
    people, moves = [row.person for row in rows], _Moves()
    ways, others = _ways(people), _others(people, batch)
    retold = _retold(people, said)
    declared = registry.declared_ways(batch.channel)
    for row in rows:
        if said.replaced and not _still_falls(row, said, retold, moves):
            continue
        common = [Way(row.person, channel, bytes(row.address), row.language) for channel in declared]
        _move(row, [*ways[row.person], *common], others[row.person], said, moves)
    return moves


def _still_falls(row: Delivery, said: _Said, retold: frozenset[UUID], moves: _Moves) -> bool:
    """Whether other words have not reached, and will not reach, somebody by the way at hand.

    Who only waited is told anew by those who record the new words. Who was told is, if the words are others,
    told them on the same channel: that message falls by itself. Until that is known nobody goes further.
    """
    if row.state == State.QUEUED or row.person in retold or (row.state in TOLD and said.is_reworded):
        moves.settled.append(row.pk)
        return False
    if row.state in TOLD and said.may_come:
        moves.look_again.append(row.pk)
        return False
    return True


def _retold(people: Sequence[UUID], said: _Said) -> frozenset[UUID]:
    """Who hears what came in its place, or may have."""
    if not said.retold:
        return frozenset()
    anew = Delivery.objects.about(said.retold).filter(person__in=people, state__in=sorted(LIVE))
    return frozenset(anew.values_list("person", flat=True))


def _move(row: Delivery, ways: list[Way], others: list[Delivery], said: _Said, moves: _Moves) -> None:
    waits_only = row.state == State.QUEUED and not row.lost_answers
    if not waits_only and row.state not in (State.FAILED, State.ACCEPTED, State.UNKNOWN):
        moves.settled.append(row.pk)  # on the wire, arrived, over, or to be sent once more
        return
    heard = next((one for one in others if one.state in LIVE and one.channel != row.counted_on), None)
    if heard is not None:
        moves.heard.append((row, heard))
        return
    channels = {row.channel, *(one.channel for one in others)}
    tried = Tried(row.channel, bytes(row.address), row.state == State.FAILED, channels)
    way = next_way(ways, tried, said.batches)
    same_channel = way is not None and way.channel == row.channel
    if way is None or (same_channel and row.channel not in said.batches and said.replaced):
        later = said.may_come and (same_channel or has_unspoken(ways, tried, said.batches))
        (moves.look_again if later else moves.settled).append(row.pk)
    elif same_channel:
        moves.again.append((row, way.address))
    else:
        moves.new[way.channel].append((row, way))


def _ways(people: Sequence[UUID]) -> dict[UUID, list[Way]]:
    found: dict[UUID, list[Way]] = defaultdict(list)
    for ways in WAYS:
        for way in ways(people):
            found[way.person].append(way)
    return found


def _others(people: Sequence[UUID], batch: Batch) -> dict[UUID, list[Delivery]]:
    """What else is said to these people about the subject."""
    about = Delivery.objects.about([batch.subject]).filter(person__in=people)
    found: dict[UUID, list[Delivery]] = defaultdict(list)
    for other in about.exclude(channel=batch.channel).only("person", "channel", "state", "counted_on"):
        found[other.person].append(other)
    return found


def _write(moves: _Moves, batch: Batch, said: _Said, at: datetime) -> int:
    made = sum(_tell(said.batches[channel], rows, at, moves) for channel, rows in moves.new.items())
    for row, address in moves.again:
        into = Batch.objects.get(pk=said.batches[row.channel]) if said.replaced else batch
        recording.queue_again(row, address, into)
    for row, heard in moves.heard:
        if row.state in TOLD or row.counted_on:
            moves.settled.append(row.pk)
        else:
            _end([row.pk], at, counted_on=heard.channel)
            Delivery.objects.filter(pk=heard.pk).update(counted_on="")
    Delivery.objects.filter(pk__in=moves.look_again).update(falls_at=at + LOOK_AGAIN)
    left = Delivery.objects.filter(pk__in=moves.settled)
    left.filter(state=State.QUEUED).update(
        falls_at=batch.expires_at
    )  # waits for its account, and asks no more
    left.exclude(state=State.QUEUED).update(falls_at=None)
    return made


def _tell(target_id: UUID, rows: list[tuple[Delivery, Way]], at: datetime, moves: _Moves) -> int:
    """Queue messages on the next channel; who may have heard already stays counted where that was."""
    # Never waited for: two that fall towards each other would wait for ever. The next turn finds it free.
    target = Batch.objects.select_for_update(skip_locked=True).filter(pk=target_id).first()
    if target is None or not target.is_wanted(at):
        return 0
    people: list[tuple[UUID, bytes, str, str]] = []
    refused: list[int] = []
    for row, way in rows:
        counted_on = row.counted_on or (row.channel if row.state in TOLD else "")
        people.append((row.person, way.address, way.language, counted_on))
        (moves.settled if counted_on else refused).append(row.pk)
    fresh = recording.add(target, people)
    Batch.objects.filter(pk=target.pk).update(targeted=F("targeted") + fresh)
    _end(refused, at, counted_on=target.channel)
    return fresh


def _end(rows: list[int], at: datetime, *, counted_on: str) -> None:
    """What waited for an account that is refused ends as failed; what had failed stays so."""
    mine = Delivery.objects.filter(pk__in=rows)
    mine.filter(state=State.QUEUED).update(state=State.FAILED, state_at=at)
    mine.update(counted_on=counted_on, falls_at=None)
