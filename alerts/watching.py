"""The progress of an alert, in the words and bars of the officer's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from alerts.models import Alert
from alerts.outlook import ring_name
from alerts.progress import PostProgress, RingProgress, progress
from cases.sheet import channel_name
from notifier.models import Post
from trust import desk
from trust.models import Officer

LOST = ("failed", "withdrawn", "expired", "suppressed")


@dataclass(frozen=True)
class Bar:
    """Hold one bar: of `total` people, how many a gateway took, arrived, are lost, wait."""

    name: str
    total: int
    accepted: int
    delivered: int
    unknown: int
    lost: int
    waiting: int


@dataclass(frozen=True)
class PostLine:
    channel: str
    state: str
    url: str
    recall: str
    recalled_at: str
    is_owed: bool


@dataclass(frozen=True)
class Watched:
    """Hold the page's figures; `moves` says that they may still change."""

    total: Bar
    channels: tuple[Bar, ...]
    rings: tuple[Bar, ...]
    ends: Bar
    posts: tuple[PostLine, ...]
    open_tasks: int
    times: tuple[tuple[str, str, bool], ...]
    moves: bool


def watched(alert: Alert, officer: Officer) -> Watched:
    """Return the figures (the queries of alerts.progress)."""
    zone, now = desk.zone_of(officer), progress(alert)
    total, ends = _sum(_("All"), now.rings), _sum(_("All"), now.ends)
    return Watched(
        total=total,
        channels=_bars(now.rings, lambda ring: channel_name(ring.channel)),
        rings=_bars(now.rings, lambda ring: ring_name(ring.ring)),
        ends=ends,
        posts=tuple(_post(post, zone) for post in now.posts),
        open_tasks=now.open_tasks,
        times=_times(zone, now.signed_at, now.first_accepted_at, now.last_accepted_at, now.ended_at),
        moves=alert.is_live or bool(ends.waiting),
    )


def _times(zone: ZoneInfo, *at: datetime | None) -> tuple[tuple[str, str, bool], ...]:
    names = (_("Signature"), _("First accepted"), _("Last accepted"), _("End"))
    return tuple(
        (name, desk.moment(when, zone), when is not None) for name, when in zip(names, at, strict=True)
    )


def _bars(rings: Iterable[RingProgress], name_of: Callable[[RingProgress], str]) -> tuple[Bar, ...]:
    groups: dict[str, list[RingProgress]] = {}
    for ring in rings:
        groups.setdefault(name_of(ring), []).append(ring)
    bars = (_sum(name, group) for name, group in groups.items())
    return tuple(bar for bar in bars if bar.total)


def _sum(name: str, rings: Iterable[RingProgress]) -> Bar:
    held = list(rings)
    return Bar(
        name,
        total=sum(ring.targeted for ring in held),
        accepted=sum(ring.accepted for ring in held),
        delivered=sum(ring.delivered for ring in held),
        unknown=sum(ring.unknown for ring in held),
        lost=sum(getattr(ring, state) for ring in held for state in LOST),
        waiting=sum(ring.queued for ring in held),
    )


def _post(post: PostProgress, zone: ZoneInfo) -> PostLine:
    recall = str(Post.Recall(post.recall_state).label) if post.recall_state else ""
    return PostLine(
        channel_name(post.channel),
        str(Post.State(post.state).label),
        post.url,
        recall,
        desk.moment(post.recalled_at, zone) if post.recalled_at else "",
        post.has_task,
    )
