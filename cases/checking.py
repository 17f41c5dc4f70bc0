"""Places where a child may be are given out, called or visited, and ticked off with what came of it.

Each check is a task that somebody owns; a case that ends ends them. What was found lowers or raises a place
in the order that cases.likely makes, and is there for a map of the search.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Min, Q
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from cases import likely
from cases.models import Case, Child, MoveRefused, Place, PlaceCheck
from cases.signals import case_closed
from cases.standing import MILESTONES, Milestone
from geo.points import Point
from trust import audit, clock, duty
from trust.models import Officer, Task

KIND = "place_check"
RIGHT = "cases.accept_case"
HOME = "home"  # the key of the child's home where nobody named it as a place
DUE: Mapping[str, timedelta] = {
    PlaceCheck.How.CALLED: timedelta(minutes=15),
    PlaceCheck.How.VISITED: timedelta(hours=1),
    PlaceCheck.How.ASKED: timedelta(hours=1),
}
MAX_WORDS = 1000
MAX_MINUTES = 24 * 60

Task.ENDED_BY_AN_ACT.add(KIND)
audit.declare(
    {
        "place.check_asked": "an officer asked for a place to be checked; after is who owes it",
        "place.checked": "a place was checked; the reason is what came of it",
    }
)


@dataclass(frozen=True)
class Found:
    """Hold what came of a check, in codes of PlaceCheck; minutes: how long it was looked for."""

    result: str
    how: str = PlaceCheck.How.VISITED
    thoroughness: str = ""
    minutes: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Checked:
    """Hold one result for the map of the search; place is None at a home nobody named as a place."""

    place: UUID | None
    is_home: bool
    point: Point | None
    how: str
    result: str
    thoroughness: str
    minutes: int | None
    at: datetime


@dataclass(frozen=True)
class Spot:
    """Hold one line of the list: a place (None for the home), how likely it is, and its checks."""

    key: str
    place: Place | None
    ranked: likely.Ranked
    open: PlaceCheck | None
    done: tuple[PlaceCheck, ...]


def ask(
    case: Case, officer: Officer, place: Place | None, how: str, *, to: Officer | None = None,
    words: str = "", within_minutes: int | None = None,
) -> PlaceCheck:  # fmt: skip
    """Give a place to somebody, the officer where nobody else is named; once while it is open.

    words: who goes, where it is no officer (a patrol, a neighbour): then the officer owes the answer.
    Raise MoveRefused: no_permission, case_over, unknown_check, not_holder, not_a_place.
    """
    if not officer.has_perm(RIGHT):
        raise MoveRefused("no_permission", case.reference)
    if how not in PlaceCheck.How.values:
        raise MoveRefused("unknown_check", case.reference)
    owner = to or officer
    with transaction.atomic():
        held = _open_case(case, place)
        if not duty.may_hold(owner, held.unit):
            raise MoveRefused("not_holder", held.reference)
        within = timedelta(minutes=within_minutes) if within_minutes else DUE[how]
        return _still_open(held, place) or _ask(held, officer, place, how, owner, words, within)


def answer(case: Case, officer: Officer, place: Place | None, found: Found) -> PlaceCheck:
    """Keep what came of the check that is open there, or of one that nobody had asked for.

    Raise MoveRefused: no_permission, case_over, unknown_check, not_a_place.
    """
    if not officer.has_perm(RIGHT):
        raise MoveRefused("no_permission", case.reference)
    _demand_codes(found)
    with transaction.atomic():
        held = _open_case(case, place)
        check = _still_open(held, place) or _new(held, officer, place, found.how, officer, clock.now())
        check.how, check.result, check.thoroughness = found.how, found.result, found.thoroughness
        check.minutes, check.done_at, check.done_by = found.minutes, clock.now(), officer
        check.told = {**(check.told or {}), "words": found.words.strip()[:MAX_WORDS]}
        check.save()
        for task in _tasks(check):
            task.finish(found.result, by=officer)
        audit.record("place.checked", held, actor=officer, reason=found.result)
    return check


def results(case: Case) -> tuple[Checked, ...]:
    """Return what every check on the case and its joined reports found, oldest first (one query)."""
    return tuple(
        Checked(
            row.place_id, row.is_home, _point(row), row.how, row.result, row.thoroughness, row.minutes,
            row.done_at,
        )
        for row in of(case).done()
        if row.done_at
    )  # fmt: skip


def of(case: Case) -> Any:
    """Return the checks on the case and on the reports joined to it."""
    return PlaceCheck.objects.filter(case__in=[case.pk, *(one.pk for one in case.joined)])


def places_given(case: Case) -> set[UUID]:
    """Return the named places that somebody checked or is to check (one query)."""
    rows = of(case).filter(Q(done_at=None) | ~Q(result=""), place__isnull=False)
    return set(rows.values_list("place", flat=True))


def first_checked_at(checks: Iterable[PlaceCheck]) -> datetime | None:
    return min((row.done_at for row in checks if row.done_at and row.result), default=None)


def order(
    case: Case, places: Iterable[Place], child: likely.Child, checks: Iterable[PlaceCheck], now: datetime
) -> list[Spot]:
    """Return the places to check, the likeliest first; the home stands among them though nobody named it."""
    named = {str(place.pk): place for place in places}
    home = next((key for key, place in named.items() if place.kind == "home"), HOME)
    by_key: dict[str, list[PlaceCheck]] = {}
    for row in checks:
        key = home if row.is_home else str(row.place_id)
        by_key.setdefault(key, []).append(row)
    told = [_named(key, place) for key, place in named.items()]
    told = told if home in named else [likely.Named(HOME, "home"), *told]
    done = [_checked(key, row, now) for key, rows in by_key.items() for row in rows if row.result]
    return [
        _spot(ranked, named.get(str(ranked.key)), by_key.get(str(ranked.key), []))
        for ranked in likely.order(told, child, done)
    ]


def situation(
    case: Case, children: Iterable[Child], told: Mapping[str, Any], now: datetime, zone: ZoneInfo
) -> likely.Child:
    """Return what the order asks of the children; told: {field: codes} of all of them.

    Of several children the youngest counts.
    """
    ages = [age for child in children if (age := child.age_at(now)) is not None]
    local = now.astimezone(zone)
    return likely.Child(
        age=min(ages, default=None),
        hours_missing=(now - case.last_seen_at).total_seconds() / 3600,
        hour=local.hour,
        weekday=local.weekday(),
        category=case.category,
        hobbies=frozenset(told.get("hobby", ())),
        worries=frozenset(told.get("worry", ())),
    )


@receiver(case_closed, dispatch_uid="cases.checking")
def end(case: Case, officer: Officer | None = None, **_more: Any) -> None:
    """Let what is still open fall with its case."""
    for check in of(case).open():
        check.done_at, check.done_by = clock.now(), officer
        check.save(update_fields=["done_at", "done_by"])
        for task in _tasks(check):
            task.finish("case_over", by=officer)


def _ask(
    case: Case, officer: Officer, place: Place | None, how: str, owner: Officer, words: str,
    within: timedelta,
) -> PlaceCheck:  # fmt: skip
    check = _new(case, officer, place, how, owner, clock.now() + within)
    check.told = {**check.told, "to": words.strip()[:MAX_WORDS]}
    check.save(force_insert=True)
    Task.open(
        KIND, case.pk, subject_kind="case", unit=case.unit, owner=owner, detail_code=str(check.pk),
        due_at=check.due_at,
    )  # fmt: skip
    audit.record("place.check_asked", case, actor=officer, after=str(owner.pk))
    return check


def _new(
    case: Case, officer: Officer, place: Place | None, how: str, owner: Officer, due_at: datetime
) -> PlaceCheck:
    check = PlaceCheck(case=case, place=place, is_home=place is None, how=how, officer=owner)
    check.asked_by, check.asked_at, check.due_at = officer, clock.now(), due_at
    check.told = {
        "kind": (place.kind if place else "home") or "other",
        "what": place.words if place else "",
        "point": place.point_json if place else None,
    }
    return check


def _open_case(case: Case, place: Place | None) -> Case:
    """Lock the case; raise MoveRefused for one that is over, or a place of another."""
    held = Case.hold(case.pk)
    if not held.is_open:
        raise MoveRefused("case_over", held.reference)
    if place is not None and place.case_id not in {held.pk, *(one.pk for one in held.joined)}:
        raise MoveRefused("not_a_place", held.reference)
    return held


def _still_open(case: Case, place: Place | None) -> PlaceCheck | None:
    rows = of(case).open().filter(place=place, is_home=place is None)
    found: PlaceCheck | None = rows.first()
    return found


def _tasks(check: PlaceCheck) -> Iterable[Task]:
    return Task.objects.still_open().filter(kind=KIND, detail_code=str(check.pk))


def _demand_codes(found: Found) -> None:
    known = (
        found.result in PlaceCheck.Result.values
        and found.how in PlaceCheck.How.values
        and found.thoroughness in ("", *PlaceCheck.Thoroughness.values)
    )
    if not known or not 0 <= (found.minutes or 0) <= MAX_MINUTES:
        raise MoveRefused("unknown_check")


def _named(key: str, place: Place) -> likely.Named:
    told = place.details or {}
    days = told.get("days") or ()
    return likely.Named(
        key,
        place.kind or "other",
        often=str(told.get("often") or ""),
        days=frozenset([days] if isinstance(days, str) else days),
        part=str(told.get("part") or ""),
        found_before=told.get("found_before") in (True, "yes"),
    )


def _checked(key: str, row: PlaceCheck, now: datetime) -> likely.Checked:
    hours = (now - row.done_at).total_seconds() / 3600 if row.done_at else 0.0
    thoroughness = row.thoroughness or ("asked" if row.how == PlaceCheck.How.CALLED else "")
    return likely.Checked(key, row.result, thoroughness, hours)


def _spot(ranked: likely.Ranked, place: Place | None, rows: list[PlaceCheck]) -> Spot:
    waits = next((row for row in rows if row.done_at is None), None)
    return Spot(str(ranked.key), place, ranked, waits, tuple(row for row in rows if row.result))


def _point(row: PlaceCheck) -> Point | None:
    place = (row.told or {}).get("point") or {}
    return Point(place["lat"], place["lon"]) if place.get("lat") is not None else None


def _milestones(case: Case) -> Iterable[Milestone]:
    """Tell the family that places are being checked; never which, nor what came of it."""
    first = of(case).done().aggregate(first=Min("done_at"))["first"]
    return [Milestone(_("Places are being checked"), first)] if first else []


MILESTONES.append(_milestones)
