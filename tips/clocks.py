"""The clocks of a tip: the first human look, the decision, the answer of whom it was handed to.

One clock runs at a time, by the tip's state. What is past its limit is overdue, and rises (tips.rising).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from alerts.models import Alert
from tips.models import Tip
from tips.triage import DANGER_LIMIT
from trust import clock
from trust.models import Officer

LOOK, DECIDE, HANDED = "look", "decide", "handed"


@dataclass(frozen=True)
class Overdue:
    """Hold a tip past a limit: which clock ("look", "decide", "handed"), and since when."""

    tip: Tip
    clock: str
    since: datetime


def look_due(tip: Tip) -> datetime:
    """Return by when a person must have read the tip; never later than was said before (a query at most)."""
    is_urgent = tip.guess in (Tip.Guess.REPORT, Tip.Guess.THREAT) or tip.danger >= DANGER_LIMIT
    within = (
        _live() if is_urgent or Alert.objects.live().exists() else timedelta(minutes=settings.TIP_LOOK_MIN)
    )
    due = tip.received_at + within
    return min(due, tip.look_due_at) if tip.look_due_at else due


def tighten(now: datetime) -> int:
    """Shorten the first look's clock of tips that came before an alert went live; return how many."""
    if not Alert.objects.live().exists():
        return 0
    due = now + _live()
    return Tip.objects.filter(state=Tip.State.NEW, look_due_at__gt=due).update(look_due_at=due)


def running(now: datetime) -> Mapping[str, Q]:
    """Return what each clock finds past its limit at this moment."""
    return {
        LOOK: Q(state=Tip.State.NEW, look_due_at__lte=now),
        DECIDE: Q(state=Tip.State.SEEN, waits_since__lte=now - timedelta(minutes=settings.TIP_DECIDE_MIN)),
        HANDED: Q(
            state=Tip.State.HANDED_OVER, acknowledged_at=None,
            handed_at__lte=now - timedelta(minutes=settings.TIP_HANDED_MIN),
        ),
    }  # fmt: skip


def with_clocks(rows: QuerySet[Tip], now: datetime) -> QuerySet[Tip]:
    """Keep what is past a limit, each row with its `clock` and `overdue_since`, the longest first."""
    late = running(now)
    since: dict[str, Any] = {
        LOOK: F("look_due_at"),
        DECIDE: _later("waits_since", settings.TIP_DECIDE_MIN),
        HANDED: _later("handed_at", settings.TIP_HANDED_MIN),
    }
    # A question to the witness starts the clock of the decision anew.
    found = rows.annotate(waits_since=Coalesce("question_at", "state_at"))
    found = found.filter(late[LOOK] | late[DECIDE] | late[HANDED])
    names = Case(*(When(asked, then=Value(name)) for name, asked in late.items()), output_field=CharField())
    hours = Case(
        *(When(asked, then=since[name]) for name, asked in late.items()), output_field=DateTimeField()
    )
    return found.annotate(clock=names, overdue_since=hours).order_by("overdue_since", "pk")


def overdue(officer: Officer, now: datetime | None = None, *, most: int = 5) -> tuple[list[Overdue], int]:
    """Return the tips in the officer's scope past a limit, the longest first, and how many (two queries)."""
    if not officer.has_perm("tips.view_tip"):
        return [], 0
    mine = Tip.objects.filter(Tip.objects.scope(officer) | Q(handed_to=officer.unit_id)).distinct()
    late = with_clocks(mine, now or clock.now())
    rows: list[Any] = list(late.only("reference", "state", "unit_id", "level", "received_at")[: most + 1])
    count = late.count() if len(rows) > most else len(rows)
    return [Overdue(row, row.clock, row.overdue_since) for row in rows[:most]], count


def _live() -> timedelta:
    return timedelta(minutes=settings.TIP_LOOK_LIVE_MIN)


def _later(field: str, minutes: int) -> Any:
    return ExpressionWrapper(F(field) + timedelta(minutes=minutes), output_field=DateTimeField())
