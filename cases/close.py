"""An officer closes a case."""

from __future__ import annotations

from django.db import transaction

from cases import vocabulary
from cases.accept import open_file
from cases.models import Case, CaseState, MoveRefused
from cases.signals import case_closed
from cases.thread import say
from trust.models import Officer


def close(case: Case, officer: Officer, outcome: str, reason: str = "") -> None:
    """Move to CLOSED(outcome) and tell those above in the same transaction (signal case_closed).

    A case under review closes as unfounded directly, with any other outcome by way of OPEN. Raise
    MoveRefused: unknown_outcome, or as Case.move says.
    """
    if not vocabulary.has("outcome", outcome):
        raise MoveRefused("unknown_outcome", outcome)
    with transaction.atomic():
        if case.state == CaseState.REVIEW and outcome != "unfounded":
            open_file(case, officer)
        case.move(CaseState.CLOSED, actor=officer, outcome=outcome)
        case.keep_reason(reason)
        say(case.pk, "closed")
        case_closed.send(sender=Case, case=case, outcome=outcome, officer=officer)


def reopen(case: Case, officer: Officer, reason: str) -> None:
    """Move CLOSED back to OPEN within 24 hours; raise MoveRefused("too_late") after."""
    with transaction.atomic():
        case.move(CaseState.OPEN, actor=officer)
        case.keep_reason(reason)
        say(case.pk, "opened")
