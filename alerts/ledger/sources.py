"""The lines of what this deployment sends and shows itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from alerts.ledger.line import Line
from alerts.models import Alert, Version
from notifier import ledger
from notifier.ledger import LedgerLine
from notifier.models import Post
from trust.models import Task

KEPT = "not_recallable"  # whoever has a message keeps it, and is told of the end instead
REPLACED = "replaced"  # by the words of an update, in the same post


def sent(alert: Alert) -> Iterator[Line]:
    """Yield a line for every post, then for every batch and gateway it went by (five queries).

    The all-clear is not among them: it is what those told hear instead.
    """
    found = ledger.ledger([alert.pk, *alert.versions.values_list("pk", flat=True)])
    tasks = Task.objects.in_bulk([line.task for line in found if line.task])
    yield from (_post(line, tasks.get(line.task) if line.task else None) for line in found if line.post)
    yield from (_batch(line) for line in found if line.post is None)


def ours(alert: Alert) -> Iterator[Line]:
    """Yield what lies with us: from the end on page, feeds and documents are silent, the photos deleted."""
    if not alert.is_public:
        return
    over_at = alert.ended_at
    for what in ("page", "feed", "document"):
        yield Line("page", "", what, over_at, over_at, answer="gone" if over_at else "")
    for version in alert.versions.exclude(sent_at=None).exclude(photo_sha256="").order_by("number"):
        yield _photo(version, over_at)


def _post(line: LedgerLine, task: Task | None) -> Line:
    """Return what became of a post; one whose task a person finished is done when they said so."""
    is_open = task is not None and task.done_at is None
    said_at = task.done_at if task is not None and line.asked_at and not line.done_at else None
    was_replaced = line.state == Post.Recall.REPLACED
    return Line(
        line.channel, line.alias, "post", line.asked_at, line.done_at or said_at,
        answer=REPLACED if was_replaced else line.reason,
        task=line.task if is_open and not line.done_at else None,
        never_out=line.state in Post.OVER,
        subject=line.post, url=line.url, by_hand=bool(said_at) or line.by_hand,
    )  # fmt: skip


def _batch(line: LedgerLine) -> Line:
    """Return what became of messages: those that left stay where they are, those held back never left."""
    settled = line.done_at is not None
    return Line(
        line.channel, line.alias, "message", line.asked_at, line.done_at,
        answer=KEPT if line.told else "",
        is_impossible=settled and bool(line.told and line.asked_at),
        never_out=not line.told,
        count=line.told, subject=line.batch,
    )  # fmt: skip


def _photo(version: Version, over_at: datetime | None) -> Line:
    """Return what became of a public photo: it goes with the end, a withdrawn consent or another photo."""
    gone_at = None if version.public_photo else version.photo_gone_at or over_at
    return Line(
        "page", "", "photo", _least(over_at, gone_at), gone_at,
        answer="deleted" if gone_at else "", subject=version.pk,
    )  # fmt: skip


def _least(*times: datetime | None) -> datetime | None:
    return min((at for at in times if at is not None), default=None)
