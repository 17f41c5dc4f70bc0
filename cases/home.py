"""The family says that the child is home: somebody must check, nothing closes by itself."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from cases.models import Case
from cases.page import page
from cases.thread import say
from trust import audit, clock
from trust.models import Task

CHECK_WITHIN = timedelta(minutes=15)


def report_home(case: Case) -> Task:
    """Open a task for the unit and page the owner; saying it again while it is open changes nothing."""
    with transaction.atomic():
        running = Task.objects.still_open().filter(kind="child_home", subject=case.pk).first()
        if running:
            return running
        task = Task.open(
            "child_home", case.pk, subject_kind="case", unit=case.unit, owner=case.owner,
            due_at=clock.now() + CHECK_WITHIN,
        )  # fmt: skip
        audit.record("case.home_reported", case)
        say(case.pk, "home_reported")
        page(case, task.pk, "home_reported")
    return task
