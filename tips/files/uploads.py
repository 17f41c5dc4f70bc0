"""A file on its way from a witness: sealed part by part, so that a broken line goes on where it stopped.

The token alone opens an upload; the database holds its keyed digest. No address is kept.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from tips.models import Upload
from trust import clock, keys, vault

PART = 1024 * 1024  # bytes a part at most; the page sends parts of this size
MOST_BYTES = 256 * 1024 * 1024
IDLE = timedelta(minutes=30)  # silent so long, one makes room where there is none for another
MOST_OPEN = 2_000  # uploads on their way at once in the whole deployment, against a full disk
MOST_FORGOTTEN = 50  # at once, in somebody's request
SPARE_BYTES = 1024**3  # of the disk that files of witnesses never take
LONGEST_NAME = 200


class UploadRefused(Exception):  # noqa: N818  (an answer to the page, not a fault)
    """Name why with a code: too_large, empty, too_many, unknown, wrong_offset, too_much, taken.

    `received` tells how many bytes have arrived, so that the page may go on from there.
    """

    def __init__(self, code: str, received: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.received = received


@dataclass(frozen=True)
class UploadState:
    """Tell how far an upload has come, in bytes."""

    id: UUID
    size: int
    received: int

    @property
    def is_whole(self) -> bool:
        return self.received == self.size


def begin(size: int, name: str, media_type: str) -> str:
    """Return the token of a new upload of `size` bytes. Raises UploadRefused: empty, too_large, too_many."""
    if size <= 0:
        raise UploadRefused("empty")
    if size > MOST_BYTES:
        raise UploadRefused("too_large")
    if _is_full(size) and (not _forget_idle() or _is_full(size)):
        raise UploadRefused("too_many")
    token, now = secrets.token_urlsafe(24), clock.now()
    upload = Upload(
        token_hash=_digest(token), size=size, media_type=media_type[:80], begun_at=now, heard_at=now
    )
    with transaction.atomic():
        keys.create(upload.pk, "upload")
        upload.name = name[:LONGEST_NAME]
        upload.save(force_insert=True)
    return token


def _is_full(size: int) -> bool:
    return Upload.objects.filter(taken_at=None).count() >= MOST_OPEN or not has_room(size)


def _forget_idle() -> int:
    """Remove some that nobody goes on with, those silent longest first; return how many."""
    idle = Upload.objects.filter(taken_at=None, heard_at__lte=clock.now() - IDLE).order_by("heard_at")
    return sum(_forget(upload) for upload in idle[:MOST_FORGOTTEN])


def _forget(upload: Upload) -> bool:
    """Remove one, unless a part or a tip came this moment."""
    still = Upload.objects.filter(pk=upload.pk, heard_at=upload.heard_at, taken_at=None)
    if not still.delete()[0]:
        return False
    keys.destroy(upload.pk)
    for key in upload.parts:
        vault.delete(key)
    return True


def has_room(size: int) -> bool:
    """Say whether the vault's disk stays SPARE_BYTES free: words and reports need little, and come first."""
    return shutil.disk_usage(settings.VAULT_DIR).free - size >= SPARE_BYTES


def put(token: str, offset: int, data: bytes) -> int:
    """Seal one part that begins at `offset`; return how many bytes have arrived.

    A part that came before is not taken twice. Raises UploadRefused: unknown, taken, wrong_offset, too_much.
    """
    upload = _of(token)
    if upload.taken_at is not None:
        raise UploadRefused("taken", upload.received)
    if offset + len(data) <= upload.received:  # its answer was lost, and it comes again
        return upload.received
    if offset != upload.received:
        raise UploadRefused("wrong_offset", upload.received)
    if len(data) > PART or offset + len(data) > upload.size:
        raise UploadRefused("too_much", upload.received)
    return _append(upload, data)


def state(token: str) -> UploadState:
    """Return how far it has come. Raises UploadRefused: unknown."""
    upload = _of(token)
    return UploadState(upload.pk, upload.size, upload.received)


def finish(token: str) -> UploadState:
    """End an upload whose size nobody knew when it began: what has come is all. Raises UploadRefused."""
    upload = _of(token)
    Upload.objects.filter(pk=upload.pk, taken_at=None, received__gt=0).update(size=F("received"))
    return state(token)


def cancel(token: str) -> None:
    """Forget an upload that nobody took, at the wish of whoever sends it. Raises UploadRefused: unknown."""
    upload = _of(token)
    if upload.taken_at is None and Upload.objects.filter(pk=upload.pk, taken_at=None).delete()[0]:
        keys.destroy(upload.pk)
        for key in upload.parts:
            vault.delete(key)


def _append(upload: Upload, data: bytes) -> int:
    key = vault.put(upload.pk, data)
    received = upload.received + len(data)
    still = Upload.objects.filter(pk=upload.pk, received=upload.received, taken_at=None)
    # Two requests with one part: the second finds another count, and its part is removed again.
    if still.update(received=received, parts=[*upload.parts, key], heard_at=clock.now()):
        return received
    vault.delete(key)
    upload.refresh_from_db()
    raise UploadRefused("wrong_offset", upload.received)


def _of(token: str) -> Upload:
    upload = Upload.objects.filter(token_hash=_digest(token)).first()
    if upload is None:
        raise UploadRefused("unknown")
    return upload


def _digest(token: str) -> str:
    return keys.token("upload", token)
