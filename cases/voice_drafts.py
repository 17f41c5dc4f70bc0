"""A voice note that was accepted while the rest of its form was not: kept sealed, and not asked for again."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction

from cases.models import VoiceDraft
from cases.reported import ReportedVoice
from trust import clock, keys, vault

KEPT_FOR = timedelta(days=1)
SALT = "cases.voice-draft"
# At a time, of anybody who sends half a form: with 10 MB each and a copy to play, some 7 GB at the worst;
# as families speak, a tenth of it. So many half-sent forms in a day are a flood.
MOST_KEPT = 500


def keep(voice: ReportedVoice) -> str:
    """Seal the note under a key of its own and return the signed token that names it."""
    draft = VoiceDraft(seconds=voice.seconds, created_at=clock.now())
    with transaction.atomic():
        keys.create(draft.pk, "draft")
        draft.original_key = vault.put(draft.pk, voice.original)
        draft.clean_key = vault.put(draft.pk, voice.clean)
        draft.save(force_insert=True)
    return signing.dumps(str(draft.pk), salt=SALT)


def keep_anonymous(voice: ReportedVoice) -> str:
    """Keep a stranger's note as keep() does; "" where MOST_KEPT lie there already: it must be made again."""
    return "" if VoiceDraft.objects.count() >= MOST_KEPT else keep(voice)


def take(token: str) -> ReportedVoice | None:
    """Return the note a token names; None for a token that is wrong or too old, or unreadable files.

    It stays until its day is over: a form sent twice must find it twice.
    """
    draft = _find(token)
    if draft is None:
        return None
    original, clean = (vault.find(draft.pk, key) for key in (draft.original_key, draft.clean_key))
    return ReportedVoice("start", original, clean, draft.seconds) if original and clean else None


def forget(draft: VoiceDraft) -> None:
    """Destroy the draft's key, delete its files and its row."""
    with transaction.atomic():
        keys.destroy(draft.pk)
        VoiceDraft.objects.filter(pk=draft.pk).delete()
    vault.delete(draft.original_key)
    vault.delete(draft.clean_key)


def _find(token: str) -> VoiceDraft | None:
    try:
        return VoiceDraft.objects.filter(pk=signing.loads(token, salt=SALT, max_age=KEPT_FOR)).first()
    except (signing.BadSignature, ValidationError):
        return None
