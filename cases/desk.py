"""A case on the officers' home page, and on its own page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases.models import Case, CaseState
from cases.sheet.words import language
from geo.shapes import Area, Circle
from geo.svg import svg_map
from trust import clock, desk
from trust.desk import Item, Queue
from trust.models import Officer

LIST_URL = "admin:cases_case_changelist"
MAP_RADIUS_M = 3_000.0  # drawn round the last place seen when the family gave no error


@dataclass(frozen=True)
class Clock:
    """Hold one of the times a case is judged by; `late` when it has not come and should have."""

    name: str
    at: datetime | None
    late: bool = False


@dataclass(frozen=True)
class Panel:
    """Hold what a package above shows on the page of a case."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    clocks: tuple[Clock, ...] = ()


# Called with a case and the officer who looks; the packages above append theirs.
PANELS: list[Callable[[Case, Officer], Panel | None]] = []


def panels(case: Case, officer: Officer) -> list[Panel]:
    made = (panel(case, officer) for panel in PANELS)
    return [panel for panel in made if panel is not None]


def page_url(case: Case) -> str:
    return reverse("admin:cases_case_change", args=[case.pk])


def queues(officer: Officer) -> list[Queue]:
    """Return the case queues of the home page (three queries a queue at most)."""
    if not officer.has_perm("cases.accept_case"):
        return []
    mine, now = Case.objects.for_officer(officer), clock.now()
    new = mine.filter(state=CaseState.RECEIVED).order_by("received_at")
    own = mine.filter(owner=officer, state__in=(CaseState.REVIEW, CaseState.OPEN)).order_by("received_at")
    return [
        _queue(_("New reports"), new, _("No report waits."), "?state__exact=received", now),
        _queue(_("My cases"), own, _("You hold no open case."), "", now, escalate=False),
    ]


def marks(case: Case) -> list[str]:
    """Return what makes a case stand out in a list, loudest first."""
    said = [
        _("conflict") if case.conflict else "",
        _("doubts") if case.doubts else "",
        _("not verified") if case.is_open and case.spoken_at is None else "",
    ]
    return [word for word in said if word]


def _queue(
    title: str, cases: QuerySet[Case], empty_text: str, query: str, now: datetime, *, escalate: bool = True
) -> Queue:
    items = [
        Item(
            case.reference,
            page_url(case),
            _(", ").join([str(case.unit), *marks(case)]),
            desk.age(case.received_at, now),
            desk.level(case.received_at, now) if escalate else "",
        )
        for case in cases.select_related("unit")[: desk.SHOWN]
    ]
    count = cases.count() if len(items) == desk.SHOWN else len(items)
    return Queue(title, items, empty_text, reverse(LIST_URL) + query, count)


def clocks(case: Case, shown: list[Panel], now: datetime) -> list[Clock]:
    """Return the clocks of the case in the order they should come."""
    waits = case.is_open and now - case.received_at > timedelta(minutes=15)
    return [
        Clock(_("Last seen"), case.last_seen_at),
        Clock(_("Reported"), case.reported_at),
        Clock(_("Spoken with the family"), case.spoken_at, late=waits),
        Clock(_("Accepted"), case.accepted_at, late=waits),
        *(line for panel in shown for line in panel.clocks),
        *([Clock(_("Closed"), case.closed_at)] if case.closed_at else []),
    ]


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
