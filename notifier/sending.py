"""One chunk, from claim to close.

Each slice is a short transaction that writes what became of the slice before, asks whether the batch is still
wanted and the lease still ours, and marks the next few as sending; then the network, with no transaction
open. A worker that dies leaves at most one slice of which nobody knows.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Min, Q

from notifier import fallback, gateways, outcomes, rates, receipts, recovering
from notifier.actions import Action, action
from notifier.composing import Composer, Row
from notifier.falling import KINDS, PATIENCE_S
from notifier.gateways import Gateway, NoGateway
from notifier.message import Accepted, DeliveryError, Outcome, Unknown
from notifier.models import Batch, Chunk, Delivery
from notifier.models.delivery import UNDER_WAY
from notifier.ordering import in_order
from notifier.outcomes import Result
from notifier.rates import Ask, Granted
from notifier.slices import FIRST, LARGEST, Slice, next_size
from notifier.verdicts import verdict
from trust import clock

logger = logging.getLogger(__name__)

State = Delivery.State
SURE = (State.ACCEPTED, State.FAILED)  # what stays true even if the lease was lost meanwhile
UNUSABLE_S = 30.0
NAP_S = 0.02


def work_one(channel: str, until: float) -> bool:
    """Claim one due chunk and work on it until time.monotonic() reaches `until`; False when none is due."""
    chunk = _claim(channel)
    if chunk is None:
        return False
    recovering.recover(chunk)
    if not chunk.batch.is_wanted(clock.now()):
        _settle(chunk)
        return True
    gateway = gateways.choose(chunk.batch)
    if isinstance(gateway, NoGateway):
        at = clock.now()
        retry_at = gateway.until or at + timedelta(seconds=UNUSABLE_S)
        _lose_patience(chunk, at)
        chunk.release(min(retry_at, chunk.batch.expires_at))
        return True
    composer = Composer(chunk.batch)
    if not composer.texts:  # their key was destroyed: there is nothing left to say
        _settle(chunk)
        return True
    Round(chunk, gateway, composer).run(until)
    return True


def _claim(channel: str) -> Chunk | None:
    """Take the first due chunk by priority, ring and order."""
    due = Chunk.objects.due(clock.now()).filter(channel=channel)
    if not due.exists():  # asked first without a transaction: on SQLite one locks all writers out
        return None
    with transaction.atomic():
        at = clock.now()
        due = Chunk.objects.due(at).filter(channel=channel).in_turn()
        chunk = due.select_for_update(skip_locked=True).first()
        return chunk if chunk and chunk.take(at) else None


def _lose_patience(chunk: Chunk, at: datetime) -> None:
    """Nobody waits for accounts that have been refused for so long, who need not."""
    since = gateways.refused_since(chunk.batch)
    if since is not None and at - since >= timedelta(seconds=PATIENCE_S):
        fallback.give_up(chunk.deliveries(), chunk.batch.kind, at)


def _settle(chunk: Chunk) -> None:
    """Close a chunk whose batch is no longer wanted."""
    with transaction.atomic():
        batch = chunk.batch.hold()
        at = clock.now()
        _end(chunk, batch, at)


def _end(chunk: Chunk, batch: Batch, at: datetime) -> None:
    expired = batch.stopped_at is None and batch.superseded_by is None and batch.expires_at <= at
    chunk.deliveries().end(State.EXPIRED if expired else State.WITHDRAWN, at)
    chunk.finish(at)


class Round:
    """One worker's hold on one chunk through one gateway."""

    def __init__(self, chunk: Chunk, gateway: Gateway, composer: Composer) -> None:
        self.chunk = chunk
        self.gateway = gateway
        self.composer = composer
        self.size = 1 if gateway.is_probe else FIRST
        self.results: list[Result] = []
        self.untried: list[int] = []
        self.paused_until: datetime | None = None
        self.known_to_work = False
        self.falls = chunk.batch.kind in KINDS
        self.refused_languages: set[str] = set()  # of templates a provider took away, while others go on

    def run(self, until: float) -> None:
        """Send until nothing is due, the time is over, or the batch is no longer wanted."""
        rows = in_order(self.chunk, self._due_rows())
        while rows and self.paused_until is None and time.monotonic() < until:
            few = rows[: self.size]
            granted = rates.grant(self.gateway.account, self.gateway.backend, self._asks(few))
            if not granted.count:
                self._flush()
                if gateways.another_is_freer(self.chunk.batch, self.gateway):
                    break
                time.sleep(max(NAP_S, granted.wait_s))
                continue
            marked = self._mark(self._within_the_day(few[: granted.count], granted))
            if marked is None:
                break
            rows = [*self._send(marked, granted), *rows[granted.count :]]
        self._close()

    def _due_rows(self) -> list[Row]:
        at = clock.now()
        due = self.chunk.deliveries().filter(Q(not_before=None) | Q(not_before__lte=at), state=State.QUEUED)
        fields = ("pk", "person", "language", "address", "attempts", "lost_answers")
        rows = due.order_by("pk").values_list(*fields)
        return [
            Row(pk, person, language, bytes(address), attempts, lost_answers)
            for pk, person, language, address, attempts, lost_answers in rows
        ]

    def _asks(self, rows: Sequence[Row]) -> list[Ask]:
        backend = self.gateway.backend
        if backend.per_second is None:
            return [Ask(row.person) for row in rows]
        return [Ask(row.person, self.composer.parts(row.language, backend)) for row in rows]

    def _within_the_day(self, rows: list[Row], granted: Granted) -> list[Row]:
        """Those the day's allowance holds; the others hear it on their next channel, unasked."""
        over = [row for row in rows if row.person in granted.over]
        if over:
            at, refusal = clock.now(), DeliveryError(permanent=True, kind="quota")
            backend = self.gateway.backend
            self.results += [verdict(row, refusal, backend, at, falls=self.falls) for row in over]
            self.size = min(LARGEST, self.size * 2)
        return [row for row in rows if row.person not in granted.over]

    def _mark(self, rows: list[Row]) -> list[Row] | None:
        """The last question before the network: None when nothing more may leave."""
        with transaction.atomic():
            batch = self.chunk.batch.hold()
            at = clock.now()
            held = self.chunk.renew(at)
            self._write(at, held=held)
            if not held or not batch.is_wanted(at):
                return None
            mine = Delivery.objects.filter(pk__in=[row.id for row in rows])
            marked = mine.move(State.SENDING, at, alias=self.gateway.alias, attempts=F("attempts") + 1)
            if marked == len(rows):
                return rows
            sending = set(mine.filter(state=State.SENDING).values_list("pk", flat=True))
            return [row for row in rows if row.id in sending]

    def _send(self, rows: list[Row], granted: Granted) -> list[Row]:
        """Hand the rows to the gateway and keep what it answers; return those that were not tried."""
        messages = self.composer.messages(rows)
        readable = [row for row in rows if row.id in messages]
        self.results += [
            Result(row.id, State.FAILED, error_kind="address_unreadable")
            for row in rows
            if row.id not in messages
        ]
        if not readable:
            return []
        handed = Slice(messages[row.id] for row in readable)
        answers = self._answers(handed)
        at = clock.now()
        backend = self.gateway.backend
        answered = list(zip(readable, answers, strict=False))
        self.results += [verdict(row, answer, backend, at, falls=self.falls) for row, answer in answered]
        refused = [(row, answer) for row, answer in answered if isinstance(answer, DeliveryError)]
        rates.give_back(self.gateway.account, granted.fresh & {row.person for row, _ in refused})
        self.refused_languages |= {
            row.language for row, error in refused if action(error) is Action.PAGE_AND_FALL_OVER
        }
        said = [(row.id, error.words) for row, error in refused if error.words]
        if said:
            receipts.keep_words(self.gateway.alias, said)
        self._judge(answers)
        self.size = next_size(len(readable), len(answers))
        untried = readable[len(answers) :]
        self.untried += [row.id for row in untried]
        return untried

    def _answers(self, handed: Slice) -> list[Outcome]:
        """One answer for each message that was handed out; a backend that breaks leaves them unknown."""
        try:
            answers = list(self.gateway.backend.send(handed))
        except Exception:
            logger.exception("%s: the backend broke", self.gateway.alias)
            answers = []
        return answers + [Unknown("backend_broke")] * (handed.handed - len(answers))

    def _judge(self, answers: list[Outcome]) -> None:
        if self.gateway.backend.stands_apart:
            return
        self.paused_until = gateways.answered(self.gateway, answers, known_to_work=self.known_to_work)
        self.known_to_work = self.known_to_work or any(isinstance(one, Accepted) for one in answers)

    def _write(self, at: datetime, *, held: bool) -> None:
        """Write what is known; without the lease only what no other worker could know better."""
        outcomes.write([result for result in self.results if held or result.state in SURE], at)
        if held and self.untried:
            outcomes.put_back(self.untried, at)
        self.results, self.untried = [], []

    def _flush(self) -> None:
        if self.results or self.untried:
            with transaction.atomic():
                self.chunk.batch.hold()
                at = clock.now()
                self._write(at, held=self.chunk.renew(at))

    def _close(self) -> None:
        """Write the rest, and finish the chunk or put it back for when its next delivery is due."""
        if not self.known_to_work and self.paused_until is None:
            gateways.unused(self.gateway)
        with transaction.atomic():
            batch = self.chunk.batch.hold()
            at = clock.now()
            held = self.chunk.renew(at)
            self._write(at, held=held)
            if not held:
                return
            if not batch.is_wanted(at):
                _end(self.chunk, batch, at)
                return
            self._give_up(at)
            due_at = self._next_due(at)
            if due_at is None:
                self.chunk.finish(at)
            else:
                self.chunk.release(min(due_at, batch.expires_at))  # another gateway may be free

    def _give_up(self, at: datetime) -> None:
        if self.refused_languages:
            refused = self.chunk.deliveries().filter(language__in=sorted(self.refused_languages))
            fallback.give_up(refused, self.chunk.batch.kind, at)
        if self.paused_until:
            _lose_patience(self.chunk, at)

    def _next_due(self, at: datetime) -> datetime | None:
        """When the chunk's next delivery may leave, None when all are final."""
        open_rows = self.chunk.deliveries().filter(state__in=UNDER_WAY)
        due_now = Q(not_before=None) | Q(not_before__lte=at) | Q(state=State.SENDING)
        counted = open_rows.aggregate(
            open=Count("pk"), due_now=Count("pk", filter=due_now), soonest=Min("not_before")
        )
        if not counted["open"]:
            return None
        return at if counted["due_now"] else counted["soonest"]
