"""The progress of an alert, in the words and bars of the officer's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from alerts import forecast, preview, render
from alerts.channels import is_known, per_second
from alerts.forecast import Load
from alerts.models import Alert, Version
from alerts.outlook import ring_name
from alerts.progress import PostProgress, Progress, RingProgress, Stopped, open_tasks, progress, subjects_of
from cases.sheet import channel_name
from notifier.meanings import meaning
from notifier.models import Post
from trust import clock, desk
from trust.models import Officer, Task

LOST = ("failed", "withdrawn", "expired", "suppressed")


@dataclass(frozen=True)
class Bar:
    """Hold one bar: of `total` people, how many a gateway took, arrived, are lost, on the wire, wait."""

    name: str
    total: int
    accepted: int
    delivered: int
    unknown: int
    lost: int
    sending: int
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
class ErrorLine:
    channel: str
    meaning: str
    count: int


@dataclass(frozen=True)
class TaskLine:
    """Hold what a person owes, and who; `late` once it is past its time."""

    words: str
    detail: str
    owner: str
    url: str
    due: str
    late: bool


@dataclass(frozen=True)
class Watched:
    """Hold the page's figures; `moves` says that they may still change."""

    total: Bar
    channels: tuple[Bar, ...]
    rings: tuple[Bar, ...]
    updates: tuple[Bar, ...]
    ends: Bar
    posts: tuple[PostLine, ...]
    errors: tuple[ErrorLine, ...]
    tasks: tuple[TaskLine, ...]
    open_tasks: int
    times: tuple[tuple[str, str, bool], ...]
    stopped: Stopped | None
    moves: bool


def watched(alert: Alert, officer: Officer) -> Watched:
    """Return the figures (the queries of alerts.progress, and six)."""
    zone, now = desk.zone_of(officer), progress(alert)
    first = [ring for ring in now.rings if ring.kind != "update"]
    again = [ring for ring in now.rings if ring.kind == "update"]
    total, ends = _sum(_("All"), first), _sum(_("All"), now.ends)
    is_done = now.fan_out_done and not any(ring.queued for ring in now.rings)
    return Watched(
        total=total,
        channels=_bars(first, lambda ring: channel_name(ring.channel)),
        rings=_bars(first, lambda ring: ring_name(ring.ring)),
        updates=_bars(again, lambda ring: _("Update, version %(number)s") % {"number": ring.version}),
        ends=ends,
        posts=tuple(_post(post, zone) for post in now.posts),
        errors=tuple(
            ErrorLine(channel_name(line.channel), meaning(line.kind), line.count) for line in now.errors
        ),
        tasks=tuple(_tasks(alert, zone)),
        open_tasks=now.open_tasks,
        times=_times(zone, now, _predicted(alert, now, is_done=is_done), is_done=is_done),
        stopped=now.stopped,
        moves=alert.is_live or bool(ends.waiting or ends.sending),
    )


def _times(
    zone: ZoneInfo, now: Progress, predicted_at: datetime | None, *, is_done: bool
) -> tuple[tuple[str, str, bool], ...]:
    last = _("Last accepted: all told") if is_done else _("Last accepted so far")
    found = (
        (_("Signature"), now.signed_at),
        (_("First accepted"), now.first_accepted_at),
        (_("All told at the agreed rates"), predicted_at),
        (last, now.last_accepted_at),
        (_("End"), now.ended_at),
    )
    return tuple((name, desk.moment(when, zone), when is not None) for name, when in found)


def _predicted(alert: Alert, now: Progress, *, is_done: bool) -> datetime | None:
    """Return when the last phone is told at the gateways' agreed rates.

    Of what is done: counted from the signature of the version in force; of what goes on: from now.
    """
    in_force = alert.versions.in_force().order_by("-number").first()
    if in_force is None or in_force.sent_at is None or not now.rings:
        return None
    in_force.alert = alert
    parts, at = _parts(in_force), clock.now()
    counted = [ring for ring in now.rings if not ring.replaced]
    loads = [
        _load(ring, ring.all_by_language if is_done else ring.waiting_by_language, parts) for ring in counted
    ]
    rates = {load.channel: per_second(load.channel) for load in loads if is_known(load.channel)}
    if not any(rates.values()):
        return None
    return (in_force.sent_at if is_done else at) + timedelta(seconds=forecast.seconds(loads, rates))


def _load(ring: RingProgress, languages: Mapping[str, int], parts: Mapping[tuple[str, str], int]) -> Load:
    units = sum(count * parts.get((ring.channel, language), 1) for language, count in languages.items())
    return Load(ring.channel, ring.ring, units)


def _parts(version: Version) -> dict[tuple[str, str], int]:
    columns = preview.columns(render.composed(version, clock.now()))
    return {(said.code, column.code): said.parts for column in columns for said in column.said}


def _tasks(alert: Alert, zone: ZoneInfo) -> Iterable[TaskLine]:
    """Yield what is owed about the alert and its posts, with who answers (two queries)."""
    subjects = subjects_of(alert, alert.versions.all())
    posts = list(Post.objects.filter(subject__in=subjects).values_list("pk", flat=True))
    now = clock.now()
    for task in open_tasks([*subjects, *posts]).select_related("owner"):
        yield TaskLine(
            desk.task_words(task),
            _detail(task),
            str(task.owner) if task.owner else "",
            reverse("admin:trust_task_change", args=[task.pk]),
            desk.moment(task.due_at, zone) if task.due_at else "",
            late=bool(task.due_at and task.due_at < now),
        )


def _detail(task: Task) -> str:
    """Return the channel that a task is about, or the reason of a gateway."""
    code = task.detail_code
    if not code:
        return ""
    return channel_name(code) if is_known(code) else meaning(code)


def _bars(rings: Iterable[RingProgress], name_of: Callable[[RingProgress], str]) -> tuple[Bar, ...]:
    groups: dict[str, list[RingProgress]] = {}
    for ring in rings:
        groups.setdefault(name_of(ring), []).append(ring)
    bars = (_sum(name, group) for name, group in groups.items())
    return tuple(bar for bar in bars if bar.total)


def _sum(name: str, rings: Sequence[RingProgress]) -> Bar:
    """Return one bar; who is told by a later version instead is counted there."""
    replaced = sum(ring.replaced for ring in rings)
    return Bar(
        name,
        total=sum(ring.targeted for ring in rings) - replaced,
        accepted=sum(ring.accepted for ring in rings),
        delivered=sum(ring.delivered for ring in rings),
        unknown=sum(ring.unknown for ring in rings),
        lost=sum(getattr(ring, state) for ring in rings for state in LOST) - replaced,
        sending=sum(ring.sending for ring in rings),
        waiting=sum(ring.queued - ring.sending for ring in rings),
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
