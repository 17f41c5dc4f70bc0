"""Known footage: what was found to be old or false is recognised from then on, whoever sends it."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import partial

from django.db import transaction

from tips.files import copying, likening, sealing_files
from tips.media import kinds
from tips.models import Attachment, Footage, Print, Tip
from tips.refusals import TipRefused
from trust import audit, clock, keys, vault
from trust.models import Officer

ADD_RIGHT = "tips.add_footage"
LONGEST_TITLE, LONGEST_ORIGIN = 200, 1_000


def add(
    attachment: Attachment, officer: Officer, title: str, origin: str, happened_on: date | None
) -> Footage:
    """Keep a tip's picture or clip among the known ones, under a key of its own; return it.

    title, origin: what it shows, and where it is really from. Raise TipRefused: no_permission, not_yours,
    no_words, too_long, frozen, not_kept, known_already.
    """
    if not officer.has_perm(ADD_RIGHT):
        raise TipRefused("no_permission")
    if not Tip.objects.for_officer(officer).filter(pk=attachment.tip_id).exists():
        raise TipRefused("not_yours")
    if attachment.state == Attachment.State.FROZEN:
        raise TipRefused("frozen")
    held = _print_of(attachment)
    if held is None:
        raise TipRefused("not_kept")
    still = vault.find(attachment.tip_id, attachment.still_key) if attachment.still_key else None
    row = _new(attachment.kind, attachment.original_sha256, title, origin, happened_on)
    row.attachment_id, row.added_by = attachment.pk, officer
    with transaction.atomic():
        _write(row, sealing_files.original(attachment), still)
        copied = Print(kind=held.kind, owner=row.pk, footage=row)
        copied.packed = held.packed
        copied.save(force_insert=True)
        audit.record("footage.added", row, actor=officer)
    return row


def add_file(data: bytes, title: str, origin: str, happened_on: date | None) -> Footage:
    """Keep a file that no tip brought (the command). Raise TipRefused: known_already, not_kept, no_words."""
    kind = kinds.of_bytes(data[:16])
    row = _new(kind, hashlib.sha256(data).hexdigest(), title, origin, happened_on)
    made = copying.make_looks(kind, data)
    if made.looks is None:
        raise TipRefused("not_kept")
    with transaction.atomic():
        _write(row, data, made.still)
        likening.seal(made.looks, row.pk, footage=row)
        audit.record("footage.added", row)
    return row


def remove(row: Footage, officer: Officer) -> None:
    """Forget known footage: key, files and prints; the row stays without a word. Raise TipRefused."""
    if not officer.has_perm(ADD_RIGHT):
        raise TipRefused("no_permission")
    gone = [key for key in (row.original_key, row.still_key) if key]
    with transaction.atomic():
        row.prints.all().delete()
        keys.destroy(row.pk)
        Footage.objects.filter(pk=row.pk).update(
            title=None, origin=None, original_key="", still_key="", erased_at=clock.now(),
            original_sha256=f"erased {row.pk.hex}",
        )  # fmt: skip
        audit.record("footage.removed", row, actor=officer)
        for key in gone:
            transaction.on_commit(partial(vault.delete, key))


def still_of(row: Footage) -> bytes | None:
    """Return its small picture; None where there is none, or what it shows is frozen."""
    return None if row.frozen_at or not row.still_key else vault.find(row.pk, row.still_key)


def _new(kind: str, sha256: str, title: str, origin: str, happened_on: date | None) -> Footage:
    title, origin = title.strip(), origin.strip()
    if not title or not origin:
        raise TipRefused("no_words")
    if len(title) > LONGEST_TITLE or len(origin) > LONGEST_ORIGIN:
        raise TipRefused("too_long")
    if Footage.objects.filter(original_sha256=sha256).exists():
        raise TipRefused("known_already")
    row = Footage(kind=kind, original_sha256=sha256, happened_on=happened_on, added_at=clock.now())
    keys.create(row.pk, "footage")
    row.title, row.origin = title, origin
    return row


def _write(row: Footage, data: bytes, still: bytes | None) -> None:
    row.original_key = vault.put(row.pk, data)
    row.still_key = vault.put(row.pk, still) if still else ""
    row.save(force_insert=True)


def _print_of(attachment: Attachment) -> Print | None:
    """Return its print, or that of a file of the same bytes, which stands for both."""
    same = Print.objects.filter(attachment__original_sha256=attachment.original_sha256)
    return next((held for held in same.order_by("pk") if held.packed), None)
