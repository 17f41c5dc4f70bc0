"""What a tip leaves behind when it is forgotten: nothing of its files, its likenesses and its witness."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import IntegrityError, models, transaction

from tips.files import sealing_files
from tips.models import Attachment, Mark, Print, Upload, Witness
from trust import audit, clock, keys, vault

SILENT_FOR = timedelta(days=1)  # an upload that sent nothing so long will not go on
TAKEN_FOR = timedelta(days=8)  # a worker takes over what a tip took; longer than any file is tried for
AT_ONCE = 500


def attachments_of(tips: Collection[UUID]) -> int:
    """Destroy what came along with the tips, before their keys are; return how many files. One transaction.

    The print of a file that others sent too goes to one of theirs, so that it stays known. What is frozen
    must not be among them: it is kept until its freeze is taken back.
    """
    rows = list(Attachment.objects.filter(tip__in=tips))
    for row in rows:
        _hand_on(row, tips)
        for key in [*sealing_files.keys_of(row), row.copy_key, row.still_key]:
            if key:
                transaction.on_commit(partial(vault.delete, key))
        audit.record("attachment.destroyed", row)
    Mark.objects.filter(tip__in=tips).delete()
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _hand_on(row: Attachment, tips: Collection[UUID]) -> None:
    """Give its print to another attachment of the same bytes that has none."""
    held = row.prints.first()
    if held is None or not held.packed:
        return
    same = Attachment.objects.filter(original_sha256=row.original_sha256, prints=None).exclude(tip__in=tips)
    heir = same.order_by("kept_at").first()
    if heir is not None:
        copied = Print(kind=held.kind, owner=heir.tip_id, attachment=heir)
        copied.packed = held.packed
        copied.save(force_insert=True)


def witnesses(known: Iterable[UUID]) -> int:
    """Forget those of these witnesses of whom no tip is left; return how many.

    Who asked for silence is still spared by the digest of the address, on a row without it.
    """
    forgotten = 0
    for witness in Witness.objects.filter(pk__in=list(known), tips=None):
        try:
            with transaction.atomic():
                Witness.objects.filter(pk=witness.pk).delete()
                _spare(witness)
        except (models.ProtectedError, IntegrityError):  # a new tip of theirs came this moment
            continue
        keys.destroy(witness.pk)
        forgotten += 1
    return forgotten


def _spare(witness: Witness) -> None:
    if witness.stopped_at is not None:
        Witness.objects.create(
            channel=witness.channel, token=witness.token, language=witness.language,
            first_at=witness.first_at, stopped_at=witness.stopped_at,
        )  # fmt: skip


def uploads(*, dry_run: bool = False) -> int:
    """Remove uploads that are silent for a day and that no tip took; return how many."""
    now = clock.now()
    silent = Upload.objects.filter(taken_at=None, heard_at__lt=now - SILENT_FOR)
    left = Upload.objects.filter(taken_at__lt=now - TAKEN_FOR)
    if dry_run:
        return silent.count() + left.count()
    gone = 0
    for upload in [*silent[:AT_ONCE], *left[:AT_ONCE]]:
        # A part or a tip that came this moment keeps it.
        still = Upload.objects.filter(pk=upload.pk, heard_at=upload.heard_at, taken_at=upload.taken_at)
        if still.delete()[0]:
            keys.destroy(upload.pk)
            for key in upload.parts:
                vault.delete(key)
            gone += 1
    return gone
