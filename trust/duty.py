"""Who is on duty now, who comes next, and where the roster has a hole.

A shift names a person and gives no right: whoever lost the right, the account or the unit is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

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
    """Return the holes of the roster from now on, whole, for every unit or those of one agency.

    A unit with a standing duty officer has none. Approvers are asked of an agency that keeps a roster of
    them, or whose proposals nobody may sign. Five queries, and up to four an agency.
    """
    until = at + ahead
    units = Unit.objects.select_related("agency").order_by("agency__code", "code")
    units = units.filter(agency=agency) if agency else units
    shifts = Shift.objects.of_duty().between(at, until).filter(officer__in=able(HOLD))
    kept: dict[object, list[Shift]] = {}
    for shift in shifts:
        kept.setdefault(shift.unit_id, []).append(shift)
    standing = set(units.filter(duty_officer__is_active=True).values_list("pk", flat=True))
    found = [
        Gap(unit, unit.agency, Shift.Role.DUTY, start, end)
        for unit in units
        if unit.pk not in standing
        for start, end in _holes(kept.get(unit.pk, []), at, until)
    ]
    return [*found, *_unsigned({unit.agency.pk: unit.agency for unit in units}.values(), at, until)]


def _unsigned(agencies: Iterable[Agency], at: datetime, until: datetime) -> list[Gap]:
    found = []
    for agency in agencies:
        signers = able(SIGN).filter(unit__agency=agency)
        shifts = Shift.objects.of_approvers().filter(unit__agency=agency)
        unsigned = not signers.exists() and able(PROPOSE).filter(unit__agency=agency).exists()
        if unsigned or shifts.between(at - 7 * AHEAD, until + 7 * AHEAD).exists():
            near = shifts.between(at, until).filter(officer__in=signers)
            holes = _holes(list(near), at, until)
            found += [Gap(None, agency, Shift.Role.APPROVER, start, end) for start, end in holes]
    return found


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
