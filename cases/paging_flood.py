"""Many doubtful reports at once call their unit together: a flood may not wear out the officer on duty.

Only calls are gathered. Every report keeps its task and its place in the queue, and one without doubts calls
at once, in the middle of a flood too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Q

from cases.models import Case, CaseState
from trust import clock

DOUBTS = frozenset({"no_work", "bad_work", "crowded_network"})  # codes of cases.doubts that a flood carries
EACH = 5  # that still call one by one: a bad hour of a whole region brings no more without script
WITHIN = timedelta(minutes=10)
WAITING_WITHIN = timedelta(hours=2)  # those that waited longer are called for no more: see cases.waiting
SEVERAL = "several_reports"


def gather(case: Case, subject: UUID, code: str) -> tuple[UUID, str]:
    """Return what to call about: subject and code as given, or what stands for several reports of the unit.

    Several are more than EACH doubtful ones arrived WITHIN, or, where the call is a second one, still waiting
    for somebody to take them. They have one subject in WITHIN, so that each officer is called once for it.
    At the edge of two such windows that is twice. Costs a query for a doubtful report, none for others.
    """
    if code not in _NUMBERED or not DOUBTS & set(case.doubts):
        return subject, code
    now = clock.now()
    others = (
        Case.objects.filter(unit=case.unit_id).filter(_NUMBERED[code](now)).values_list("doubts", flat=True)
    )
    if sum(1 for doubts in others if DOUBTS & set(doubts)) <= EACH:
        return subject, code
    window = int(now.timestamp()) // int(WITHIN.total_seconds())
    return uuid5(case.unit_id, f"several:{window}"), SEVERAL


def _just_arrived(now: datetime) -> Q:
    return Q(received_at__gt=now - WITHIN)


def _still_waiting(now: datetime) -> Q:
    return Q(state=CaseState.RECEIVED, received_at__gt=now - WAITING_WITHIN)


_NUMBERED: Mapping[str, Callable[[datetime], Q]] = {
    "new_report": _just_arrived,
    "new_report_waits": _still_waiting,
}
