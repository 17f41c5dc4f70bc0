"""A photo that was accepted while the rest of its form was not: kept sealed, and not asked for again."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction

from cases.models import PhotoDraft
from cases.reported import ReportedPhoto
from trust import clock, keys, vault

KEPT_FOR = timedelta(days=1)
SALT = "cases.photo-draft"


def keep(photo: ReportedPhoto) -> str:
    """Seal the photo under a key of its own and return the signed token that names it."""
    draft = PhotoDraft(width=photo.width, height=photo.height, created_at=clock.now())
    with transaction.atomic():
        keys.create(draft.pk, "draft")
        draft.original_key = vault.put(draft.pk, photo.original)
        draft.clean_key = vault.put(draft.pk, photo.clean)
        draft.save(force_insert=True)
    return signing.dumps(str(draft.pk), salt=SALT)


def take(token: str) -> ReportedPhoto | None:
    """Return the photo a token names; None for a token that is wrong, too old or used.

    None also where its files cannot be read: a report without a photo is worth more than none.
    """
    draft = _find(token)
    if draft is None:
        return None
    original, clean = (vault.find(draft.pk, key) for key in (draft.original_key, draft.clean_key))
    return ReportedPhoto(original, clean, draft.width, draft.height) if original and clean else None


def discard(token: str) -> None:
    draft = _find(token)
    if draft is not None:
        forget(draft)


def forget(draft: PhotoDraft) -> None:
    """Destroy the draft's key, delete its files and its row."""
    with transaction.atomic():
        keys.destroy(draft.pk)
        PhotoDraft.objects.filter(pk=draft.pk).delete()
    vault.delete(draft.original_key)
    vault.delete(draft.clean_key)


def _find(token: str) -> PhotoDraft | None:
    try:
        return PhotoDraft.objects.filter(pk=signing.loads(token, salt=SALT, max_age=KEPT_FOR)).first()
    except (signing.BadSignature, ValidationError):
        return None
