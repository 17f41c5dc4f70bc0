"""What somebody tells the unit by way of the thread becomes a task there, and a page where it cannot wait."""

from __future__ import annotations

from datetime import datetime

from cases.models import Case
from cases.page import page
from cases.thread import say
from trust.models import Task


def owe(case: Case, kind: str, *, said: str, due_at: datetime, paged: str = "") -> Task:
    """Open a task on the case that is worked on, answer in the reporter's own thread, page the owner.

    said: a code of thread.SAID; paged: one of page.SAID. While the task is open, a second time does nothing.
    """
    standing, told_by = case.standing, case.as_joined
    running = Task.objects.still_open().filter(kind=kind, subject=standing.pk, detail_code=told_by).first()
    if running:
        return running
    task = Task.open(
        kind, standing.pk, subject_kind="case", unit=standing.unit, owner=standing.owner,
        detail_code=told_by, due_at=due_at,
    )  # fmt: skip
    say(case.pk, said)
    if paged:
        page(standing, task.pk, paged)
    return task
