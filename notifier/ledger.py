"""What became of what was said: counts that must add up, and what was taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q

from notifier.models import Batch, Chunk, Delivery, Post
from notifier.models.delivery import TOLD
from trust import clock

State = Delivery.State


@dataclass(frozen=True)
class Equation:
    """targeted = accepted + unknown + failed + withdrawn + expired + suppressed (+ queued while under way).

    `delivered` is part of `accepted`; `queued` counts what is queued or on the wire. A person told of a
    subject is counted once, on one channel: where a refusal made the next way take over, on that way, and the
    refusal is not counted; where a message was accepted and another followed because no receipt came, on the
    first, unless that then fails (Delivery.counted_on).
    """

    targeted: int = 0
    accepted: int = 0
    delivered: int = 0
    unknown: int = 0
    failed: int = 0
    withdrawn: int = 0
    expired: int = 0
    suppressed: int = 0
    queued: int = 0

    def holds(self) -> bool:
        final = self.accepted + self.unknown + self.failed + self.withdrawn + self.expired + self.suppressed
        return self.targeted == final + self.queued and self.delivered <= self.accepted


@dataclass(frozen=True)
class LedgerLine:
    """One batch or post and its end: done at a time, or a person's open task. `reason` is a code."""

    channel: str
    alias: str
    post: UUID | None
    batch: UUID
    asked_at: datetime | None
    done_at: datetime | None
    task: UUID | None
    state: str
    reason: str = ""
    url: str = ""
    told: int = 0  # of a batch: those it reached or may have reached
    by_hand: bool = False

    @property
    def is_silent(self) -> bool:
        """Neither proved nor anybody's task: what must never stay."""
        return self.done_at is None and self.task is None


def equation(subjects: Iterable[UUID]) -> Equation:
    """Count the deliveries about these subjects by state (one query)."""
    rows = Delivery.objects.about(subjects).counted().values_list("state").annotate(Count("pk")).order_by()
    return _equation(dict(rows))


def equations_by_channel(subjects: Iterable[UUID]) -> dict[str, Equation]:
    """The same, channel by channel (one query)."""
    counted = Delivery.objects.about(subjects).counted()
    rows = counted.values_list("channel", "state").annotate(Count("pk")).order_by()
    counts: dict[str, dict[str, int]] = {}
    for channel, state, count in rows:
        counts.setdefault(channel, {})[state] = count
    return {channel: _equation(states) for channel, states in sorted(counts.items())}


def told(subjects: Iterable[UUID]) -> dict[str, int]:
    """How many were told or may have been, by channel (one query)."""
    rows = Delivery.objects.about(subjects).told().values_list("channel").annotate(Count("pk")).order_by()
    return dict(rows)


def on_the_wire(subjects: Iterable[UUID]) -> int:
    """How many messages and posts workers hold at the gateways now (a query, and one a chunk they hold)."""
    wanted, at = list(subjects), clock.now()
    held = Chunk.objects.held(at).filter(batch__subject__in=wanted)
    posts = Post.objects.filter(subject__in=wanted, state=Post.State.SENDING).count()
    return posts + sum(chunk.deliveries().filter(state=State.SENDING).count() for chunk in held)


def last_left(subjects: Iterable[UUID], since: datetime) -> datetime | None:
    """When at the latest the last message left that left after `since`; None where none did (two queries).

    A worker closes its chunk after its last message: no later one can have left.
    """
    wanted = list(subjects)
    left = Delivery.objects.filter(
        pk__gte=OuterRef("first_id"), pk__lte=OuterRef("last_id"), batch=OuterRef("batch"), state_at__gt=since
    ).exclude(state__in=[State.QUEUED, State.SUPPRESSED, State.WITHDRAWN, State.EXPIRED])
    chunks = Chunk.objects.filter(Exists(left), batch__subject__in=wanted, done_at__gt=since)
    closed_at = chunks.aggregate(last=Max("done_at"))["last"]
    posts = Post.objects.filter(subject__in=wanted, posted_at__gt=since)
    times = [at for at in (closed_at, posts.aggregate(last=Max("posted_at"))["last"]) if at]
    return max(times, default=None)


def ledger(subjects: Iterable[UUID]) -> list[LedgerLine]:
    """A line for every batch and gateway it went by, and one for every post (three queries)."""
    wanted = list(subjects)
    return [*_batch_lines(wanted), *_post_lines(wanted)]


def _equation(states: dict[str, int]) -> Equation:
    return Equation(
        targeted=sum(states.values()),
        accepted=states.get(State.ACCEPTED, 0) + states.get(State.DELIVERED, 0),
        delivered=states.get(State.DELIVERED, 0),
        unknown=states.get(State.UNKNOWN, 0),
        failed=states.get(State.FAILED, 0),
        withdrawn=states.get(State.WITHDRAWN, 0),
        expired=states.get(State.EXPIRED, 0),
        suppressed=states.get(State.SUPPRESSED, 0),
        queued=states.get(State.QUEUED, 0) + states.get(State.SENDING, 0),
    )


def _batch_lines(subjects: list[UUID]) -> list[LedgerLine]:
    aliases: dict[UUID, dict[str, int]] = {}
    sent = Delivery.objects.about(subjects).values_list("batch", "alias")
    reached = Q(state__in=[*TOLD, State.SENDING]) | Q(state=State.QUEUED, lost_answers__gt=0)
    for batch, alias, count in sent.annotate(reached=Count("pk", filter=reached)).order_by("alias"):
        if alias or count:  # what never left has no gateway
            aliases.setdefault(batch, {})[alias] = count
    work = (
        Chunk.objects.filter(batch__subject__in=subjects)
        .values("batch")
        .annotate(open=Count("pk", filter=Q(done_at=None)), last=Max("done_at"))
    )
    settled = {row["batch"]: None if row["open"] else row["last"] for row in work.order_by()}
    batches = Batch.objects.about(subjects).filter(pk__in=settled).order_by("created_at", "pk")
    return [
        _batch_line(batch, alias, settled[batch.pk], count)
        for batch in batches
        for alias, count in aliases.get(batch.pk, {"": 0}).items()
    ]


def _batch_line(batch: Batch, alias: str, settled_at: datetime | None, count: int) -> LedgerLine:
    asked_at = batch.stopped_at
    done_at = max(asked_at, settled_at) if asked_at and settled_at else settled_at
    return LedgerLine(
        channel=batch.channel, alias=alias, post=None, batch=batch.pk, asked_at=asked_at, done_at=done_at,
        task=None, state="stopped" if asked_at else "sent", told=count,
    )  # fmt: skip


def _post_lines(subjects: list[UUID]) -> list[LedgerLine]:
    return [_post_line(post) for post in Post.objects.filter(subject__in=subjects).order_by("asked_at", "pk")]


def _post_line(post: Post) -> LedgerLine:
    never_there = post.done_at if post.state in Post.OVER else None
    return LedgerLine(
        channel=post.channel, alias=post.alias, post=post.pk, batch=post.batch_id,
        asked_at=post.recall_asked_at, done_at=post.recalled_at or never_there, task=post.task,
        state=post.recall_state or post.state, reason=post.recall_reason or post.error_kind, url=post.url,
        by_hand=post.recall_reason == "by_hand",
    )  # fmt: skip
