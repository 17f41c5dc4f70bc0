"""A tip that waits past its limit rises: to a superior, then to the next one, each rise in the log.

No tip stays unread past its limit without such a line, however many come at once: lines are written for each,
calls are made once for a unit and ten minutes.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import page
from tips import clocks
from tips.models import Tip, unit_for_tips
from trust import audit, clock, duty
from trust.models import Officer, Unit

AGAIN_AFTER = timedelta(minutes=10)
RISES = 6  # an hour of calls; the tip then stands red on every home page of the unit
SLICE = 100  # tips of one transaction
BUDGET_S = 4.0
SEVERAL = "tips_wait"
page.SAID.update(
    {
        "tip_look": _("Nobody has read a tip in time"),
        "tip_decide": _("Nobody has decided about a tip in time"),
        "tip_taken": _("Nobody has said that they have a tip that was handed over"),
        SEVERAL: _("Several tips wait past their limit, among them"),
    }
)

_SAID = {clocks.LOOK: "tip_look", clocks.DECIDE: "tip_decide", clocks.HANDED: "tip_taken"}


def rise_due(*, budget_s: float = BUDGET_S) -> int:
    """Let every tip past a limit rise by one step for each ten minutes; return how many rises were logged.

    Stops within its budget of seconds: the next sweep goes on where it stopped.
    """
    began, risen = time.monotonic(), 0
    clocks.tighten(clock.now())
    while time.monotonic() - began < budget_s:
        count = _rise_some(clock.now())
        risen += count
        if not count:
            break
    return risen


def people_for(unit: Unit, at: datetime) -> list[Officer]:
    """Return whom a late tip rises to, in order: those who sign for the agency, then the unit's ladder."""
    once = {one.pk: one for one in [*duty.approvers(unit, at), *duty.ladder(unit, at)]}
    return list(once.values())


def _rise_some(now: datetime) -> int:
    with transaction.atomic():
        rows: list[Any] = list(_due(now)[:SLICE])
        risen = [row for row in rows if _step(row, now)]
        groups: dict[tuple[Any, str, int], list[Any]] = {}
        for row in risen:
            groups.setdefault((_unit_of(row), row.clock, row.level), []).append(row)
        for (unit, name, level), tips in groups.items():
            _call(unit, name, level, tips[0], now)
    return len(risen)


def _due(now: datetime) -> Any:
    """Return the overdue tips whose next step has come."""
    late = clocks.with_clocks(Tip.objects.all(), now)
    steps = Q()
    for level in range(RISES):
        steps |= Q(level=level, overdue_since__lte=now - level * AGAIN_AFTER)
    return (
        late.filter(steps).select_related(None).only("reference", "state", "level", "unit_id", "handed_to_id")
    )


def _step(row: Any, now: datetime) -> bool:
    """Note the rise, once however many workers sweep; a step that was missed is not made up for."""
    level = min(1 + (now - row.overdue_since) // AGAIN_AFTER, RISES)
    same = Tip.objects.filter(pk=row.pk, state=row.state, level=row.level)
    if same.update(level=level) != 1:
        return False
    before, row.level = row.level, level
    audit.record("tip.risen", row, reason=row.clock, before=str(before), after=str(level))
    return True


def _unit_of(row: Any) -> Any:
    """Return the unit that owes the next act: the one it was handed to, its own, else whoever takes tips."""
    handed = row.handed_to_id if row.clock == clocks.HANDED else None
    return handed or row.unit_id or unit_for_tips()


def _call(unit_id: Any, name: str, level: int, tip: Tip, now: datetime) -> None:
    """Call the superior whose turn it is, for all late tips of the unit together, once in ten minutes."""
    unit = Unit.objects.select_related("agency").filter(pk=unit_id).first()
    if unit is None:
        return
    window = int(now.timestamp()) // int(AGAIN_AFTER.total_seconds())
    subject = uuid5(unit.pk, f"late tips:{name}:{level}:{window}")
    if page.is_said(subject):
        return
    people = people_for(unit, now)
    turn = (level - 1) % len(people) if people else 0
    late = clocks.with_clocks(Tip.objects.filter(unit=unit.pk), now)[:2].count()
    code = SEVERAL if late > 1 else _SAID[name]
    for officer in (*people[turn:], *people[:turn]):
        if page.call_about(officer, tip.reference, tip.pk, subject, code):
            return
