"""One alert in the report: versions, reach, what the stop did, what was taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q

from alerts import comparing, ledger
from alerts.after.model import (
    AIM_S,
    AlertPart,
    Clock,
    Counts,
    Duration,
    ErrorLine,
    Reach,
    Reached,
    RecallLine,
    StopLine,
    TaskLine,
    VersionLine,
    between,
)
from alerts.ledger import Line
from alerts.lint import RELEASABLE, RELEASED
from alerts.models import Alert, Version
from alerts.progress import Progress, RingProgress, progress, subjects_of
from cases.models import Case
from geo.shapes import Area
from notifier.ledger import equation
from notifier.models import Chunk
from trust.models import Task

HOUR_S = 3600
UPDATE = "update"


def part(case: Case, alert: Alert, now: datetime) -> AlertPart:
    """Return what the report says of one alert (some twenty queries, none by the size of the audience)."""
    versions = list(alert.versions.order_by("number"))
    seen, subjects = progress(alert), subjects_of(alert, versions)
    ends = [UUID(subject) for version in versions for subject in version.end_subjects.values()]
    first = [ring for ring in seen.rings if ring.kind != UPDATE]
    again = [ring for ring in seen.rings if ring.kind == UPDATE]
    lines = ledger.lines(alert)
    posts = [line for line in lines if line.what == "post"]
    tasks = tuple(_tasks([*subjects, *ends, *(line.subject for line in posts if line.subject)]))
    last_at = _last_left(subjects)
    recalled_at = max((line.done_at for line in posts if line.asked_at and line.done_at), default=None)
    told_end_at = _last_left(ends)
    clocks = _clocks(alert, versions, seen, last_at, told_end_at, recalled_at)
    return AlertPart(
        code=alert.code,
        kind=alert.kind,
        state=alert.state,
        ended_as=alert.ended_as,
        clocks=clocks,
        durations=tuple(_durations(case, clocks, now if alert.state != Alert.State.ENDED else None, seen)),
        versions=tuple(map(_version, versions)),
        reach=_reach(first, [alert.pk]),
        updates=_reach(again, [version.pk for version in versions]),
        end=_reach(seen.ends, ends),
        errors=tuple(ErrorLine(one.channel, one.kind, one.count) for one in seen.errors),
        stop=_stop(seen),
        recalls=tuple(map(_recall, ledger.gathered(lines))),
        tasks=tasks,
    )


def _clocks(
    alert: Alert,
    versions: list[Version],
    seen: Progress,
    last_at: datetime | None,
    told_end_at: datetime | None,
    recalled_at: datetime | None,
) -> tuple[Clock, ...]:
    return (
        Clock("drafted", min((version.created_at for version in versions), default=None)),
        Clock("proposed", min((v.proposed_at for v in versions if v.proposed_at), default=None)),
        Clock("signed", seen.signed_at),
        Clock("first_accepted", seen.first_accepted_at),
        Clock("last_message", last_at),
        Clock("ended", alert.ended_at),
        Clock("end_told", told_end_at),
        Clock("last_recall", recalled_at),
    )


def _durations(
    case: Case, clocks: Iterable[Clock], now: datetime | None, seen: Progress
) -> Iterator[Duration]:
    """Yield them under the names that the drill gives them; now: None once nothing more can come."""
    at: Mapping[str, datetime | None] = {clock.code: clock.at for clock in clocks}
    yield between("accept_to_propose", case.accepted_at, at["proposed"])
    yield between("propose_to_sign", at["proposed"], at["signed"])
    may_come = now if at["proposed"] else None
    yield between("report_to_sign", case.received_at, at["signed"], aim_s=AIM_S, now=may_come)
    yield between("sign_to_first_accepted", at["signed"], at["first_accepted"])
    yield between("sign_to_last_message", at["signed"], at["last_message"])
    stopped = seen.stopped
    if at["ended"]:
        yield Duration("stand_down_to_last_send", (stopped.seconds_to_last or 0.0) if stopped else None)
        yield between("stand_down_to_end_told", at["ended"], at["end_told"])
        yield between("stand_down_to_last_recall", at["ended"], at["last_recall"])


def _last_left(subjects: list[UUID]) -> datetime | None:
    """Return when the last chunk of messages was done with; None while one is open, or there is none."""
    work = Chunk.objects.filter(batch__subject__in=subjects)
    told = work.aggregate(last=Max("done_at"), still_open=Count("pk", filter=Q(done_at=None)))
    last: datetime | None = told["last"]
    return None if told["still_open"] else last


def _version(version: Version) -> VersionLine:
    found = version.warnings or ()
    return VersionLine(
        number=version.number,
        state=version.state,
        digest=version.digest,
        identifier=version.identifier or "",
        channels=tuple(version.channels),
        hours=round(version.duration_s / HOUR_S, 2),
        km2=round(comparing.km2(Area.from_json(version.area).planar), 1),
        has_photo=bool(version.photo_sha256),
        drafted_by=account(version.created_by_id),
        proposed_at=version.proposed_at,
        proposed_by=account(version.proposed_by_id),
        sent_at=version.sent_at,
        sent_by=account(version.sent_by_id),
        signed_by=account(version.signed_by_id),
        ground=version.ground,
        expires_at=version.expires_at,
        warnings=tuple(line["code"] for line in found),
        released=tuple(sorted({RELEASABLE[line["code"]] for line in found if line["detail"] == RELEASED})),
    )


def account(pk: UUID | None) -> str:
    """Return the account as the log names it, "" for nobody."""
    return str(pk) if pk else ""


def _reach(rings: Iterable[RingProgress], subjects: list[UUID]) -> Reach:
    lines = tuple(
        Reached(
            ring.channel,
            ring.ring,
            Counts(
                ring.targeted, ring.accepted, ring.delivered, ring.unknown, ring.failed, ring.withdrawn,
                ring.expired, ring.suppressed, ring.queued,
            ),
        )
        for ring in rings
    )  # fmt: skip
    return Reach(lines, equation(subjects).targeted)


def _stop(seen: Progress) -> StopLine | None:
    done = seen.stopped
    return StopLine(done.withdrawn, done.in_flight, done.seconds_to_last) if done else None


def _recall(line: Line) -> RecallLine:
    """Return a line of the ledger as the report has it."""
    return RecallLine(
        line.what, line.channel, line.alias, line.state, line.count, line.asked_at, line.done_at,
        "by_hand" if line.by_hand else line.answer, str(line.task or ""),
    )  # fmt: skip


def _tasks(subjects: list[UUID]) -> Iterator[TaskLine]:
    for task in Task.objects.filter(subject__in=subjects).order_by("created_at"):
        yield TaskLine(
            str(task.pk), task.kind, task.detail_code, account(task.owner_id), task.created_at, task.due_at,
            task.done_at, task.result,
        )  # fmt: skip
