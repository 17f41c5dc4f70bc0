"""An officer takes a report, and opens the file."""

from __future__ import annotations

from django.db import transaction

from cases.models import Case, CaseState
from cases.thread import say
from cases.waiting import report_calls
from notifier import outbox
from trust import clock
from trust.models import Officer, Task


def accept(case: Case, officer: Officer) -> None:
    """Move RECEIVED to REVIEW: the officer owns the case from now on, the family sees it in the thread.

    Calls about it that have not left yet are withdrawn. Raise MoveRefused when somebody else was first.
    """
    with transaction.atomic():
        case.move(CaseState.REVIEW, actor=officer, values={"owner": officer, "owned_at": clock.now()})
        for task in Task.objects.still_open().filter(subject=case.pk, kind="new_report"):
            task.finish("accepted", by=officer)
        outbox.stop(report_calls(case.pk))
        say(case.pk, "accepted")


def open_file(case: Case, officer: Officer) -> None:
    """Move REVIEW to OPEN: a child is missing and is being looked for. Does nothing to an open case."""
    if case.state == CaseState.OPEN:
        return
    with transaction.atomic():
        case.move(CaseState.OPEN, actor=officer)
        say(case.pk, "opened")
