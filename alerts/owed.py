"""What a person owes about who was told by hand: one open task, the case's owner's, until confirmed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models

from alerts.permission import demand
from alerts.refusals import IssueRefused
from cases.models import Case
from trust import clock
from trust.models import Officer, Task

RIGHT = "alerts.record_answer"
MOST_LETTERS = 80
AHEAD = timedelta(minutes=2)  # a clock on a wall may be a little fast


def owe(kind: str, row: models.Model, case: Case, within: timedelta) -> Task:
    return Task.open(
        kind, row.pk, subject_kind=row._meta.model_name or "", unit=case.unit, owner=case.owner,
        due_at=clock.now() + within,
    )  # fmt: skip


def settle(kind: str, subject: UUID, result: str, by: Officer | None = None) -> None:
    for task in Task.objects.still_open().filter(kind=kind, subject=subject):
        task.finish(result, by=by)


def open_tasks(subjects: Collection[UUID]) -> dict[UUID, UUID]:
    """Return {subject: its open task} (one query)."""
    owed = Task.objects.still_open().filter(subject__in=list(subjects))
    return dict(owed.values_list("subject", "pk"))


def follow_owners(model: type[models.Model], kinds: Collection[str]) -> None:
    """Give the open tasks of these kinds to whoever holds the case now (two queries, and one a change)."""
    owed = list(Task.objects.still_open().filter(kind__in=list(kinds)))
    rows = model._default_manager.filter(pk__in=[task.subject for task in owed])
    owners = dict(rows.values_list("pk", "alert__case__owner"))
    for task in owed:
        owner = owners.get(task.subject)
        if owner and owner != task.owner_id:
            Task.objects.still_open().filter(pk=task.pk).update(owner=owner)


def demand_answer(officer: Officer, case: Case) -> None:
    """Raise IssueRefused unless the officer may write down what somebody answered about this case."""
    demand(officer, RIGHT, case)


def name_of(told: str) -> str:
    """Return the name of who answered, on one line. Raise IssueRefused("who")."""
    name = " ".join(told.split())
    if not name or len(name) > MOST_LETTERS:
        raise IssueRefused("who")
    return name


def moment_of(at: datetime | None, since: datetime) -> datetime:
    """Return when it was answered, now where it is not said. Raise IssueRefused("when")."""
    now = clock.now()
    if at is None:
        return now
    if at > now + AHEAD or at < since.replace(second=0, microsecond=0):
        raise IssueRefused("when")
    return min(at, now)
