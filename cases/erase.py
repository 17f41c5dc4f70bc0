"""Forget a case: destroy its key, delete its files, blank its columns; a stone with a number stays."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Q

from cases.found.erasing import erase_with
from cases.models import (
    Amendment,
    CallBack,
    Case,
    CaseState,
    Child,
    Consent,
    Facts,
    MoveRefused,
    NameToken,
    Photo,
    Place,
    PlaceCheck,
    Resemblance,
    SeenPost,
    Sighting,
    ThreadEntry,
    Transfer,
    VerificationOverride,
    VoiceNote,
)
from trust import keys, vault
from trust.models import Officer

DELETED = (
    NameToken, Facts, PlaceCheck, Sighting, Place, Amendment, CallBack, VerificationOverride,
)  # fmt: skip
BLANK: dict[str, object] = {
    "last_seen_words": None, "last_seen_place": None, "last_seen_error_m": None, "last_seen_region": "",
    "reporter": None, "reason": None, "secret_hash": "", "submission": None, "category": "unknown",
    "outcome": "", "doubts": [], "conflict_ground": None, "conflict_decision": None,
}  # fmt: skip


def erase(case: Case, officer: Officer | None = None, reason: str = "") -> None:
    """Move CLOSED to ERASED, and with it all that was joined to it. What a key sealed anywhere goes with it.

    The files are deleted after the commit: without the key they are noise already. Raise MoveRefused:
    as Case.move says, and still_needed for a joined report whose case is not erased.
    """
    if case.merged_into and case.merged_into.state != CaseState.ERASED:
        raise MoveRefused("still_needed", case.reference)
    photos, voices = Photo.objects.filter(child__case=case), VoiceNote.objects.filter(case=case)
    posts = SeenPost.objects.filter(case=case)
    files = [
        key
        for rows in (photos, voices, posts)
        for pair in rows.values_list("original_key", "clean_key")
        for key in pair
    ]
    with transaction.atomic():
        values = {**BLANK, "last_seen_at": case.received_at}
        case.move(CaseState.ERASED, actor=officer, reason=reason, values=values)
        for rows in DELETED:
            rows.objects.filter(case=case).delete()
        photos.update(original_key="", clean_key="", original_sha256="", clean_sha256="", taken_on_iso=None)
        voices.delete()
        posts.delete()
        erase_with(case, officer, reason)
        Resemblance.objects.filter(Q(case=case) | Q(other=case)).delete()
        Child.objects.filter(case=case).update(
            given_name=None, family_name=None, name_latin=None, name_arabic=None, birth_date_iso=None,
            age_years=None, age_months=None, age_given_at=None, sex="",
        )  # fmt: skip
        Consent.objects.filter(case=case).update(guardian=None, witness=None)
        Transfer.objects.filter(case=case).update(words=None, answer=None)
        ThreadEntry.objects.filter(subject=case.pk).delete()
        keys.destroy(case.pk)
        for joined in Case.objects.filter(merged_into=case, state=CaseState.MERGED):
            erase(joined, officer, reason)
        transaction.on_commit(partial(_delete, files))


def _delete(files: Iterable[str]) -> None:
    for key in filter(None, files):
        vault.delete(key)
