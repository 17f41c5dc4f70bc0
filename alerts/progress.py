"""How far an alert has come: what officers watch while it goes out, and after it has ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min

from alerts.models import Alert
from notifier.models import Batch, Delivery, Post
from trust.models import Task

TOLD = ("accepted", "delivered")


@dataclass(frozen=True)
class RingProgress:
    """Hold the counts of one channel and ring; delivered is part of accepted, the rest makes up targeted."""

    channel: str
    ring: int
    recorded: bool
    targeted: int = 0
    queued: int = 0
    accepted: int = 0
    delivered: int = 0
    unknown: int = 0
    failed: int = 0
    withdrawn: int = 0
    expired: int = 0
    suppressed: int = 0


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
    """Return the progress (eight queries, none that grows with the number of versions)."""
    versions = list(alert.versions.order_by("number"))
    subjects = [alert.pk, *(version.pk for version in versions)]
    ends = [UUID(subject) for version in versions for subject in version.end_subjects.values()]
    signed = [version for version in versions if version.sent_at]
    times = Delivery.objects.about(subjects).filter(state__in=TOLD)
    told = times.aggregate(first=Min("state_at"), last=Max("state_at"))
    posts = list(Post.objects.filter(subject__in=subjects).order_by("asked_at"))
    return Progress(
        state=alert.state,
        signed_at=signed[0].sent_at if signed else None,
        first_accepted_at=told["first"],
        last_accepted_at=told["last"],
        ended_at=alert.ended_at,
        fan_out_done=bool(signed) and all(version.fanned_out_at for version in signed),
        rings=tuple(_rings(subjects)),
        posts=tuple(_post(post) for post in posts),
        ends=tuple(_rings(ends)),
        open_tasks=_open_tasks([*subjects, *(post.pk for post in posts)]),
    )


def _rings(subjects: Iterable[UUID]) -> list[RingProgress]:
    """Return one line a channel and ring (two queries)."""
    batches = list(Batch.objects.about(subjects).filter(posts=None).order_by("ring", "channel"))
    rows = (
        Delivery.objects.filter(batch__in=[batch.pk for batch in batches])
        .values_list("batch", "state")
        .annotate(Count("pk"))
        .order_by()
    )
    counts: dict[UUID, dict[str, int]] = {}
    for batch_id, state, count in rows:
        counts.setdefault(batch_id, {})[state] = count
    return [_ring(batch, counts.get(batch.pk, {})) for batch in batches]


def _ring(batch: Batch, states: dict[str, int]) -> RingProgress:
    same = ("delivered", "unknown", "failed", "withdrawn", "expired", "suppressed")
    return RingProgress(
        channel=batch.channel,
        ring=batch.ring,
        recorded=batch.recorded_at is not None,
        targeted=sum(states.values()),
        queued=states.get("queued", 0) + states.get("sending", 0),
        accepted=states.get("accepted", 0) + states.get("delivered", 0),
        **{state: states.get(state, 0) for state in same},
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


def _open_tasks(subjects: Iterable[UUID]) -> int:
    return Task.objects.still_open().filter(subject__in=list(subjects)).count()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
