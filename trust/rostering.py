"""The roster is made by the week: whoever answers for it plans shifts and copies a week onto the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from trust import audit
from trust.models import Officer, Shift, Unit

WEEK = timedelta(days=7)

audit.declare(
    {
        "shift.planned": "a shift was put into the duty roster",
        "shift.changed": "a shift of the duty roster was changed",
        "shift.removed": "a shift to come was taken out of the duty roster",
    }
)


@dataclass(frozen=True)
class Copied:
    """Say how many shifts were copied, and how many could not be: they overlap, or the right is gone."""

    kept: int
    left_out: int


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def hours(unit: Unit, day: date, begins: time, ends: time) -> tuple[datetime, datetime]:
    """Return a shift by the clock on the unit's wall; one that ends "before" it begins ends the next day."""
    zone = unit.agency.zone
    last = day if ends > begins else day + timedelta(days=1)
    return datetime.combine(day, begins, zone), datetime.combine(last, ends, zone)


def copy_week(shifts: Iterable[Shift], officer: Officer) -> Copied:
    """Plan the same shifts a week later, at the same hours on the wall; a second time changes nothing."""
    kept = left_out = 0
    for shift in shifts:
        zone = shift.unit.agency.zone
        start, end = (
            datetime.combine(at.astimezone(zone).date() + WEEK, at.astimezone(zone).time(), zone)
            for at in (shift.starts_at, shift.ends_at)
        )
        copy = Shift(unit=shift.unit, officer=shift.officer, role=shift.role, starts_at=start, ends_at=end)
        if _plan(copy, officer):
            kept += 1
        else:
            left_out += 1
    return Copied(kept, left_out)


def _plan(shift: Shift, officer: Officer) -> bool:
    with transaction.atomic():
        try:
            shift.clean()
        except ValidationError:
            return False
        shift.save(force_insert=True)
        audit.record("shift.planned", shift, actor=officer)
    return True
