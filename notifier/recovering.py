"""What a dead worker left on the wire: looked for where the provider can be asked, else sent once more or
left unknown. Nobody else sends out of a chunk that is held.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from notifier import gateways, outcomes
from notifier.composing import Composer, Row
from notifier.message import Accepted, Outcome, Unknown
from notifier.models import Chunk, Delivery
from notifier.outcomes import Result
from notifier.verdicts import lost
from trust import clock

logger = logging.getLogger(__name__)

State = Delivery.State
LOOK_S = 2.0  # for one turn; who was not looked for by then stays on the wire for the next
FIELDS = ("pk", "person", "language", "address", "attempts", "lost_answers", "alias")


@dataclass(frozen=True, slots=True)
class Left:
    """One message of which nobody knows, and the gateway it went by."""

    row: Row
    alias: str


def recover(chunk: Chunk) -> None:
    """Settle the messages a dead worker marked and never wrote about."""
    found = chunk.deliveries().filter(state=State.SENDING).order_by("pk").values_list(*FIELDS)
    left = [
        Left(Row(pk, person, language, bytes(address), attempts, lost_answers), alias)
        for pk, person, language, address, attempts, lost_answers, alias in found
    ]
    if not left:
        return
    wanted = chunk.batch.is_wanted(clock.now())
    answers = _looked_for(chunk, left) if wanted else {}
    with transaction.atomic():
        batch, at = chunk.batch.hold(), clock.now()
        wanted = batch.is_wanted(at)
        results = [_result(chunk, one, answers, at, wanted=wanted) for one in left]
        outcomes.write([result for result in results if result is not None], at)


def _looked_for(chunk: Chunk, left: list[Left]) -> dict[int, Outcome | None]:
    """What providers that can be asked say of each message: taken, absent (None), or not to be found out."""
    until, composer = time.monotonic() + LOOK_S, Composer(chunk.batch)
    answers: dict[int, Outcome | None] = {}
    for one in left:
        gateway = gateways.open_gateway(one.alias, exercise=chunk.batch.exercise)
        if gateway is None or not gateway.backend.can_read_back or not composer.texts:
            continue
        if answers and time.monotonic() >= until:
            break
        message = composer.messages([one.row]).get(one.row.id)
        try:
            answers[one.row.id] = gateway.backend.read_back(message) if message else Unknown("unreadable")
        except Exception:
            logger.exception("%s: reading back broke", one.alias)
            answers[one.row.id] = Unknown("backend_broke")
    return answers


def _result(
    chunk: Chunk, one: Left, answers: dict[int, Outcome | None], at: datetime, *, wanted: bool
) -> Result | None:
    row = one.row
    gateway = gateways.open_gateway(one.alias, exercise=chunk.batch.exercise)
    answer = answers.get(row.id, Unknown("not_asked"))
    if isinstance(answer, Accepted):
        return Result(row.id, State.ACCEPTED, answer.provider_id)
    if gateway is None or not wanted:
        return lost(row.id, row.lost_answers, at, again=False)
    if gateway.backend.can_read_back:
        if row.id not in answers:
            return None
        # Absent: a lease has run out since it was sent, and the provider lists what it took.
        return lost(row.id, row.lost_answers, at, again=answer is None)
    return lost(row.id, row.lost_answers, at, again=gateway.backend.resend_unknown)
