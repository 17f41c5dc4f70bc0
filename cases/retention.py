"""How long a case file is kept, field by field, and the act that forgets it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from cases import voice_drafts
from cases.erase import erase
from cases.found import erasing
from cases.models import Case, CaseState, VoiceDraft
from trust import clock
from trust.declared import DataClass, Declared

CASE_DAYS = 3650  # after closing; the country pack may say otherwise (retention_days.case)
AT_ONCE = 500  # cases a call

FOR_EVER, CASE, DAY = "for ever", "case", "24 hours"
FOUND = "found child"  # a year after the end, or with the case it was identified in


def _all(data_class: DataClass, keep: str, *names: str) -> dict[str, Declared]:
    return {name: Declared(data_class, keep) for name in names}


DECLARED: dict[str, dict[str, Declared]] = {
    "Case": {
        **_all(
            "internal", FOR_EVER, "id", "reference", "language", "state", "agency", "unit", "owner",
            "owned_at", "filed_by", "filed_how", "merged_into", "conflict", "public_since", "reported_at",
            "compare_due_at",
            "received_at", "spoken_at", "accepted_at", "opened_at", "closed_at", "merged_at", "erased_at",
        ),
        **_all("internal", CASE, "secret_hash", "submission", "doubts"),
        **_all("officers", CASE, "outcome", "category"),
        **_all(
            "public", CASE, "last_seen_at", "last_seen_words", "last_seen_place", "last_seen_error_m",
            "last_seen_region",
        ),
        **_all("restricted", CASE, "reporter", "reason", "conflict_ground", "conflict_decision"),
    },
    "Child": {
        **_all("internal", FOR_EVER, "id", "case", "position", "same_as"),
        **_all(
            "public", CASE, "given_name", "family_name", "name_latin", "name_arabic", "age_years",
            "age_months", "age_given_at", "sex",
        ),
        **_all("restricted", CASE, "birth_date_iso"),
    },
    "NameToken": _all("internal", CASE, "id", "case", "child", "kind", "token"),
    "Facts": {
        **_all("internal", CASE, "id", "case", "child", "group"),
        **_all("restricted", CASE, "entries"),  # each field in it by its own class: cases.fields
    },
    "Photo": {
        **_all("internal", FOR_EVER, "id", "child", "position", "source", "added_at", "width", "height"),
        **_all("restricted", CASE, "original_key", "original_sha256", "taken_on_iso"),
        **_all("public", CASE, "clean_key", "clean_sha256"),
    },
    "Place": {
        **_all("internal", CASE, "id", "case", "child", "position", "source", "added_at"),
        **_all("restricted", CASE, "kind", "words", "point_json", "error_m", "note", "details"),
    },
    "Consent": {
        **_all(
            "internal", FOR_EVER, "id", "case", "child", "fields", "channels", "how", "text", "text_version",
            "language", "given_at", "entered_at", "until", "withdrawal_asked_at", "withdrawn_at", "relation",
            "authority", "heard_by",
        ),
        **_all("restricted", CASE, "guardian", "witness"),
    },
    "ThreadEntry": {
        **_all("internal", CASE, "id", "subject", "author", "code", "at"),
        **_all("restricted", CASE, "body"),
    },
    "VoiceNote": {
        **_all(
            "internal", FOR_EVER, "id", "case", "child", "field", "language", "source", "seconds", "added_at"
        ),
        **_all("restricted", CASE, "original_key", "original_sha256", "clean_key"),
    },
    "Amendment": {
        **_all("internal", CASE, "id", "case", "child", "field", "source", "officer", "at"),
        **_all("restricted", CASE, "before"),
    },
    "Resemblance": _all(
        "internal", CASE, "id", "case", "other", "band", "score", "reasons", "found_at", "verdict",
        "decided_by", "decided_at",
    ),
    "Transfer": {
        **_all(
            "internal", FOR_EVER, "id", "case", "from_unit", "to_unit", "asked_by", "asked_at", "outcome",
            "answered_by", "answered_at",
        ),
        **_all("restricted", CASE, "words", "answer"),
    },
    "CallBack": {
        **_all("internal", CASE, "id", "case", "officer", "at", "how", "result"),
        **_all("restricted", CASE, "told"),
    },
    "VerificationOverride": {
        **_all("internal", CASE, "id", "case", "officer", "at", "ground"),
        **_all("restricted", CASE, "words"),
    },
    "PlaceCheck": {
        **_all(
            "internal", CASE, "id", "case", "place", "sighting", "is_home", "how", "officer", "asked_by",
            "asked_at", "due_at", "done_at", "done_by", "result", "thoroughness", "minutes",
        ),
        **_all("restricted", CASE, "told"),
    },
    "Sighting": {
        **_all("internal", CASE, "id", "case", "child", "tip_id", "added_by", "added_at", "withdrawn_by"),
        **_all(
            "officers", CASE, "seen_at", "seen_error_min", "certainty", "source_class", "withdrawn_at",
            "withdrawn_why",
        ),
        **_all("restricted", CASE, "words", "point_json", "error_m", "note", "withdrawn_words"),
    },
    "SeenPost": {
        **_all(
            "internal", CASE, "id", "case", "network", "address_token", "noted_by", "seen_at", "added_at",
            "original_key", "original_sha256", "clean_key", "clean_sha256", "width", "height",
        ),
        **_all("restricted", CASE, "address", "author", "seen_by"),
    },
    "FoundChild": {
        **_all(
            "internal", FOR_EVER, "id", "reference", "state", "agency", "unit", "filed_by", "filed_at",
            "moved_at", "case", "closed_why", "compare_due_at",
        ),
        **_all(
            "internal", FOUND, "submission", "error_m", "language", "original_key", "original_sha256",
            "clean_key", "clean_sha256", "width", "height",
        ),
        **_all("officers", FOUND, "found_at", "sex", "age_low_months", "age_high_months"),
        **_all(
            "restricted", FOUND, "reason", "place_words", "place_json", "facts", "name_said", "says_family",
            "says_place", "where_now", "taken_in_by",
        ),
    },
    "FoundToken": _all("internal", FOUND, "id", "found", "kind", "token"),
    "FoundMatch": {
        **_all(
            "internal", FOUND, "id", "found", "case", "child", "band", "score", "reasons", "ask_child",
            "ask_family", "matched_at", "verdict", "decided_by", "decided_at",
        ),
        **_all("restricted", FOUND, "reason"),
    },
    "StepCount": _all("internal", FOR_EVER, "id", "day", "screen", "language", "shown", "answered"),
    "VoiceDraft": _all("restricted", DAY, "id", "original_key", "clean_key", "seconds", "created_at"),
}  # fmt: skip


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Forget drafts of a day ago, cases and found children whose term is over; return how many, or how many
    are due.
    """
    now = clock.now()
    days = settings.COUNTRY.retention_days.get("case", CASE_DAYS)
    drafts = VoiceDraft.objects.filter(created_at__lt=now - voice_drafts.KEPT_FOR)
    ended = Case.objects.filter(state=CaseState.CLOSED, closed_at__lt=now - timedelta(days=days))
    # A joined report goes with the case that is worked on: these are left over from an erasure cut short.
    joined = Case.objects.filter(state=CaseState.MERGED, merged_into__state=CaseState.ERASED)
    if dry_run:
        cases = ended.count() + joined.count()
        return {"voice_drafts": drafts.count(), "cases": cases, "found_children": erasing.due().count()}
    counts = {"voice_drafts": 0, "cases": 0, "found_children": 0}
    for draft in drafts[: AT_ONCE * 10]:
        voice_drafts.forget(draft)
        counts["voice_drafts"] += 1
    for case in [*ended[:AT_ONCE], *joined[:AT_ONCE]]:
        erase(case, reason="term")
        counts["cases"] += 1
    for found in erasing.due()[:AT_ONCE]:
        erasing.erase(found, reason="term")
        counts["found_children"] += 1
    return counts
