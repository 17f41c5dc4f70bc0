"""The family says that the child is home: somebody must check, nothing closes by itself."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from cases.models import Case
from cases.unit_task import owe
from trust import audit, clock
from trust.models import Task

TASK = "child_home"
CHECK_WITHIN = timedelta(minutes=15)


def report_home(case: Case) -> Task:
    """Open a task for the unit and page the owner; saying it again while it is open changes nothing."""
    with transaction.atomic():
        said = "unit_told" if Case.hold(case.pk).conflict else "home_reported"
        audit.record("case.home_reported", case)
        return owe(case, TASK, said=said, paged="home_reported", due_at=clock.now() + CHECK_WITHIN)
