"""A case on the officers' home page, and on its own page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case as Choice
from django.db.models import Count, F, IntegerField, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases import checking, sightings, verification
from cases.models import Case, CaseState, FiledHow, PlaceCheck, Sighting
from cases.sheet.timeline import Event
from cases.sheet.words import language
from cases.thread import WAITS
from geo.shapes import Area, Circle
from geo.svg import Spot, svg_map
from trust import desk, duty
from trust.desk import Item, Queue
from trust.models import Officer, Task
from trust.owed import Owed

NEW = "new_report"  # the task of a report that nobody has taken
LIST_URL = "admin:cases_case_changelist"
SPOKEN_WITHIN = ACCEPTED_WITHIN = timedelta(minutes=15)
CHECKED_WITHIN = timedelta(hours=1)  # the first named place
# A case is wide and sealed: a list reads what it shows.
LISTED = (
    "reference", "state", "unit", "conflict", "doubts", "filed_how", "spoken_at", "received_at",
    "unit__names", "unit__code",
)  # fmt: skip
MAP_RADIUS_M = 3_000.0  # drawn round the last place seen when the family gave no error
SEEN_RADIUS_M = 200.0  # drawn round a sighting whose point came without an error


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


def queues(officer: Officer, now: datetime, owed: Owed) -> list[Queue]:
    """Return the case queues of the home page (two queries; a third for who has places to check)."""
    families, families_count = owed.of(WAITS) if officer.has_perm("cases.change_case") else ([], 0)
    checks, checks_count = owed.of(checking.KIND, mine=True) if officer.has_perm(checking.RIGHT) else ([], 0)
    rows = _rows(officer, [task.subject for task in (*families[: desk.SHOWN], *checks[: desk.SHOWN])])
    cases = {case.pk: case for case in rows}
    made = []
    if officer.has_perm(duty.ACCEPT):
        listed = "?state__exact=received"
        made.append(_queue(_("New reports"), _part(rows, "is_new"), _("No report waits."), listed, now))
    if officer.has_perm(duty.HOLD):
        held = _part(rows, "is_held")
        made.append(_queue(_("My cases"), held, _("You hold no open case."), "", now, escalate=False))
    if officer.has_perm("cases.change_case"):
        told = _of_tasks(families, cases, "#thread", now)
        empty = _("No family waits.")
        made.append(_tasks(_("Families wait for an answer"), told, empty, families_count))
    if officer.has_perm(checking.RIGHT):
        told = _of_tasks(checks, cases, "#places", now, _ways(checks))
        made.append(_tasks(_("Places for me to check"), told, _("No place waits for you."), checks_count))
    return made


def shown_kinds(officer: Officer) -> set[str]:
    """Return the kinds of tasks that the queues above say whole."""
    new = {NEW} if officer.has_perm(duty.ACCEPT) else set()
    return {*new, WAITS} if officer.has_perm("cases.change_case") else new


def own_kinds(officer: Officer) -> set[str]:
    """Return the kinds of tasks of which the queues above say the officer's own."""
    return {checking.KIND} if officer.has_perm(checking.RIGHT) else set()


def _rows(officer: Officer, named: Iterable[UUID]) -> list[Any]:
    """Return the oldest new reports, the oldest cases the officer holds, and those named (one query).

    Each row says of its group how many there are (`among`), and which group it is of.
    """
    flags = {"is_new": _is_new(officer), "is_held": _is_held(officer), "is_named": Q(pk__in=list(named))}
    wanted = Q()
    for flag in flags.values():
        wanted |= flag
    group: dict[str, Any] = {"partition_by": [F(name) for name in flags]}
    rows = Case.objects.filter(wanted).select_related("unit").only(*LISTED)
    rows = rows.annotate(**{name: _flag(flag) for name, flag in flags.items()}).annotate(
        among=Window(Count("pk"), **group),
        place=Window(RowNumber(), order_by=F("received_at").asc(), **group),
    )
    shown = rows.filter(Q(place__lte=desk.SHOWN) | Q(is_named=1)).order_by()
    return sorted(shown, key=lambda case: case.received_at)


def _is_new(officer: Officer) -> Q:
    if not officer.has_perm(duty.ACCEPT):
        return Q(pk__in=())
    return Q(Case.objects.scope(officer), state=CaseState.RECEIVED)


def _is_held(officer: Officer) -> Q:
    """Ask for what the officer holds and works on; of another unit also for what nobody took yet."""
    if not officer.has_perm(duty.HOLD):
        return Q(pk__in=())
    elsewhere = ~Q(unit=officer.unit) & Q(state=CaseState.RECEIVED)
    return Q(Q(state__in=(CaseState.REVIEW, CaseState.OPEN)) | elsewhere, owner=officer)


def _flag(asked: Q) -> Choice:
    return Choice(When(asked, then=Value(1)), default=Value(0), output_field=IntegerField())


def _part(rows: Iterable[Any], flag: str) -> tuple[list[Any], int]:
    """Return the rows of a queue, and how many cases it holds."""
    part = [case for case in rows if getattr(case, flag)]
    groups = {(case.is_new, case.is_held, case.is_named): case.among for case in part}
    return part[: desk.SHOWN], sum(groups.values())


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
    title: str,
    part: tuple[list[Any], int],
    empty_text: str,
    query: str,
    now: datetime,
    *,
    escalate: bool = True,
) -> Queue:
    cases, count = part
    items = [
        Item(
            case.reference,
            page_url(case),
            _(", ").join([str(case.unit), *marks(case)]),
            desk.age(case.received_at, now),
            desk.level(case.received_at, now) if escalate else "",
        )
        for case in cases
    ]
    return Queue(title, items, empty_text, reverse(LIST_URL) + query, count)


def _ways(checks: list[Task]) -> dict[str, str]:
    """Return how each place is to be checked, by the task's detail (one query where there are any)."""
    keys = [task.detail_code for task in checks[: desk.SHOWN]]
    rows = PlaceCheck.objects.filter(pk__in=keys).only("how") if keys else ()
    return {str(row.pk): row.get_how_display() for row in rows}


def _of_tasks(
    tasks: list[Task],
    cases: Mapping[UUID, Case],
    anchor: str,
    now: datetime,
    details: Mapping[str, str] | None = None,
) -> list[Item]:
    return [
        Item(
            cases[task.subject].reference,
            page_url(cases[task.subject]) + anchor,
            (details or {}).get(task.detail_code) or str(cases[task.subject].unit),
            desk.age(task.created_at, now),
            "danger" if task.due_at and task.due_at <= now else desk.level(task.created_at, now),
        )
        for task in tasks[: desk.SHOWN]
        if task.subject in cases
    ]


def _tasks(title: str, items: list[Item], empty_text: str, count: int) -> Queue:
    return Queue(title, items, empty_text, reverse("admin:trust_task_changelist"), max(count, len(items)))


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


def last_seen_map(case: Case, sighted: Iterable[Sighting] = ()) -> SafeString | None:
    """Return the place last seen, and by number where the child was seen since; None without a point."""
    last, country = case.last_seen_point, settings.COUNTRY
    since = sightings.numbered(sighted)
    if last is None and not since:
        return None
    circles = [Circle(last, float(case.last_seen_error_m or MAP_RADIUS_M))] if last else []
    circles += [Circle(point, float(row.error_m or SEEN_RADIUS_M)) for row, point in since]
    title = _("Where the child was last seen, and since") if since else _("Where the child was last seen")
    drawn = svg_map(
        Area(tuple(circles)),
        last,
        country.outlines,
        title=title,
        gazetteer=country.gazetteer,
        spots=[Spot(point, str(number)) for number, (_row, point) in enumerate(since, 1)],
        language=language(),
    )
    return mark_safe(drawn)  # noqa: S308  drawn by geo.svg, which escapes every name
