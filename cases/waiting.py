"""What waits for a person is said again, and then to the next one, until somebody acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from cases import paging_flood
from cases.models import Case, CaseState, Transfer
from cases.page import call, is_said, step_of
from cases.transfer import call_off
from trust import clock, duty
from trust.models import Officer, Unit

AGAIN_AFTER = timedelta(minutes=5)
ANSWER_AGAIN_AFTER = timedelta(minutes=10)
ROUNDS = 24  # two hours of calls; the report then stands red on every home page of the unit


def page_waiting() -> None:
    """Call for every report that nobody took and every transfer that nobody answered."""
    now = clock.now()
    reports = Case.objects.filter(state=CaseState.RECEIVED, received_at__lte=now - AGAIN_AFTER)
    reports = reports.filter(received_at__gt=now - (ROUNDS + 1) * AGAIN_AFTER).order_by("received_at")
    for pk in list(reports.values_list("pk", flat=True)):
        page_report(pk)
    for transfer in list(Transfer.objects.waiting()):
        page_transfer(transfer.pk)


def report_calls(pk: UUID) -> list[UUID]:
    """Return what calls about a new report may be about: its arrival, and every round after it."""
    return [pk, *(step_of(pk, f"again:{step}") for step in range(1, ROUNDS + 1))]


def page_report(pk: UUID) -> int:
    """Call for a report still not taken; return how many messages were queued.

    After five minutes the duty officer a second time, after ten the next one, and so on down the ladder,
    over and over. A round that was missed is not made up for.
    """
    with transaction.atomic():
        case, now = Case.hold(pk), clock.now()
        step = (now - case.received_at) // AGAIN_AFTER
        if case.pk != pk or case.state != CaseState.RECEIVED or not 1 <= step <= ROUNDS:
            return 0
        people = _from(case.unit, now, step - 1)
        said, code = paging_flood.gather(case, step_of(pk, f"again:{step}"), "new_report_waits")
        return _call_one(case, said, code, people)


def page_transfer(pk: UUID) -> int:
    """Call the next person of the unit that was asked, each ten minutes; a question falls with its case."""
    transfer = Transfer.objects.select_related("case", "to_unit").get(pk=pk)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=transfer.case_id)
        transfer.refresh_from_db()
        if transfer.outcome != Transfer.Outcome.OPEN:
            return 0
        if not case.is_open:
            call_off(transfer, None)
            return 0
        now = clock.now()
        step = (now - transfer.asked_at) // ANSWER_AGAIN_AFTER
        if not 1 <= step <= ROUNDS:
            return 0
        people = _from(transfer.to_unit, now, step)
        return _call_one(case, step_of(pk, f"again:{step}"), "transfer_asked", people)


def _call_one(case: Case, said: UUID, code: str, people: list[Officer]) -> int:
    """Call the first one who can be reached; nothing where this round was called already."""
    if is_said(said):
        return 0
    return next((count for officer in people if (count := call(officer, case, said, code))), 0)


def _from(unit: Unit, at: datetime, turn: int) -> list[Officer]:
    """Return the unit's ladder, beginning with whose turn it is."""
    people = duty.ladder(unit, at)
    start = turn % len(people) if people else 0
    return [*people[start:], *people[:start]]
