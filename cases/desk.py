"""A case on the officers' home page, and on its own page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases import checking, verification
from cases.models import Case, CaseState, FiledHow, PlaceCheck
from cases.sheet.timeline import Event
from cases.sheet.words import language
from cases.thread import WAITS
from geo.shapes import Area, Circle
from geo.svg import svg_map
from trust import clock, desk, duty
from trust.desk import Item, Queue
from trust.models import Officer, Task

LIST_URL = "admin:cases_case_changelist"
SPOKEN_WITHIN = ACCEPTED_WITHIN = timedelta(minutes=15)
CHECKED_WITHIN = timedelta(hours=1)  # the first named place
MAP_RADIUS_M = 3_000.0  # drawn round the last place seen when the family gave no error


@dataclass(frozen=True)
class Clock:
    """Hold one of the times a case is judged by; `late` when it came too late, or should have come."""

    name: str
    at: datetime | None
    late: bool = False
    took: timedelta | None = None  # since the clock before it


@dataclass(frozen=True)
class Panel:
    """Hold what a package above shows on the page of a case."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    clocks: tuple[Clock, ...] = ()
    events: tuple[Event, ...] = ()


# Called with a case and the officer who looks; the packages above append theirs.
PANELS: list[Callable[[Case, Officer], Panel | None]] = []


def panels(case: Case, officer: Officer) -> list[Panel]:
    made = (panel(case, officer) for panel in PANELS)
    return [panel for panel in made if panel is not None]


def page_url(case: Case) -> str:
    return reverse("admin:cases_case_change", args=[case.pk])


def queues(officer: Officer) -> list[Queue]:
    """Return the case queues of the home page (three queries a queue at most)."""
    now = clock.now()
    made = []
    if officer.has_perm(duty.ACCEPT):
        new = Case.objects.for_officer(officer).filter(state=CaseState.RECEIVED)
        listed = "?state__exact=received"
        made.append(_queue(_("New reports"), new, _("No report waits."), listed, now))
    if officer.has_perm(duty.HOLD):
        own = _queue(_("My cases"), _held_by(officer), _("You hold no open case."), "", now, escalate=False)
        made.append(own)
    if officer.has_perm("cases.change_case"):
        made.append(_families(officer, now))
    if officer.has_perm(checking.RIGHT):
        made.append(_checks(officer, now))
    return made


def _held_by(officer: Officer) -> QuerySet[Case]:
    """Return what the officer holds and works on; of another unit also what nobody took yet."""
    elsewhere = ~Q(unit=officer.unit) & Q(state=CaseState.RECEIVED)
    return Case.objects.filter(Q(state__in=(CaseState.REVIEW, CaseState.OPEN)) | elsewhere, owner=officer)


def marks(case: Case) -> list[str]:
    """Return what makes a case stand out in a list, loudest first."""
    is_unverified = case.is_open and case.spoken_at is None and case.filed_how != FiledHow.PRESENT
    said = [
        _("conflict") if case.conflict else "",
        _("doubts") if case.doubts else "",
        _("not verified") if is_unverified else "",
        _("no formal complaint yet") if case.is_open and case.lacks_complaint else "",
    ]
    return [word for word in said if word]


def _queue(
    title: str, cases: QuerySet[Case], empty_text: str, query: str, now: datetime, *, escalate: bool = True
) -> Queue:
    rows = cases.select_related("unit").order_by("received_at")
    items = [
        Item(
            case.reference,
            page_url(case),
            _(", ").join([str(case.unit), *marks(case)]),
            desk.age(case.received_at, now),
            desk.level(case.received_at, now) if escalate else "",
        )
        for case in rows[: desk.SHOWN]
    ]
    count = cases.count() if len(items) == desk.SHOWN else len(items)
    return Queue(title, items, empty_text, reverse(LIST_URL) + query, count)


def _families(officer: Officer, now: datetime) -> Queue:
    """Return the families whose oldest message nobody answered (two queries)."""
    waits = Task.objects.for_officer(officer).still_open().filter(kind=WAITS).order_by("created_at")
    return _of_tasks(_("Families wait for an answer"), waits, _("No family waits."), "#thread", now)


def _checks(officer: Officer, now: datetime) -> Queue:
    """Return the places that the officer is to check, the soonest due first (three queries)."""
    owed = Task.objects.for_officer(officer).still_open().filter(kind=checking.KIND, owner=officer)
    owed = owed.order_by("due_at")
    keys = [task.detail_code for task in owed[: desk.SHOWN]]
    how = {str(row.pk): row.get_how_display() for row in PlaceCheck.objects.filter(pk__in=keys)}
    return _of_tasks(_("Places for me to check"), owed, _("No place waits for you."), "#places", now, how)


def _of_tasks(
    title: str,
    owed: QuerySet[Task],
    empty_text: str,
    anchor: str,
    now: datetime,
    details: Mapping[str, str] | None = None,
) -> Queue:
    tasks = list(owed[: desk.SHOWN])
    cases = Case.objects.select_related("unit").in_bulk([task.subject for task in tasks])
    items = [
        Item(
            cases[task.subject].reference,
            page_url(cases[task.subject]) + anchor,
            (details or {}).get(task.detail_code) or str(cases[task.subject].unit),
            desk.age(task.created_at, now),
            "danger" if task.due_at and task.due_at <= now else desk.level(task.created_at, now),
        )
        for task in tasks
        if task.subject in cases
    ]
    count = owed.count() if len(tasks) == desk.SHOWN else len(items)
    return Queue(title, items, empty_text, reverse("admin:trust_task_changelist"), count)


def clocks(case: Case, shown: list[Panel], checked_at: datetime | None, now: datetime) -> list[Clock]:
    """Return the clocks of the case in the order they should come, each with how long it took."""
    came = case.received_at
    spoken_at = verification.spoken_at(case)
    lines = [
        Clock(_("Last seen"), case.last_seen_at),
        Clock(_("Reported"), case.reported_at),
        Clock(_("Spoken with the family"), spoken_at, _is_late(case, spoken_at, came, SPOKEN_WITHIN, now)),
        Clock(_("Accepted"), case.accepted_at, _is_late(case, case.accepted_at, came, ACCEPTED_WITHIN, now)),
        *(line for panel in shown for line in panel.clocks),
        Clock(_("First place checked"), checked_at, _is_late(case, checked_at, came, CHECKED_WITHIN, now)),
        *([Clock(_("Closed"), case.closed_at)] if case.closed_at else []),
    ]
    return list(_with_durations(lines))


def _is_late(case: Case, at: datetime | None, since: datetime, within: timedelta, now: datetime) -> bool:
    return (at or (now if case.is_open else since)) - since > within


def _with_durations(lines: Iterable[Clock]) -> Iterator[Clock]:
    """Yield the clocks with the time since the last one before them that had come by then."""
    before: datetime | None = None
    for line in lines:
        took = line.at - before if line.at and before and line.at >= before else None
        yield replace(line, took=took)
        before = max(filter(None, (before, line.at)), default=None)


def duration(took: timedelta | None) -> str:
    """Return a duration in words: "12 min", "3 h 5 min", "2 d 4 h"; "" for none."""
    if took is None:
        return ""
    minutes = round(took.total_seconds() / 60)
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    days, hours = divmod(hours, 24)
    return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}


def last_seen_map(case: Case) -> SafeString | None:
    """Return the place last seen over the outlines; None where there are only words."""
    point = case.last_seen_point
    if point is None:
        return None
    country = settings.COUNTRY
    radius_m = float(case.last_seen_error_m or MAP_RADIUS_M)
    drawn = svg_map(
        Area((Circle(point, radius_m),)),
        point,
        country.outlines,
        title=_("Where the child was last seen"),
        gazetteer=country.gazetteer,
        language=language(),
    )
    return mark_safe(drawn)  # noqa: S308  drawn by geo.svg, which escapes every name
