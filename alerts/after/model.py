"""What a report on a case and its alerts holds: codes, counts, times and accounts. Pure.

No word that anybody typed is in it, and no name unless somebody asked for names: Report.is_named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

AIM_S = 15 * 60  # from the arrival of a report to the family's voice, to acceptance, to a signed alert
FORM = 1  # of the JSON; a key that changes its meaning or goes makes it the next


@dataclass(frozen=True)
class Clock:
    code: str
    at: datetime | None


@dataclass(frozen=True)
class Duration:
    """Hold the seconds between two clocks; missed: later than its aim, or past it and still not come."""

    code: str
    seconds: float | None
    aim_s: int | None = None
    missed: bool | None = None


@dataclass(frozen=True)
class Person:
    """Hold an account as the log names it; the name is filled only in a report with names."""

    id: str
    roles: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class ChildLine:
    position: int
    age: int | None
    sex: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """Hold an entry of the log; `reason` is its code."""

    at: datetime
    action: str
    about: str
    actor: str
    roles: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class DecisionLine:
    """Hold an act of two people, or one person's that stands for it (a decline, an override)."""

    act: str
    about: str
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    decided_by: str
    outcome: str
    ground: str = ""


@dataclass(frozen=True)
class OrderLine:
    kind: str
    office: str
    how: str
    given_at: datetime
    recorded_at: datetime
    recorded_by: str
    released_at: datetime | None


@dataclass(frozen=True)
class CheckLine:
    """Hold a place that was checked: what kind of place, never which."""

    kind: str
    how: str
    result: str
    thoroughness: str
    minutes: int | None
    at: datetime


@dataclass(frozen=True)
class VersionLine:
    number: int
    state: str
    digest: str
    identifier: str
    channels: tuple[str, ...]
    hours: float
    km2: float
    has_photo: bool
    drafted_by: str
    proposed_at: datetime | None
    proposed_by: str
    sent_at: datetime | None
    sent_by: str
    signed_by: str
    ground: str
    expires_at: datetime | None
    warnings: tuple[str, ...]
    released: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """Hold targeted = accepted + unknown + failed + withdrawn + expired + suppressed + waiting.

    delivered is part of accepted; waiting counts what is queued or on the wire, none once all is over.
    """

    targeted: int = 0
    accepted: int = 0
    delivered: int = 0
    unknown: int = 0
    failed: int = 0
    withdrawn: int = 0
    expired: int = 0
    suppressed: int = 0
    waiting: int = 0

    @property
    def holds(self) -> bool:
        ends = self.accepted + self.unknown + self.failed + self.withdrawn + self.expired + self.suppressed
        return self.targeted == ends + self.waiting and self.delivered <= self.accepted


@dataclass(frozen=True)
class Reached:
    """Hold the counts of one channel and ring; ring None is all rings."""

    channel: str
    ring: int | None
    counts: Counts


@dataclass(frozen=True)
class Reach:
    """Hold what became of one thing said (the alert, its updates, its end), by channel and ring."""

    lines: tuple[Reached, ...]
    in_database: int  # deliveries about the same subjects, counted apart from the lines

    @property
    def total(self) -> Counts:
        return total(line.counts for line in self.lines)

    @property
    def holds(self) -> bool:
        """Say whether every line adds up, and no delivery lies outside of the lines."""
        return all(line.counts.holds for line in self.lines) and self.total.targeted == self.in_database

    def by_channel(self) -> dict[str, Counts]:
        return {key: total(counts) for key, counts in self._grouped("channel").items()}

    def by_ring(self) -> dict[int, Counts]:
        return {int(key): total(counts) for key, counts in self._grouped("ring").items()}

    def _grouped(self, name: str) -> dict[str, list[Counts]]:
        found: dict[str, list[Counts]] = {}
        for line in self.lines:
            found.setdefault(str(getattr(line, name)), []).append(line.counts)
        return found


@dataclass(frozen=True)
class ErrorLine:
    channel: str
    kind: str
    count: int


@dataclass(frozen=True)
class StopLine:
    held_back: int
    at_gateways: int | None
    seconds_to_last: float | None


@dataclass(frozen=True)
class RecallLine:
    """Hold one thing that was out and what became of taking it back.

    what: message, post, photo, page, feed, document, relay, programme. reason: the answer's code.
    state: done, owed (a person's task), impossible, asked, never_out, out.
    """

    what: str
    channel: str
    alias: str
    state: str
    count: int = 1
    asked_at: datetime | None = None
    done_at: datetime | None = None
    reason: str = ""
    task: str = ""


@dataclass(frozen=True)
class TaskLine:
    id: str
    kind: str
    reason: str
    owner: str
    opened_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    result: str


@dataclass(frozen=True)
class AlertPart:
    code: str
    kind: str
    state: str
    ended_as: str
    clocks: tuple[Clock, ...]
    durations: tuple[Duration, ...]
    versions: tuple[VersionLine, ...]
    reach: Reach
    updates: Reach
    end: Reach
    errors: tuple[ErrorLine, ...]
    stop: StopLine | None
    recalls: tuple[RecallLine, ...]
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True)
class Report:
    """Hold the whole; is_so_far: something is still open or live. names of unit and agency by language."""

    made_at: datetime
    made_by: str
    is_so_far: bool
    is_named: bool
    reference: str
    state: str
    category: str
    filed_how: str
    unit: Mapping[str, str]
    agency: Mapping[str, str]
    outcome: str
    children: tuple[ChildLine, ...]
    clocks: tuple[Clock, ...]
    durations: tuple[Duration, ...]
    alerts: tuple[AlertPart, ...]
    decisions: tuple[DecisionLine, ...]
    orders: tuple[OrderLine, ...]
    checks: tuple[CheckLine, ...]
    tips: Mapping[str, int]
    acts: tuple[Act, ...]
    looks: int
    people: tuple[Person, ...]


def total(counts: Iterable[Counts]) -> Counts:
    held = list(counts)
    return Counts(*(sum(getattr(one, part.name) for one in held) for part in fields(Counts)))


def between(
    code: str,
    start: datetime | None,
    end: datetime | None,
    *,
    aim_s: int | None = None,
    now: datetime | None = None,
) -> Duration:
    """Return the duration; now: while the end may still come, when this is asked."""
    seconds = round((end - start).total_seconds(), 3) if start and end else None
    waited = seconds if seconds is not None or not (start and now) else (now - start).total_seconds()
    return Duration(code, seconds, aim_s, None if aim_s is None or waited is None else waited > aim_s)
