"""What comes along with a tip: expected, fetched, sealed, copied, looked at. The rows are the queue.

A row that waits has `next_at`; a worker claims it by moving that on by LEASE_S, so that two never work at
one, and what a killed worker held is due again once its lease is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from notifier import waking
from notifier.incoming import IncomingFile
from notifier.models import InboundEvent
from tips.files import rooms, sealing_files
from tips.files.working import work
from tips.media import kinds
from tips.models import Attachment, Tip, Upload
from trust import clock

__all__ = ["MOST_FILES", "WORK", "add", "due", "expect", "keep", "take", "wake", "wake_next", "work"]

WORK = "tips.work_attachment"  # the task: sent by name, with the id alone
MOST_FILES = 30  # of one tip; Messenger sends as many at once
LONGEST_NAME = 200


def expect(tip: Tip, files: Sequence[IncomingFile], *, alias: str = "") -> list[Attachment]:
    """Write down what comes along with a message, for a worker to fetch. In the caller's transaction.

    A tip takes MOST_FILES; what comes beyond is written down as refused. alias: the gateway it came by, where
    it was not that of the tip's first message.
    """
    if not alias and tip.event_id:
        first = InboundEvent.objects.filter(pk=tip.event_id).values_list("alias", flat=True).first()
        alias = first or ""
    return [_expected(tip, file, alias) for file in files]


def add(tip: Tip, name: str, media_type: str, data: bytes) -> Attachment | None:
    """Keep a file that came with a form, or by an officer's hand; None where the tip has MOST_FILES."""
    if not _has_room(tip):
        return None
    return keep(_row(tip, name, media_type), data)


def keep(attachment: Attachment, data: bytes) -> Attachment:
    """Seal the original of an attachment, saved or not, and have a worker look at it."""
    sealing_files.keep(attachment, data)
    wake(attachment)
    return attachment


def take(tip: Tip, upload_ids: Iterable[UUID]) -> list[Attachment]:
    """Make whole uploads the tip's, each once; a worker seals them anew under the tip's key.

    What is not whole, or was taken by another tip, is left out.
    """
    rows = []
    for upload in Upload.objects.filter(pk__in=list(upload_ids), received=F("size")).order_by("begun_at"):
        free = Upload.objects.filter(pk=upload.pk, taken_at=None)
        if not _has_room(tip) or not free.update(taken_at=clock.now()):
            continue
        row = _row(tip, upload.name or "", upload.media_type)
        row.source, row.next_at = {"upload": str(upload.pk)}, clock.now()
        row.save(force_insert=True)
        wake(row)
        rows.append(row)
    return rows


def due(now: datetime | None = None) -> list[UUID]:
    """Return the ids of what a worker may take up now: a few videos and a few others (two queries).

    No more than are worth a wake-up: each that is done wakes the next by `wake_next`.
    """
    # The first file of each tip comes first: thirty films of one hand hold up nobody else's.
    waiting = Attachment.objects.filter(next_at__lte=now or clock.now()).order_by("position", "next_at")
    ids = waiting.values_list("pk", flat=True)
    videos, others = ids.filter(kind=Attachment.Kind.VIDEO), ids.exclude(kind=Attachment.Kind.VIDEO)
    return [*videos[: rooms.count(rooms.LONG)], *others[: rooms.count(rooms.SHORT)]]


def wake_next() -> None:
    """Have workers take up what is due now. Never raises."""
    for attachment_id in due():
        waking.send(WORK, str(attachment_id))


def wake(attachment: Attachment) -> None:
    """Have a worker take it up once the caller's transaction is committed. Never raises."""
    transaction.on_commit(partial(waking.send, WORK, str(attachment.pk)), robust=True)


def _expected(tip: Tip, file: IncomingFile, alias: str) -> Attachment:
    row = _row(tip, file.name, file.media_type)
    row.said_sha256 = file.sha256.lower()[:64]
    row.source = {"alias": alias, **file.source()}
    if file.is_voice:
        row.kind = Attachment.Kind.AUDIO
    if row.position < MOST_FILES:
        row.next_at = clock.now()
        wake(row)
    else:
        row.state, row.facts = Attachment.State.REFUSED, {"trouble": "too_many", "against": []}
    row.save(force_insert=True)
    return row


def _row(tip: Tip, name: str, media_type: str) -> Attachment:
    last = tip.attachments.aggregate(last=Max("position"))["last"]
    return Attachment(
        tip=tip,
        position=0 if last is None else last + 1,
        kind=kinds.of_media_type(media_type),
        media_type=media_type[:80],
        name=name[:LONGEST_NAME] or None,
    )


def _has_room(tip: Tip) -> bool:
    return tip.attachments.count() < MOST_FILES
