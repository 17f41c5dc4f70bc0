"""How far a live alert went, and what its end still owes, as the officer's page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from alerts.drafting_form import channel_name
from alerts.models import Alert
from alerts.targeting import EDGES_M
from notifier.ledger import Equation, LedgerLine, equation, equations_by_channel, ledger
from notifier.models import Delivery, Post
from trust import desk
from trust.models import Officer, Task


@dataclass(frozen=True)
class Bar:
    """Hold one bar: how many of `total` left us, of which how many arrived."""

    name: str
    total: int
    gone: int
    delivered: int
    failed: int
    waiting: int


@dataclass(frozen=True)
class TakenBack:
    """Hold one thing that was posted or sent, and what became of taking it back."""

    channel: str
    state: str
    url: str
    at: str
    is_open: bool


@dataclass(frozen=True)
class Watched:
    total: Equation
    channels: tuple[Bar, ...]
    rings: tuple[Bar, ...]
    posts: tuple[TakenBack, ...]
    tasks: tuple[Task, ...]
    told_of_end: Equation
    live_at: str
    ended_at: str


def watched(alert: Alert, officer: Officer) -> Watched:
    """Return the counts (some eight queries, whatever the number of people)."""
    zone = desk.zone_of(officer)
    said, ends = said_subjects(alert), end_subjects(alert)
    return Watched(
        total=equation(said),
        channels=tuple(_bar(channel_name(name), counts) for name, counts in equations_by_channel(said).items()),
        rings=tuple(_rings(said)),
        posts=tuple(
            _post(line, desk.moment(line.done_at, zone)) for line in ledger([*said, *ends]) if line.post
        ),
        tasks=tuple(Task.objects.still_open().filter(subject__in=_task_subjects(alert, said))),
        told_of_end=equation(ends),
        live_at=desk.moment(alert.live_at, zone),
        ended_at=desk.moment(alert.ended_at, zone),
    )


def said_subjects(alert: Alert) -> list[UUID]:
    """Return what was said while it lived: the alert itself and its updates."""
    return [alert.pk, *alert.versions.values_list("pk", flat=True)]


def end_subjects(alert: Alert) -> list[UUID]:
    subjects = alert.versions.values_list("end_subjects", flat=True)
    return [UUID(subject) for ends in subjects for subject in (ends or {}).values()]


def _task_subjects(alert: Alert, said: list[UUID]) -> list[UUID]:
    lines = ledger(said)
    return [*said, alert.case_id, *(line.post for line in lines if line.post)]


def _bar(name: str, counts: Equation) -> Bar:
    return Bar(
        name,
        counts.targeted,
        counts.targeted - counts.queued,
        counts.delivered,
        counts.failed + counts.expired + counts.withdrawn,
        counts.queued,
    )


def _rings(subjects: Iterable[UUID]) -> list[Bar]:
    state = Delivery.State
    rows = (
        Delivery.objects.about(subjects)
        .values_list("batch__ring")
        .annotate(
            total=Count("pk"),
            waiting=Count("pk", filter=Q(state__in=[state.QUEUED, state.SENDING])),
            delivered=Count("pk", filter=Q(state=state.DELIVERED)),
            failed=Count("pk", filter=Q(state__in=[state.FAILED, state.EXPIRED, state.WITHDRAWN])),
        )
        .order_by("batch__ring")
    )
    return [
        Bar(ring_name(ring), total, total - waiting, delivered, failed, waiting)
        for ring, total, waiting, delivered, failed in rows
    ]


def ring_name(ring: int) -> str:
    """Return the distance a ring stands for; the last one holds those who follow a region."""
    if ring < len(EDGES_M):
        return _("up to %(km)s km") % {"km": f"{EDGES_M[ring] / 1000:g}"}
    return _("beyond") if ring == len(EDGES_M) else _("followers of a region")


def _post(line: LedgerLine, at: str) -> TakenBack:
    names = {**dict(Post.State.choices), **dict(Post.Recall.choices)}
    return TakenBack(
        channel_name(line.channel), str(names.get(line.state, line.state)), line.url, at, line.is_silent
    )
