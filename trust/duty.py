"""Who is on duty now, who comes next, and where the roster has a hole.

A shift names a person and gives no right: whoever lost the right, the account or the unit is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When

from trust.models import Agency, Officer, Shift, Unit
from trust.roles import OF_THE_AGENCY, SOLE

HOLD, ACCEPT = "cases.hold_case", "cases.accept_case"
PROPOSE, SIGN = "alerts.propose_version", "alerts.sign_version"
AHEAD = timedelta(hours=24)


@dataclass(frozen=True)
class Gap:
    """Hold a stretch of time in which nobody is rostered: at a unit, or among an agency's approvers."""

    unit: Unit | None
    agency: Agency
    role: str
    starts_at: datetime
    ends_at: datetime


def able(right: str) -> QuerySet[Officer]:
    """Return the active officers whose roles give the right ("app.codename"), by user name."""
    app, codename = right.split(".")
    held = Q(groups__permissions__content_type__app_label=app, groups__permissions__codename=codename)
    sole = Officer.objects.filter(groups__name__in=SOLE)
    return Officer.objects.filter(held, is_active=True).exclude(pk__in=sole).order_by("username").distinct()


def on_duty(unit: Unit, at: datetime) -> Officer | None:
    """Return who holds what arrives at the unit (one query by the roster, seven at most).

    In order: who has the shift, the unit's standing duty officer, an officer of the unit who may hold a case,
    an approver of the agency, any officer of the agency who may hold one. None only where nobody is left.
    """
    shift = next(iter(_on_shift(unit, at)), None)
    return shift or _standing(unit) or next(iter(_of_last_resort(unit, at)), None)


def ladder(unit: Unit, at: datetime) -> list[Officer]:
    """Return whom to call for the unit, in order: on duty, standing, next on duty, approvers, the others."""
    standing, last = _standing(unit), _of_last_resort(unit, at)
    first = [*_on_shift(unit, at), *([standing] if standing else [])] or last[:1]
    signing = [one for one in approvers(unit, at) if one in last]
    return _once([*first, *_next(unit, at), *signing, *last])


def approvers(of: Unit | Agency, at: datetime) -> list[Officer]:
    """Return who signs, in order: on shift now (the unit's own first), next on shift, the others.

    Every one holds the right to sign at this moment. Three queries.
    """
    agency = of.agency if isinstance(of, Unit) else of
    may = {officer.pk: officer for officer in able(SIGN).filter(unit__agency=agency)}
    shifts = Shift.objects.of_approvers().filter(unit__agency=agency, officer__in=list(may))
    now = sorted(shifts.at(at), key=lambda shift: (shift.unit_id != of.pk, shift.starts_at))
    soon = shifts.filter(starts_at__gt=at).order_by("starts_at")[:20]
    return _once([*(may[shift.officer_id] for shift in [*now, *soon]), *may.values()])


def may_hold(officer: Officer, unit: Unit) -> bool:
    """Say whether the officer is active, may hold cases, and sees those of the unit (two queries)."""
    if not officer.is_active or officer.unit is None or not officer.has_perm(HOLD):
        return False
    if officer.unit_id == unit.pk:
        return True
    return bool(officer.roles & OF_THE_AGENCY) and officer.unit.agency_id == unit.agency_id


def manned(at: datetime) -> set[object]:
    """Return the keys of the units where somebody is on duty by roster or standing order (two queries)."""
    shifts = Shift.objects.of_duty().at(at).filter(officer__in=able(HOLD))
    standing = Unit.objects.filter(duty_officer__is_active=True)
    return {*shifts.values_list("unit", flat=True), *standing.values_list("pk", flat=True)}


def gaps(at: datetime, ahead: timedelta = AHEAD, *, agency: Agency | None = None) -> list[Gap]:
    """Return the holes of the roster from now on, whole, for every unit or those of one agency (two queries).

    A unit with a standing duty officer has none. Approvers are asked of an agency that keeps a roster of
    them, or whose proposals nobody may sign.
    """
    until = at + ahead
    units = list(_units(agency))
    kept = list(_shifts(units, at - 7 * AHEAD, until + 7 * AHEAD)) if units else []
    now = [shift for shift in kept if shift.starts_at < until and shift.ends_at > at]
    of_duty = [shift for shift in now if shift.role == Shift.Role.DUTY and shift.holds]
    found = [
        Gap(unit, unit.agency, Shift.Role.DUTY, start, end)
        for unit in units
        if unit.duty_officer is None or not unit.duty_officer.is_active
        for start, end in _holes([shift for shift in of_duty if shift.unit_id == unit.pk], at, until)
    ]
    keeping = {shift.unit.agency_id for shift in kept if shift.role == Shift.Role.APPROVER}
    agencies = {unit.agency_id: unit for unit in units if unit.agency_id in keeping or unit.is_unsigned}
    for unit in agencies.values():
        signing = [shift for shift in now if shift.role == Shift.Role.APPROVER and shift.signs]
        own = [shift for shift in signing if shift.unit.agency_id == unit.agency_id]
        found += [
            Gap(None, unit.agency, Shift.Role.APPROVER, start, end) for start, end in _holes(own, at, until)
        ]
    return found


def _units(agency: Agency | None) -> QuerySet[Any]:
    """Return the units, each with whether its agency has somebody who proposes and nobody who signs."""
    units = Unit.objects.select_related("agency", "duty_officer").order_by("agency__code", "code")
    signs, proposes = (
        Exists(able(right).filter(unit__agency=OuterRef("agency"))) for right in (SIGN, PROPOSE)
    )
    units = units.annotate(
        is_unsigned=Case(When(~signs & proposes, then=True), default=False, output_field=BooleanField())
    )
    return units.filter(agency=agency) if agency else units


def _shifts(units: Iterable[Unit], start: datetime, end: datetime) -> QuerySet[Any]:
    """Return what may count among the shifts of the units, with what the officers may do now."""
    may = {"holds": HOLD, "signs": SIGN}
    of = {name: Exists(able(right).filter(pk=OuterRef("officer"))) for name, right in may.items()}
    rows = Shift.objects.of_duty() | Shift.objects.of_approvers()
    rows = rows.between(start, end).filter(unit__in=[unit.pk for unit in units])
    return rows.select_related("unit").annotate(**of).order_by("starts_at")


def _holes(shifts: list[Shift], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    holes, free = [], start
    for shift in sorted(shifts, key=lambda one: one.starts_at):
        if shift.starts_at > free:
            holes.append((free, shift.starts_at))
        free = max(free, shift.ends_at)
    return [*holes, (free, end)] if free < end else holes


def _on_shift(unit: Unit, at: datetime) -> list[Officer]:
    return _officers(Shift.objects.of_duty().filter(unit=unit).at(at).order_by("starts_at"))


def _next(unit: Unit, at: datetime) -> list[Officer]:
    soon = Shift.objects.of_duty().filter(unit=unit, starts_at__gt=at, starts_at__lt=at + AHEAD)
    return _officers(soon.order_by("starts_at"))


def _officers(shifts: QuerySet[Shift]) -> list[Officer]:
    """Return the officers of the shifts who still may hold a case, in the order of the shifts."""
    rows = shifts.filter(officer__in=able(HOLD)).select_related("officer__unit__agency")
    return [shift.officer for shift in rows]


def _standing(unit: Unit) -> Officer | None:
    """Return the unit's standing duty officer, as the database has it now."""
    named = Officer.objects.select_related("unit__agency").filter(is_active=True)
    return named.filter(on_duty_at=unit).first()


def _of_last_resort(unit: Unit, at: datetime) -> list[Officer]:
    """Return, where nobody was named: the unit's officers, the agency's approvers, its other officers."""
    holders = able(HOLD).filter(unit__agency=unit.agency_id).select_related("unit__agency")
    accept = {officer.pk for officer in able(ACCEPT).filter(unit__agency=unit.agency_id)}
    found = list(holders)
    own = [one for one in found if one.unit_id == unit.pk and one.pk in accept]
    sign = approvers(unit, at)
    return _once([*own, *(one for one in sign if one in found), *found])


def _once(officers: Iterable[Officer]) -> list[Officer]:
    return list({officer.pk: officer for officer in officers}.values())
