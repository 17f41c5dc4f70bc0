"""One attachment on its way: fetched, sealed, copied, compared; each step is done once, whoever does it.

    WAITING -> (fetched, or taken from an upload) -> KEPT -> (copied, read, compared) -> READY | UNREADABLE
    WAITING -> GONE | REFUSED

A worker claims a row by moving `next_at` on by LEASE; what it writes at the end it writes only while the
lease is still its own. A killed worker's row is due again after that, MOST_TRIES times.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from notifier import fetching
from notifier.exceptions import DeliveryError, Gone, NotifierError, TooLarge
from tips import placing
from tips.files import copying, facts, freezing, likening, rooms, sealing_files, twins, uploads
from tips.models import Attachment, Upload
from trust import audit, clock, keys, vault

LEASE = timedelta(minutes=15)  # three processes of a long video and a wait for room, on a busy machine
FETCHED_UNTIL = timedelta(days=7)  # WhatsApp keeps a file so long for its id
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=20), timedelta(hours=3)
LARGEST = 100_000_000  # bytes, of what a provider hands out
MOST_TRIES = 4  # at a copy; a file that killed its worker so often is left alone

State = Attachment.State


def work(attachment_id: UUID) -> bool:
    """Do all that is due for one attachment, for a worker process alone; return whether there was room.

    Nothing is done where another worker has it, or where this machine reads as many files as it should; the
    sweep, and whoever frees a room, finds it again.
    """
    kind = Attachment.objects.filter(pk=attachment_id).values_list("kind", flat=True).first()
    if kind is None:
        return False
    with rooms.room(_room_for(kind)) as is_free:
        if is_free:
            _work(attachment_id)
    return is_free


def _room_for(kind: str) -> str:
    return rooms.LONG if kind == Attachment.Kind.VIDEO else rooms.SHORT


def _work(attachment_id: UUID) -> None:
    row = _claim(attachment_id)
    if row is not None and row.state == State.WAITING:
        room = _room_for(row.kind)
        _fetch(row)
        if _room_for(row.kind) != room:  # it is not what it was said to be: its own room is asked for
            return
        row = _claim(attachment_id)
    if row is not None and row.state == State.KEPT:
        _look(row)


def _claim(attachment_id: UUID) -> Attachment | None:
    """Return the row with its lease in next_at, None where nothing is due or another worker has it."""
    now = clock.now()
    free = Attachment.objects.filter(
        pk=attachment_id, next_at__lte=now, state__in=(State.WAITING, State.KEPT)
    )
    if not free.update(next_at=now + LEASE, attempts=F("attempts") + 1):
        return None
    return Attachment.objects.select_related("tip__unit").get(pk=attachment_id)


def _fetch(row: Attachment) -> None:
    source: Mapping[str, str] = row.source or {}
    if "upload" in source:
        _take_over(row, UUID(source["upload"]))
        return
    if not uploads.has_room(LARGEST):  # the provider keeps it for days; the database's disk does not wait
        _wait(row)
        return
    alias = source.get("alias", "")
    try:
        found = fetching.fetch(alias, source)
    except Gone:
        _give_up(row, State.GONE, "gone")
    except TooLarge:
        _give_up(row, State.REFUSED, "too_large")
    except DeliveryError as error:
        _give_up(row, State.GONE, "refused") if error.permanent else _wait(row, error.retry_after_s)
    except NotifierError:  # nothing is wrong with the file: a setting is, or the line
        _wait(row)
    else:
        _seal(row, found)
        fetching.let_go(alias, source)


def _seal(row: Attachment, found: fetching.Fetched) -> None:
    told = "" if row.media_type.endswith("/*") else row.media_type  # Meta says "image" of all pictures
    row.media_type = (told or found.media_type or row.media_type)[:80]
    with contextlib.suppress(sealing_files.AlreadyKept):
        sealing_files.keep(row, found.data)


def _take_over(row: Attachment, upload_id: UUID) -> None:
    """Seal an upload anew under the tip's key, then forget it."""
    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None:
        _give_up(row, State.GONE, "gone")
        return
    try:
        sealing_files.keep_parts(row, _joined(upload))
    except (vault.NotKept, keys.KeyDestroyed):
        _give_up(row, State.GONE, "gone")
    except sealing_files.AlreadyKept:
        return
    Upload.objects.filter(pk=upload.pk).delete()
    keys.destroy(upload.pk)
    for key in upload.parts:
        vault.delete(key)


def _joined(upload: Upload) -> Iterator[bytes]:
    """Yield an upload's parts in pieces of the size that originals are kept in."""
    held = b""
    for key in upload.parts:
        held += vault.get(upload.pk, key)
        if len(held) >= sealing_files.PART:
            yield held
            held = b""
    if held:
        yield held


def _wait(row: Attachment, wanted_s: float | None = None) -> None:
    """Have it tried again after a growing pause; give up once no provider has it any more."""
    now = clock.now()
    if now > row.tip.received_at + FETCHED_UNTIL:
        _give_up(row, State.GONE, "gone")
        return
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 12), LONGEST_PAUSE)
    if wanted_s:
        pause = min(max(pause, timedelta(seconds=wanted_s)), LONGEST_PAUSE)
    _mine(row).update(next_at=now + pause)


def _give_up(row: Attachment, state: str, code: str) -> None:
    with transaction.atomic():
        if not _mine(row).update(state=state, next_at=None):
            return
        row.state, row.next_at = state, None
        row.facts = {"trouble": code, "against": []}
        row.save(update_fields=["facts"])
        audit.record("attachment.gone", row, reason=code)


def _look(row: Attachment) -> None:
    """Make the copy, read the facts, find the likenesses; then the tip is assessed again."""
    if freezing.freeze_as_twin(row):
        return
    twin = twins.of(row)
    if twin is not None and twin.copy_bytes() is not None:
        _finish(row, partial(_give, twin, row))
        return
    if twins.is_being_made(row):
        _mine(row).update(next_at=clock.now() + FIRST_PAUSE, attempts=F("attempts") - 1)
        return
    made = _made(row)
    if made is None:
        _mine(row).update(next_at=clock.now() + FIRST_PAUSE * row.attempts)
        return
    row.likenesses = likening.find(row, made.looks) if made.looks else []
    row.facts = facts.of(row, made.origin, {**made.shown, "trouble": made.trouble})
    _finish(row, partial(_write, row, made))


def _made(row: Attachment) -> copying.Made | None:
    """Return what could be made, with its trouble where nothing could; None: the machine was busy."""
    if row.attempts > MOST_TRIES:
        return copying.Made(trouble="gave_up")
    made = copying.make(row.kind, sealing_files.original(row))
    is_busy = made.trouble == copying.PASSING and made.copy is None
    return None if is_busy and row.attempts < MOST_TRIES else made


def _write(row: Attachment, made: copying.Made) -> None:
    row.state = State.READY if made.copy else State.UNREADABLE
    row.copy_type = made.copy_type
    row.copy_key = vault.put(row.tip_id, made.copy) if made.copy else ""
    row.still_key = vault.put(row.tip_id, made.still) if made.still else ""
    if made.looks:
        row.prints.all().delete()  # of a try that was cut off
        likening.keep(row, made.looks)
    _say_copied(row)


def _give(twin: Attachment, row: Attachment) -> None:
    twins.give(twin, row)
    _say_copied(row)


def _say_copied(row: Attachment) -> None:
    trouble = (row.facts or {}).get("trouble", "")
    audit.record("attachment.copied" if row.copy_key else "attachment.unreadable", row, reason=trouble)


def _finish(row: Attachment, write: Callable[[], None]) -> None:
    """Write all in one transaction, if the lease is still ours: else another did it, or it is frozen.

    Then the tip is assessed in a transaction of its own: what was made is not lost with it.
    """
    try:
        with transaction.atomic():
            if not _mine(row).update(next_at=None):
                raise _LostError
            row.next_at = None
            write()
            row.save()
    except BaseException as error:
        for key in filter(None, (row.copy_key, row.still_key)):
            vault.delete(key)
        if isinstance(error, _LostError):
            return
        raise
    with transaction.atomic():
        placing.look(row.tip)


class _LostError(Exception):
    """Another worker has the row now, or a person froze it."""


def _mine(row: Attachment) -> Any:
    return Attachment.objects.filter(pk=row.pk, next_at=row.next_at, state=row.state)


def overdue(now: datetime) -> int:
    """Return how many attachments wait longer than their lease: for the desk's health."""
    return Attachment.objects.filter(next_at__lt=now - LEASE).count()
