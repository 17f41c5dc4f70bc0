"""How long what the public told is kept, field by field, and the act that forgets it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from cases.models import Case, CaseState
from tips.files import destroying
from tips.models import Attachment, Tip
from trust import clock, keys
from trust.declared import Declared

TIP_DAYS = 30  # tips that led nowhere; the country pack may say otherwise (retention.tip)

DECLARED: dict[str, dict[str, Declared]] = {
    "Tip": {
        "id": Declared("internal", "for ever"),
        "reference": Declared("internal", "for ever"),
        "secret_hash": Declared("restricted", "tip"),
        "state": Declared("officers", "for ever"),
        "state_at": Declared("internal", "for ever"),
        "door": Declared("officers", "for ever"),
        "language": Declared("officers", "for ever"),
        "unit": Declared("internal", "for ever"),
        "alert_id": Declared("internal", "for ever"),
        "named_by": Declared("internal", "for ever"),
        "heard_at": Declared("internal", "for ever"),
        "event_id": Declared("internal", "for ever"),
        "words": Declared("restricted", "tip"),
        "witness": Declared("internal", "tip"),
        "replies_to": Declared("internal", "tip"),
        "entered_by": Declared("internal", "for ever"),
        "link": Declared("restricted", "tip"),
        "place": Declared("restricted", "tip"),
        "cell": Declared("officers", "tip"),
        "seen_at": Declared("officers", "for ever"),
        "seen_error_min": Declared("officers", "for ever"),
        "guess": Declared("officers", "for ever"),
        "score": Declared("officers", "for ever"),
        "danger": Declared("officers", "for ever"),
        "reasons": Declared("restricted", "tip"),
        "doubts": Declared("internal", "tip"),
        "cluster": Declared("internal", "for ever"),
        "is_copy": Declared("officers", "for ever"),
        "look_due_at": Declared("officers", "for ever"),
        "looked_at": Declared("officers", "for ever"),
        "level": Declared("officers", "for ever"),
        "questions": Declared("restricted", "tip"),
        "case_id": Declared("internal", "for ever"),
        "sighting_id": Declared("internal", "for ever"),
        "decided_by": Declared("internal", "for ever"),
        "noted_at": Declared("internal", "for ever"),
        "thread_until": Declared("internal", "for ever"),
        "said_at": Declared("officers", "for ever"),
        "received_at": Declared("officers", "for ever"),
        "decided_reason": Declared("restricted", "tip"),
        "decided_code": Declared("officers", "for ever"),
        "history": Declared("restricted", "tip"),
        "question_at": Declared("officers", "for ever"),
        "handed_to": Declared("internal", "for ever"),
        "handed_to_name": Declared("officers", "for ever"),
        "handed_at": Declared("officers", "for ever"),
        "acknowledged_at": Declared("internal", "for ever"),
        "erased_at": Declared("internal", "for ever"),
    },
    "Witness": {
        "address": Declared("restricted", "tip"),
        "id": Declared("internal", "tip"),
        "channel": Declared("internal", "tip"),
        "token": Declared("internal", "tip"),
        "language": Declared("internal", "tip"),
        "first_at": Declared("internal", "tip"),
        "stopped_at": Declared("internal", "tip"),
        "heard_at": Declared("internal", "tip"),
        "burst_at": Declared("internal", "tip"),
        "burst": Declared("internal", "tip"),
        "answers": Declared("internal", "tip"),
        "answered_at": Declared("internal", "tip"),
        "erased_at": Declared("internal", "tip"),
    },
    "Attachment": {
        "name": Declared("restricted", "tip"),
        "source": Declared("restricted", "tip"),
        "facts": Declared("restricted", "tip"),
        "likenesses": Declared("restricted", "tip"),
        "verdict_why": Declared("restricted", "tip"),
        "id": Declared("internal", "tip"),
        "tip": Declared("internal", "tip"),
        "position": Declared("internal", "tip"),
        "kind": Declared("internal", "tip"),
        "state": Declared("internal", "tip"),
        "media_type": Declared("internal", "tip"),
        "said_sha256": Declared("internal", "tip"),
        "original_key": Declared("internal", "tip"),
        "original_parts": Declared("internal", "tip"),
        "original_sha256": Declared("internal", "tip"),
        "size": Declared("internal", "tip"),
        "copy_key": Declared("internal", "tip"),
        "copy_type": Declared("internal", "tip"),
        "still_key": Declared("internal", "tip"),
        "attempts": Declared("internal", "tip"),
        "next_at": Declared("internal", "tip"),
        "kept_at": Declared("internal", "tip"),
        "verdict": Declared("internal", "tip"),
        "verdict_by": Declared("internal", "tip"),
        "verdict_at": Declared("internal", "tip"),
        "frozen_at": Declared("internal", "tip"),
        "frozen_by": Declared("internal", "tip"),
    },
    "Print": {
        "packed": Declared("restricted", "tip"),
        "id": Declared("internal", "tip"),
        "kind": Declared("internal", "tip"),
        "attachment": Declared("internal", "tip"),
        "photo_id": Declared("internal", "tip"),
        "footage": Declared("internal", "tip"),
        "owner": Declared("internal", "tip"),
    },
    "Mark": {
        "id": Declared("internal", "tip"),
        "tip": Declared("internal", "tip"),
        "kind": Declared("internal", "tip"),
        "token": Declared("internal", "tip"),
    },
    "Footage": {
        "title": Declared("restricted", "for ever"),
        "origin": Declared("restricted", "for ever"),
        "id": Declared("internal", "for ever"),
        "happened_on": Declared("internal", "for ever"),
        "original_key": Declared("internal", "for ever"),
        "original_sha256": Declared("internal", "for ever"),
        "attachment_id": Declared("internal", "for ever"),
        "added_by": Declared("internal", "for ever"),
        "added_at": Declared("internal", "for ever"),
        "kind": Declared("internal", "for ever"),
        "still_key": Declared("internal", "for ever"),
        "frozen_at": Declared("internal", "for ever"),
        "erased_at": Declared("internal", "for ever"),
    },
    "Upload": {
        "name": Declared("restricted", "draft"),
        "id": Declared("internal", "draft"),
        "token_hash": Declared("internal", "draft"),
        "media_type": Declared("internal", "draft"),
        "size": Declared("internal", "draft"),
        "received": Declared("internal", "draft"),
        "parts": Declared("internal", "draft"),
        "begun_at": Declared("internal", "draft"),
        "heard_at": Declared("internal", "draft"),
        "taken_at": Declared("internal", "draft"),
    },
}
LED_NOWHERE = ("rumour", "old", "false", "duplicate", "unrelated")
AT_ONCE = 2_000  # tips a night forgets in one transaction; the next night goes on
BLANK: dict[str, object] = {
    "words": None, "witness": None, "link": None, "place": None, "cell": None, "reasons": None,
    "questions": None, "decided_reason": None, "history": None, "secret_hash": "",
}  # fmt: skip


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Forget tips that led nowhere after their term, and those of an erased case: keys destroyed, files and
    prints with them, sealed words blanked, the shell kept; then witnesses without a tip, and dead uploads.

    A tip with a frozen file is kept until its freeze is taken back.
    """
    due = _due()
    if dry_run:
        return {"tips": due.count(), "uploads": destroying.uploads(dry_run=True)}
    ids = list(due.values_list("pk", flat=True)[:AT_ONCE])
    known = set(Tip.objects.filter(pk__in=ids).exclude(witness=None).values_list("witness", flat=True))
    with transaction.atomic():
        files = destroying.attachments_of(ids)
        for owner in ids:
            keys.destroy(owner)
        Tip.objects.filter(pk__in=ids).update(**BLANK, erased_at=clock.now())
    return {
        "tips": len(ids),
        "attachments": files,
        "witnesses": destroying.witnesses(known),
        "uploads": destroying.uploads(),
    }


def _due() -> QuerySet[Tip]:
    days = settings.COUNTRY.retention_days.get("tip", TIP_DAYS)
    led_nowhere = Q(state__in=LED_NOWHERE, state_at__lt=clock.now() - timedelta(days=days))
    erased = Q(case_id__in=Case.objects.filter(state=CaseState.ERASED).values("pk"))
    frozen = Attachment.objects.filter(state=Attachment.State.FROZEN).values("tip")
    return Tip.objects.filter(led_nowhere | erased, erased_at=None).exclude(pk__in=frozen)
