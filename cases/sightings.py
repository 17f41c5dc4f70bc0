"""The child was seen: kept with its hour and how sure it is, and taken back where it proves to be wrong.

What stands here moves the list of places to check at once (cases.likely), and falls from it when it is
taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from cases import receiving
from cases.models import Case, Child, MoveRefused, PlaceCheck, Sighting
from cases.reported import ReportedPlace
from cases.signals import sighting_withdrawn
from geo.points import Point
from trust import audit, clock
from trust.models import Officer, Task

RIGHT = "cases.change_case"
CHECK = "place_check"  # the kind of task of cases.checking, which reads this module
MAX_WORDS = 1000
LEAD = timedelta(days=1)  # a sighting may be a little older than the last one known: families err by a day
AHEAD = timedelta(minutes=5)  # clocks differ

audit.declare(
    {
        "sighting.added": "a sighting of the child was put into the case; the reason is how sure it is",
        "sighting.withdrawn": "a sighting was taken back; the reason is why",
    }
)


@dataclass(frozen=True)
class Seen:
    """Hold what was seen; certainty and source_class are codes of Sighting, child None where not known."""

    place: ReportedPlace
    seen_at: datetime
    certainty: str
    source_class: str
    child: Child | None = None
    seen_error_min: int | None = None
    note: str = ""
    tip_id: UUID | None = None


def add(case: Case, officer: Officer, seen: Seen) -> Sighting:
    """Keep a sighting in the case that is worked on; one tip makes one sighting, also when asked twice.

    Raise MoveRefused: no_permission, case_over, no_place, unknown_sighting, wrong_hour, not_of_case.
    """
    _demand(officer, case)
    _demand_whole(seen)
    with transaction.atomic():
        held = Case.hold(case.pk)
        known = Sighting.objects.standing().filter(tip_id=seen.tip_id).first() if seen.tip_id else None
        if known is not None:
            return known
        if not held.is_open:
            raise MoveRefused("case_over", held.reference)
        if seen.seen_at < held.last_seen_at - LEAD or seen.seen_at > clock.now() + AHEAD:
            raise MoveRefused("wrong_hour", held.reference)
        if seen.child is not None and seen.child.case_id not in {held.pk, *(one.pk for one in held.joined)}:
            raise MoveRefused("not_of_case", held.reference)
        made = _made(held, officer, seen)
        audit.record("sighting.added", held, actor=officer, after=str(made.pk), reason=seen.certainty)
    return made


def withdraw(sighting: Sighting, officer: Officer, why: str, words: str = "") -> bool:
    """Take a sighting back: it leaves the list, and a check that is open there falls. False: it had gone.

    why: a code of Sighting.Why. Raise MoveRefused: no_permission, unknown_sighting.
    """
    _demand(officer, sighting.case)
    if why not in Sighting.Why.values:
        raise MoveRefused("unknown_sighting")
    with transaction.atomic():
        held = Case.hold(sighting.case_id)
        row = Sighting.objects.get(pk=sighting.pk)
        if row.withdrawn_at is not None:
            return False
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = clock.now(), officer, why
        row.withdrawn_words = words.strip()[:MAX_WORDS] or None
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why", "withdrawn_words"])
        _let_checks_fall(row, officer)
        audit.record("sighting.withdrawn", held, actor=officer, after=str(row.pk), reason=why)
        sighting_withdrawn.send(Sighting, sighting=row, officer=officer)
    sighting.refresh_from_db()
    return True


def of(case: Case) -> list[Sighting]:
    """Return all sightings of the case and of the reports joined to it, the newest first (two queries)."""
    mine = [case.pk, *(one.pk for one in case.joined)]
    rows = Sighting.objects.filter(case__in=mine).select_related("child", "added_by", "withdrawn_by")
    return list(rows)


def standing(rows: Iterable[Sighting]) -> list[Sighting]:
    return [row for row in rows if row.withdrawn_at is None]


def numbered(rows: Iterable[Sighting]) -> list[tuple[Sighting, Point]]:
    """Return those that stand and have a point, the newest first: number 1 on the map and in the lists."""
    told = [(row, point) for row in standing(rows) if (point := row.point)]
    return sorted(told, key=lambda one: one[0].seen_at, reverse=True)


def _made(case: Case, officer: Officer, seen: Seen) -> Sighting:
    row = Sighting(
        case=case,
        child=seen.child,
        error_m=seen.place.error_m,
        seen_at=seen.seen_at,
        seen_error_min=seen.seen_error_min,
        certainty=seen.certainty,
        source_class=seen.source_class,
        tip_id=seen.tip_id,
        added_by=officer,
        added_at=clock.now(),
    )
    row.words, row.point_json = seen.place.words.strip()[:MAX_WORDS], receiving.place_json(seen.place)
    row.note = seen.note.strip()[:MAX_WORDS] or None
    row.save(force_insert=True)
    return row


def _let_checks_fall(row: Sighting, officer: Officer) -> None:
    for check in PlaceCheck.objects.open().filter(sighting=row):
        check.done_at, check.done_by = clock.now(), officer
        check.save(update_fields=["done_at", "done_by"])
        for task in Task.objects.still_open().filter(kind=CHECK, detail_code=str(check.pk)):
            task.finish("withdrawn", by=officer)


def _demand(officer: Officer, case: Case) -> None:
    mine = Case.objects.for_officer(officer).filter(pk=case.standing.pk)
    if not officer.has_perm(RIGHT) or not mine.exists():
        raise MoveRefused("no_permission", case.reference)


def _demand_whole(seen: Seen) -> None:
    if not seen.place.words.strip() and seen.place.point is None:
        raise MoveRefused("no_place")
    known = seen.certainty in Sighting.Certainty.values and seen.source_class in Sighting.SourceClass.values
    if not known or not 0 <= (seen.seen_error_min or 0) <= 60 * 24 * 31:
        raise MoveRefused("unknown_sighting")
