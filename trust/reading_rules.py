"""What reading an auditor should look at: pure rules over looks, rosters and cases. Advice, no verdict.

A window begins with a look and has its kind's length. It is unusual when so many different cases were looked
at in it, counted by the kind's rule; what an earlier flag covers is not counted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

MANY, OTHER_UNIT, NIGHT, CLOSED = "many", "other_unit", "night", "closed"
LENGTH: Mapping[str, timedelta] = {
    MANY: timedelta(hours=1),
    OTHER_UNIT: timedelta(hours=1),
    NIGHT: timedelta(hours=8),
    CLOSED: timedelta(hours=24),
}
LONGEST = max(LENGTH.values())

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Limits:
    """From how many different cases in one window on it is unusual, and what night and long ago mean."""

    many: Mapping[str, int]  # by role; whoever holds several is measured by the widest
    other_unit: int
    night_from: int  # hours on the wall of the reader's agency, 0 to 23
    night_until: int
    closed_after: timedelta
    night: int = 1
    closed: int = 1

    def of(self, kind: str, roles: Iterable[str]) -> int:
        if kind == MANY:
            strictest = min(self.many.values(), default=1)  # for a role that nobody thought of
            return max((self.many[role] for role in roles if role in self.many), default=strictest)
        return {OTHER_UNIT: self.other_unit, NIGHT: self.night, CLOSED: self.closed}[kind]


@dataclass(frozen=True)
class Subject:
    """Hold what the rules ask of a case: who holds it, who was called about it, since when it is over."""

    unit: UUID
    expected: frozenset[UUID] = frozenset()
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Look:
    at: datetime
    subject: UUID
    acted: bool = False  # the reader has also done something about it, which stands in the log


@dataclass(frozen=True)
class Reader:
    """Hold who reads; `keeps_roster` is false where nobody is rostered, so that nobody can be off duty."""

    pk: UUID
    unit: UUID | None
    roles: frozenset[str]
    zone: ZoneInfo
    shifts: tuple[Span, ...] = ()
    keeps_roster: bool = True


@dataclass(frozen=True)
class Window:
    """Name a stretch of unusual reading; count is of different cases."""

    kind: str
    start: datetime
    end: datetime
    count: int


@dataclass(frozen=True)
class Reading:
    """One officer's looks of late, what is known of the cases, and what earlier flags cover by kind."""

    reader: Reader
    looks: Sequence[Look]
    subjects: Mapping[UUID, Subject]
    limits: Limits
    covered: Mapping[str, Sequence[Span]] = field(default_factory=dict)

    def unusual(self) -> list[Window]:
        """Return the new windows of every kind, the earliest first."""
        found = [window for kind in LENGTH for window in self._windows(kind)]
        return sorted(found, key=lambda window: (window.start, window.kind))

    def count_in(self, kind: str, span: Span) -> int:
        """Return how many different cases fall under the kind's rule in the span."""
        return len({look.subject for look in self._of(kind) if _within(look.at, span)})

    def _of(self, kind: str) -> list[Look]:
        counts = _RULES[kind]
        known = (look for look in self.looks if look.subject in self.subjects)
        counted = [look for look in known if counts(self, look, self.subjects[look.subject])]
        return sorted(counted, key=lambda look: look.at)

    def _windows(self, kind: str) -> Iterator[Window]:
        least, length = self.limits.of(kind, self.reader.roles), LENGTH[kind]
        spans = self.covered.get(kind, ())
        looks = [look for look in self._of(kind) if not any(_within(look.at, span) for span in spans)]
        first = 0
        while first < len(looks):
            start = looks[first].at
            inside = [look for look in looks[first:] if look.at < start + length]
            count = len({look.subject for look in inside})
            if count >= least:
                yield Window(kind, start, start + length, count)
            first += len(inside) if count >= least else 1

    def _is_expected(self, look: Look, subject: Subject) -> bool:
        return look.acted or self.reader.pk in subject.expected

    def _any(self, look: Look, subject: Subject) -> bool:
        return True

    def _other_unit(self, look: Look, subject: Subject) -> bool:
        return subject.unit != self.reader.unit and not self._is_expected(look, subject)

    def _night(self, look: Look, subject: Subject) -> bool:
        hour = look.at.astimezone(self.reader.zone).hour
        on_duty = any(_within(look.at, shift) for shift in self.reader.shifts)
        is_off = self.reader.keeps_roster and not on_duty
        return is_off and self._is_night(hour) and not self._is_expected(look, subject)

    def _is_night(self, hour: int) -> bool:
        start, end = self.limits.night_from, self.limits.night_until
        return start <= hour < end if start <= end else hour >= start or hour < end

    def _closed(self, look: Look, subject: Subject) -> bool:
        is_over = subject.closed_at is not None and look.at - subject.closed_at > self.limits.closed_after
        return is_over and self.reader.pk not in subject.expected


_RULES: Mapping[str, Callable[[Reading, Look, Subject], bool]] = {
    MANY: Reading._any,
    OTHER_UNIT: Reading._other_unit,
    NIGHT: Reading._night,
    CLOSED: Reading._closed,
}


def _within(at: datetime, span: Span) -> bool:
    return span[0] <= at < span[1]
