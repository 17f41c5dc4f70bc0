"""What an officer's unit owes, for the queues of the home page: counted and listed by one query."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from trust.models import Officer, Task

Group = tuple[str, bool]  # a kind, and whether the reader owns it


@dataclass(frozen=True)
class Owed:
    """Hold the open tasks of each kind that are due first, and how many there are."""

    tasks: tuple[Task, ...]
    counts: Mapping[Group, int]

    def of(self, *kinds: str, mine: bool | None = None) -> tuple[list[Task], int]:
        """Return the tasks of these kinds, of all without one, the soonest due first, and how many there are.

        No more than those of a queue are listed. mine: the reader's own, or all but those.
        """
        wanted = {
            group
            for group in self.counts
            if (not kinds or group[0] in kinds) and (mine is None or group[1] == mine)
        }
        listed = [task for task in self.tasks if _group(task) in wanted]
        return listed, sum(self.counts[group] for group in wanted)

    def without(self, kinds: Collection[str], own: Collection[str] = ()) -> Owed:
        """Return what is left where other queues show these kinds, and of `own` the reader's."""
        kept = {
            group: count
            for group, count in self.counts.items()
            if group[0] not in kinds and (not group[1] or group[0] not in own)
        }
        return Owed(self.tasks, kept)


def owed(officer: Officer, most: int) -> Owed:
    """Return what is owed in the officer's scope, the `most` soonest due of each kind (one query).

    What has no due time counts as due when it was opened.
    """
    groups: dict[str, Any] = {"partition_by": [F("kind"), F("mine")]}
    own = Case(When(owner=officer.pk, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows: Any = Task.objects.for_officer(officer).still_open().select_related("unit")
    rows = rows.annotate(mine=own, since=Coalesce("due_at", "created_at")).annotate(
        among=Window(Count("pk"), **groups),
        place=Window(RowNumber(), order_by=[F("since").asc(), F("created_at").asc()], **groups),
    )
    tasks = sorted(rows.filter(place__lte=most).order_by(), key=lambda task: (task.since, task.created_at))
    return Owed(tuple(tasks), {_group(task): task.among for task in tasks})


def _group(task: Any) -> Group:
    return task.kind, bool(task.mine)
