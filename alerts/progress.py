"""How far an alert has come: what officers watch while it goes out, and after it has ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min

from alerts.models import Alert, Version
from notifier import ledger
from notifier.models import Batch, Delivery, Post
from trust.models import Task
from trust.models.task import TaskQuerySet

TOLD = ("accepted", "delivered")
WAITING = ("queued", "sending")


@dataclass(frozen=True)
class RingProgress:
    """Hold the counts of one channel and ring; delivered is part of accepted, the rest makes up targeted.

    `version` said it, as the first thing its readers heard (kind alert) or once more (update). `replaced`:
    those of withdrawn who are told by a later version instead. `sending` is part of queued. `languages`:
    who still waits, and all, by language.
    """

    channel: str
    ring: int
    recorded: bool
    targeted: int = 0
    queued: int = 0
    sending: int = 0
    accepted: int = 0
    delivered: int = 0
    unknown: int = 0
    failed: int = 0
    withdrawn: int = 0
    expired: int = 0
    suppressed: int = 0
    replaced: int = 0
    kind: str = "alert"
    version: int = 1
    waiting_by_language: Mapping[str, int] = field(default_factory=dict)
    all_by_language: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ErrorCount:
    """Hold how many messages of a channel were refused, or are tried again, for one kind of reason."""

    channel: str
    kind: str
    count: int


@dataclass(frozen=True)
class Stopped:
    """Hold what a stop did: how many it held back, how many were on the wire, when the last of them left."""

    withdrawn: int
    in_flight: int | None
    last_left_at: datetime | None
    seconds_to_last: float | None


@dataclass(frozen=True)
class Counted:
    """Hold one group of deliveries."""

    batch: UUID
    channel: str
    state: str
    error_kind: str
    language: str
    count: int


@dataclass(frozen=True)
class PostProgress:
    channel: str
    state: str
    url: str
    posted_at: datetime | None
    recall_state: str
    recalled_at: datetime | None
    has_task: bool


@dataclass(frozen=True)
class Progress:
    """Hold the state of one alert; times are None until they come. `as_json()` is safe to send to a page."""

    state: str
    signed_at: datetime | None
    first_accepted_at: datetime | None
    last_accepted_at: datetime | None
    ended_at: datetime | None
    fan_out_done: bool
    rings: tuple[RingProgress, ...]
    posts: tuple[PostProgress, ...]
    ends: tuple[RingProgress, ...]
    errors: tuple[ErrorCount, ...]
    stopped: Stopped | None
    open_tasks: int

    @property
    def targeted(self) -> int:
        return sum(ring.targeted for ring in self.rings)

    @property
    def accepted(self) -> int:
        return sum(ring.accepted for ring in self.rings)

    @property
    def delivered(self) -> int:
        return sum(ring.delivered for ring in self.rings)

    def as_json(self) -> dict[str, Any]:
        totals = {"targeted": self.targeted, "accepted": self.accepted, "delivered": self.delivered}
        return {name: _plain(value) for name, value in asdict(self).items()} | totals


def progress(alert: Alert) -> Progress:
    """Return the progress (eight queries, ten once it ended; none that grows with the number of versions)."""
    versions = list(alert.versions.order_by("number"))
    subjects = subjects_of(alert, versions)
    ends = [UUID(subject) for version in versions for subject in version.end_subjects.values()]
    signed = [version for version in versions if version.sent_at]
    times = Delivery.objects.about(subjects).filter(state__in=TOLD)
    told = times.aggregate(first=Min("state_at"), last=Max("state_at"))
    posts = list(Post.objects.filter(subject__in=subjects).order_by("asked_at"))
    counted = _counted(subjects)
    rings = tuple(_rings(subjects, counted, versions))
    return Progress(
        state=alert.state,
        signed_at=signed[0].sent_at if signed else None,
        first_accepted_at=told["first"],
        last_accepted_at=told["last"],
        ended_at=alert.ended_at,
        fan_out_done=bool(signed) and all(version.fanned_out_at for version in signed if version.in_force),
        rings=rings,
        posts=tuple(_post(post) for post in posts),
        ends=tuple(_rings(ends, _counted(ends), versions)),
        errors=tuple(_errors(counted)),
        stopped=_stopped(alert, subjects, rings),
        open_tasks=open_tasks([*subjects, *(post.pk for post in posts)]).count(),
    )


def subjects_of(alert: Alert, versions: Iterable[Version]) -> list[UUID]:
    return [alert.pk, *(version.pk for version in versions)]


def open_tasks(subjects: Iterable[UUID]) -> TaskQuerySet:
    """Return what persons owe about these subjects, the soonest due first."""
    return Task.objects.still_open().filter(subject__in=list(subjects))


def _counted(subjects: Iterable[UUID]) -> list[Counted]:
    """Return the deliveries about the subjects, counted (one query)."""
    told = Delivery.objects.about(subjects).counted()
    rows = told.values_list("batch", "channel", "state", "error_kind", "language")
    return [Counted(*row) for row in rows.annotate(Count("pk")).order_by()]


def _rings(
    subjects: Iterable[UUID], counted: Iterable[Counted], versions: Iterable[Version]
) -> list[RingProgress]:
    """Return one line a batch that reaches people (a query)."""
    of: dict[UUID, list[Counted]] = {}
    for row in counted:
        of.setdefault(row.batch, []).append(row)
    batches = Batch.objects.about(subjects).filter(posts=None).order_by("ring", "channel")
    numbers = {version.pk: version.number for version in versions}
    return [_ring(batch, of.get(batch.pk, []), numbers) for batch in batches]


def _ring(batch: Batch, rows: list[Counted], numbers: Mapping[UUID, int]) -> RingProgress:
    states: dict[str, int] = {}
    everybody: dict[str, int] = {}
    waiting: dict[str, int] = {}
    for row in rows:
        states[row.state] = states.get(row.state, 0) + row.count
        everybody[row.language] = everybody.get(row.language, 0) + row.count
        if row.state in WAITING:
            waiting[row.language] = waiting.get(row.language, 0) + row.count
    same = ("delivered", "unknown", "failed", "withdrawn", "expired", "suppressed", "sending")
    return RingProgress(
        channel=batch.channel,
        ring=batch.ring,
        recorded=batch.recorded_at is not None,
        targeted=sum(states.values()),
        queued=sum(waiting.values()),
        accepted=states.get("accepted", 0) + states.get("delivered", 0),
        replaced=states.get("withdrawn", 0) if batch.superseded_by else 0,
        kind=batch.kind,
        version=numbers.get(batch.subject, 1),
        waiting_by_language=waiting,
        all_by_language=everybody,
        **{state: states.get(state, 0) for state in same},
    )


def _errors(counted: Iterable[Counted]) -> list[ErrorCount]:
    """Return what gateways refused, most first; what is tried again counts, what arrived since does not."""
    found: dict[tuple[str, str], int] = {}
    for row in counted:
        if row.error_kind and row.state not in TOLD:
            found[row.channel, row.error_kind] = found.get((row.channel, row.error_kind), 0) + row.count
    lines = [ErrorCount(channel, kind, count) for (channel, kind), count in found.items()]
    return sorted(lines, key=lambda line: (-line.count, line.channel, line.kind))


def _stopped(alert: Alert, subjects: list[UUID], rings: Iterable[RingProgress]) -> Stopped | None:
    if alert.ended_at is None:
        return None
    last = ledger.last_left(subjects, alert.ended_at)
    return Stopped(
        withdrawn=sum(ring.withdrawn - ring.replaced for ring in rings),
        in_flight=alert.in_flight_at_end,
        last_left_at=last,
        seconds_to_last=(last - alert.ended_at).total_seconds() if last else None,
    )


def _post(post: Post) -> PostProgress:
    return PostProgress(
        channel=post.channel,
        state=post.state,
        url=post.url,
        posted_at=post.posted_at,
        recall_state=post.recall_state,
        recalled_at=post.recalled_at,
        has_task=post.task is not None,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
