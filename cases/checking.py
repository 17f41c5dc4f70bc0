"""Places where a child may be are given out, called or visited, and ticked off with what came of it.

Each check is a task that somebody owns; a case that ends ends them. What was found lowers or raises a place
in the order (cases.spots), and is there for a map of the search.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from cases.models import Case, MoveRefused, Place, PlaceCheck, Sighting
from cases.signals import case_closed
from cases.standing import MILESTONES, Milestone
from geo.points import Point
from trust import audit, clock, duty
from trust.models import Officer, Task

KIND = "place_check"
RIGHT = "cases.accept_case"
SEEN = "seen"  # the kind of a place where the child was seen, as told of its checks
Where = Place | Sighting | None  # a named place, where the child was seen, or the home
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
    """Hold one result for the map of the search; place is None at a home nobody named, and at a sighting."""

    place: UUID | None
    is_home: bool
    point: Point | None
    how: str
    result: str
    thoroughness: str
    minutes: int | None
    at: datetime


def ask(
    case: Case, officer: Officer, place: Where, how: str, *, to: Officer | None = None,
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


def answer(case: Case, officer: Officer, place: Where, found: Found) -> PlaceCheck:
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


@receiver(case_closed, dispatch_uid="cases.checking")
def end(case: Case, officer: Officer | None = None, **_more: Any) -> None:
    """Let what is still open fall with its case."""
    for check in of(case).open():
        check.done_at, check.done_by = clock.now(), officer
        check.save(update_fields=["done_at", "done_by"])
        for task in _tasks(check):
            task.finish("case_over", by=officer)


def _ask(
    case: Case, officer: Officer, place: Where, how: str, owner: Officer, words: str,
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
    case: Case, officer: Officer, place: Where, how: str, owner: Officer, due_at: datetime
) -> PlaceCheck:
    check = PlaceCheck(case=case, how=how, officer=owner, **_target(place))
    check.asked_by, check.asked_at, check.due_at = officer, clock.now(), due_at
    check.told = {
        "kind": kind_of(place),
        "what": place.words if place else "",
        "point": place.point_json if place else None,
    }
    return check


def kind_of(place: Where) -> str:
    """Return the code of the kind of place: one of the vocabulary place_kind, or SEEN."""
    if isinstance(place, Sighting):
        return SEEN
    return (place.kind if place else HOME) or "other"


def _target(place: Where) -> dict[str, Any]:
    """Return the columns of a check that say where."""
    is_seen = isinstance(place, Sighting)
    return {
        "place": None if is_seen else place,
        "sighting": place if is_seen else None,
        "is_home": place is None,
    }


def _open_case(case: Case, place: Where) -> Case:
    """Lock the case; raise MoveRefused for one that is over, or a place of another."""
    held = Case.hold(case.pk)
    if not held.is_open:
        raise MoveRefused("case_over", held.reference)
    is_over = isinstance(place, Sighting) and place.withdrawn_at is not None
    if is_over or (place and place.case_id not in {held.pk, *(one.pk for one in held.joined)}):
        raise MoveRefused("not_a_place", held.reference)
    return held


def _still_open(case: Case, place: Where) -> PlaceCheck | None:
    rows = of(case).open().filter(**_target(place))
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


def _point(row: PlaceCheck) -> Point | None:
    place = (row.told or {}).get("point") or {}
    return Point(place["lat"], place["lon"]) if place.get("lat") is not None else None


def _milestones(case: Case) -> Iterable[Milestone]:
    """Tell the family that places are being checked; never which, nor what came of it."""
    first = of(case).done().aggregate(first=Min("done_at"))["first"]
    return [Milestone(_("Places are being checked"), first)] if first else []


MILESTONES.append(_milestones)
