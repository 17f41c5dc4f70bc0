"""What the log, the roster and the earlier flags say of who looked at what, read with few queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise

from trust import clock
from trust.models import AuditEntry, Officer, Shift, Unit
from trust.reading_rules import LONGEST, Limits, Look, Reader, Reading, Span, Subject

DAY = timedelta(days=1)
Row = tuple[UUID, datetime, str, UUID]  # actor, at, kind, key

# What the packages above know of what was looked at, by its kind in the log: keys -> {key: Subject}.
SUBJECTS: dict[str, Callable[[set[UUID]], dict[UUID, Subject]]] = {}
# What a look was for, by its code in the log, in words; the packages above add theirs.
PURPOSES: dict[str, str | Promise] = {}


def viewed() -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(action="viewed", subject_kind__in=list(SUBJECTS), actor__isnull=False)


def readings(since: datetime, now: datetime, limits: Limits) -> Iterator[tuple[Officer, Reading]]:
    """Yield whoever looked at something since then, with all they looked at a longest window before.

    About six queries, and one a kind of subject, however many officers.
    """
    actors = viewed().filter(at__gte=since).values_list("actor", flat=True).distinct()
    readers = {actor for actor in actors if actor}
    start = since - LONGEST
    officers = list(Officer.objects.filter(pk__in=readers).select_related("unit__agency"))
    rows: list[Row] = list(
        viewed()
        .filter(actor__in=readers, at__gte=start)
        .values_list("actor", "at", "subject_kind", "subject")  # type: ignore[arg-type]  # neither is null here
    )
    subjects, rosters = _subjects(rows), _Rosters.of(officers, start, now)
    acted = _acted(readers, set(subjects))
    for officer in officers:
        own = [Look(at, key, (who, key) in acted) for who, at, _kind, key in rows if who == officer.pk]
        yield officer, Reading(_reader(officer, rosters), own, subjects, limits)


def covered(officer: Officer, before: timedelta) -> dict[str, list[Span]]:
    """Return the windows that flags of late cover, by kind (one query)."""
    found: dict[str, list[Span]] = {}
    for flag in officer.reading_flags.filter(window_end__gt=clock.now() - before - DAY):
        found.setdefault(flag.kind, []).append((flag.window_start, flag.window_end))
    return found


@dataclass(frozen=True)
class _Rosters:
    """The shifts in a span of time, the units that keep a roster round it, and who stands by order."""

    shifts: dict[UUID, tuple[Span, ...]]
    kept: frozenset[UUID]
    standing: frozenset[UUID]

    @classmethod
    def of(cls, officers: Iterable[Officer], start: datetime, end: datetime) -> _Rosters:
        rows = list(Shift.objects.between(start - DAY, end + DAY))
        spans: dict[UUID, tuple[Span, ...]] = {}
        for row in rows:
            spans[row.officer_id] = (*spans.get(row.officer_id, ()), (row.starts_at, row.ends_at))
        named = Unit.objects.filter(duty_officer__in=list(officers)).values_list("duty_officer", flat=True)
        return cls(spans, frozenset(row.unit_id for row in rows), frozenset(pk for pk in named if pk))


def _reader(officer: Officer, rosters: _Rosters) -> Reader:
    zone = officer.unit.agency.zone if officer.unit else ZoneInfo(settings.COUNTRY.time_zone)
    keeps = officer.unit_id in rosters.kept and officer.pk not in rosters.standing
    return Reader(officer.pk, officer.unit_id, officer.roles, zone, rosters.shifts.get(officer.pk, ()), keeps)


def _subjects(rows: Iterable[Row]) -> dict[UUID, Subject]:
    keys: dict[str, set[UUID]] = {}
    for _who, _at, kind, key in rows:
        keys.setdefault(kind, set()).add(key)
    return {key: subject for kind, wanted in keys.items() for key, subject in SUBJECTS[kind](wanted).items()}


def _acted(readers: set[UUID], subjects: set[UUID]) -> set[tuple[UUID, UUID]]:
    """Return (officer, subject) of those who did something about it; to break its glass is nothing done."""
    acts = AuditEntry.objects.filter(actor__in=readers, subject__in=subjects).exclude(action="viewed")
    pairs = acts.exclude(action__startswith="glass.").values_list("actor", "subject").distinct()
    return {(who, key) for who, key in pairs if who and key}
