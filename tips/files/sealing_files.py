"""The original of an attachment: sealed in parts under the tip's key, its SHA-256 taken as it came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from django.db import transaction

from tips.media import kinds
from tips.models import Attachment
from trust import audit, clock, keys, vault

PART = 8 * 1024 * 1024  # bytes; what is longer lies in several files, none of which fills the memory


class AlreadyKept(Exception):  # noqa: N818  (it says what happened)
    """Another worker sealed the original meanwhile."""


def keep(attachment: Attachment, data: bytes) -> None:
    """Seal the bytes as the original of an attachment that has none yet; it is then KEPT, and due."""
    keep_parts(attachment, (data[start : start + PART] for start in range(0, len(data), PART)))


def keep_parts(attachment: Attachment, parts: Iterable[bytes]) -> None:
    """Seal what comes part by part, and write it down with its digest in one transaction.

    What was sealed for a row that then cannot be written is removed again. Raises AlreadyKept.
    """
    digest, size, start = hashlib.sha256(), 0, b""
    made: list[str] = []
    try:
        for part in parts:
            digest.update(part)
            size += len(part)
            start = start or part[:16]
            made.append(vault.put(attachment.tip_id, part))
        _write(attachment, made, digest.hexdigest(), size, start)
    except BaseException:
        for key in made:
            vault.delete(key)
        raise


def original(attachment: Attachment) -> bytes:
    """Return the original's bytes. Raises vault.NotKept, keys.KeyDestroyed, keys.SealBroken."""
    return b"".join(parts_of(attachment))


def parts_of(attachment: Attachment) -> Iterator[bytes]:
    """Yield the original part by part (see original)."""
    for key in keys_of(attachment):
        yield vault.get(attachment.tip_id, key)


def keys_of(attachment: Attachment) -> list[str]:
    """Return the vault's keys of the original, in order."""
    return attachment.original_parts or ([attachment.original_key] if attachment.original_key else [])


def sealed_digest(attachment: Attachment) -> str:
    """Return the SHA-256 under the tip's key: what the log holds, so that erasure forgets it."""
    return keys.digest(attachment.tip_id, attachment.original_sha256.encode())


def _write(attachment: Attachment, made: list[str], digest: str, size: int, start: bytes) -> None:
    attachment.original_key, attachment.original_parts = (made[0], []) if len(made) == 1 else ("", made)
    attachment.original_sha256, attachment.size = digest, size
    attachment.kind = _kind(attachment, start)
    attachment.state = Attachment.State.KEPT
    attachment.attempts, attachment.kept_at = 0, clock.now()
    attachment.next_at = attachment.kept_at
    with transaction.atomic():
        if not attachment._state.adding and not _still_waits(attachment):
            raise AlreadyKept
        attachment.save()
        said = attachment.said_sha256
        differs = bool(said) and said != digest
        audit.record(
            "attachment.sealed",
            attachment,
            after=sealed_digest(attachment),
            reason="differs" if differs else "",
        )


def _still_waits(attachment: Attachment) -> bool:
    waits = Attachment.objects.filter(pk=attachment.pk, state=Attachment.State.WAITING)
    return bool(waits.update(state=Attachment.State.KEPT))


def _kind(attachment: Attachment, start: bytes) -> str:
    """Trust the bytes; where they say nothing, a document stays one, sealed and never opened."""
    found = kinds.of_bytes(start)
    if found == kinds.VIDEO and attachment.kind == kinds.AUDIO:
        return kinds.AUDIO  # one container for both: a voice note in MP4 or WebM
    is_document = found == kinds.OTHER and attachment.kind == kinds.DOCUMENT
    return kinds.DOCUMENT if is_document else found
