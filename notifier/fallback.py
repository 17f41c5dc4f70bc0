"""When a way to a person led nowhere the next one is taken: one person, one alert.

Asked of deliveries whose `falls_at` has come: refused for good, over the day's allowance, refused with the
account, or without a receipt for so long. Nothing of a batch that is over falls anywhere.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
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
        if batch.kind not in KINDS or not held.is_wanted(at):
            mine.update(falls_at=None)
            return 0
        rows = list(mine.filter(falls_at__lte=at).select_for_update(skip_locked=True))
        spoken = _spoken(batch, at)
        return _write(_moves(rows, batch, spoken, at), batch, spoken, at)


def _spoken(batch: Batch, at: datetime) -> dict[str, UUID]:
    """The batches that say the same now, by channel as they were opened; of this ring where there is one."""
    found: dict[str, UUID] = {}
    same = Batch.objects.wanted(at).filter(subject=batch.subject, kind=batch.kind, exercise=batch.exercise)
    for pk, channel, ring in same.order_by("created_at").values_list("pk", "channel", "ring"):
        if channel not in found or ring == batch.ring:
            found[channel] = pk
    return found


def _moves(rows: list[Delivery], batch: Batch, spoken: Mapping[str, UUID], at: datetime) -> _Moves:
    people, moves = [row.person for row in rows], _Moves()
    ways, others = _ways(people), _others(people, batch)
    declared = registry.declared_ways(batch.channel)
    may_come = at < batch.created_at + RECORDING
    for row in rows:
        common = [Way(row.person, channel, bytes(row.address), row.language) for channel in declared]
        _move(row, [*ways[row.person], *common], others[row.person], spoken, moves, may_come=may_come)
    return moves


def _move(
    row: Delivery, ways: list[Way], others: list[Delivery], spoken: Mapping[str, UUID], moves: _Moves, *,
    may_come: bool,
) -> None:  # fmt: skip
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
    way = next_way(ways, tried, spoken)
    if way is None:
        later = may_come and has_unspoken(ways, tried, spoken)
        (moves.look_again if later else moves.settled).append(row.pk)
    elif way.channel == row.channel:
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


def _write(moves: _Moves, batch: Batch, spoken: Mapping[str, UUID], at: datetime) -> int:
    made = sum(_tell(spoken[channel], rows, at, moves) for channel, rows in moves.new.items())
    for row, address in moves.again:
        recording.queue_again(row, address)
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
