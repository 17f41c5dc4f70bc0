"""What alerts keep, who may read it, and until when."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from alerts import aftermath, subscribe
from alerts.models import Alert, Order, Subscription, Version
from alerts.statements import forgetting
from cases.models import CaseState
from trust import clock, vault
from trust.declared import Declaration, Declared

UNCONFIRMED_KEPT = timedelta(hours=24)
PROOF_KEPT = timedelta(days=365)

_STATED = Declared("officers", "public while it stands; unsigned or withdrawn, a year after it was made")
_REFUTED = Declared("restricted", "as long as the statement; unsigned or withdrawn, a year after it was made")
_INTERNAL = Declared("internal", "as long as the row")
_RECORD = Declared("officers", "as long as the case's file, then by the archive authority")
_SAID = Declared("officers", "until the case's key is destroyed; public while the alert lives")
_ADDRESS = Declared("restricted", "until the subscriber leaves, or 24 hours unconfirmed")
_CONTACT = Declared("restricted", "as long as the relay stands in the register")
_PROOF = Declared("internal", "a year after the subscriber left")


def _all(declared: Declared, *names: str) -> dict[str, Declared]:
    return dict.fromkeys(names, declared)


DECLARED: Declaration = {
    "Alert": _all(
        _RECORD, "id", "code", "case", "kind", "state", "ended_as", "created_at", "live_at", "ended_at",
        "end_reason", "end_told_at", "in_flight_at_end",
    ),
    "Version": _all(
        _RECORD, "id", "alert", "key_owner", "number", "state", "child", "channels", "duration_s", "tier",
        "fields_used", "end_subjects", "photo_sha256", "digest", "identifier", "created_by", "created_at",
        "proposed_by", "proposed_at", "valid_until", "signed_by", "sent_at", "expires_at", "fanned_out_at",
        "superseded_at", "returned_reason", "sent_by", "provisional_until", "ground", "ground_words",
        "photo_gone_at",
    )
    | _all(_SAID, "photo", "area", "texts", "ends", "public_photo", "public_padded", "additions", "warnings"),
    "Decline": _all(_RECORD, "id", "case", "officer", "reason_code", "words", "criteria", "at"),
    "Order": _all(
        _RECORD, "id", "case", "kind", "office", "how", "number", "magistrate", "words", "original_key",
        "clean_key", "original_sha256", "given_at", "recorded_by", "at", "release_words", "released_at",
    ),
    "Removal": _all(
        _RECORD, "id", "alert", "key_owner", "post", "removed_at", "removed_by", "evidence", "recorded_by",
        "recorded_at",
    ),
    "Release": _all(
        _RECORD, "id", "case", "version", "field", "sentences", "why", "refused_because", "asked_at"
    ),
    "Document": _all(
        _RECORD, "id", "version", "key_owner", "identifier", "type", "ends_alert", "sent_at", "expires_at",
        "signed_with",
    )
    | _all(_SAID, "xml"),
    "Partner": _all(
        _INTERNAL, "id", "key", "name", "phone", "regions", "takes_alerts", "takes_updates",
        "takes_exercises", "answer_within_m", "is_active",
    ),
    "Relay": _all(
        _INTERNAL, "id", "name", "kind", "agency", "region", "lat", "lon", "radius_km", "languages",
        "is_active", "created_at",
    )
    | _all(_CONTACT, "email", "phone"),
    "RelayNotice": _all(
        _RECORD, "id", "relay", "alert", "version", "key_owner", "link", "state", "told_at",
        "acknowledged_at", "acknowledged_how", "acknowledged_by", "take_back_from", "take_down_asked_at",
        "taken_down_at", "taken_down_how", "taken_down_by",
    ),
    "Dossier": _all(
        _RECORD, "id", "alert", "version", "key_owner", "link", "state", "prepared_at", "sent_at",
        "sent_how", "sent_by", "confirmed_at", "confirmed_by", "confirmation_recorded_by", "take_back_from",
        "take_down_asked_at", "taken_down_at", "taken_down_by", "take_down_recorded_by",
    ),
    "Statement": _all(
        _RECORD, "id", "code", "kind", "state", "unit", "alert", "tip_id", "follows", "period_from",
        "period_until", "digest", "created_by", "created_at", "proposed_by", "proposed_at", "valid_until",
        "signed_by", "signed_at", "withdrawn_at",
    )
    | _all(_STATED, "texts", "warnings")
    | _all(_REFUTED, "refuted_link", "refuted_words", "evidence", "evidence_words", "refused_reason",
           "withdrawal_reason"),
    "StatementMark": _all(_INTERNAL, "id", "statement", "kind", "token"),
    "Subscription": _all(_PROOF, "id", "language", "created_at", "confirmed_at", "ended_at", "proof"),
    "Address": _all(_INTERNAL, "id", "subscription", "channel", "position", "confirmed_at")
    | _all(_ADDRESS, "value", "token", "code_hash", "code_until"),
    "Follow": _all(_INTERNAL, "id", "subscription", "active") | _all(_ADDRESS, "cell", "region"),
}  # fmt: skip


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Forget subscriptions never confirmed, proofs past their year, photos an ended alert left public, and
    the scans of orders on cases that were erased: without the key they are noise already.
    """
    now = clock.now()
    pending = Subscription.objects.filter(confirmed_at=None, created_at__lt=now - UNCONFIRMED_KEPT)
    proofs = Subscription.objects.filter(ended_at__lt=now - PROOF_KEPT)
    photos = Version.objects.filter(alert__state=Alert.State.ENDED).exclude(public_photo="")
    scans = Order.objects.filter(case__state=CaseState.ERASED).exclude(clean_key="")
    counts = {
        "pending_subscriptions": pending.count(),
        "subscription_proofs": proofs.count(),
        "public_photos": photos.count(),
        "order_scans": scans.count(),
        "old_statements": forgetting.due(now).count(),
    }
    if not dry_run:
        _forget(list(pending.values_list("pk", flat=True)))
        proofs.delete()
        for alert_id in set(photos.values_list("alert", flat=True)):
            aftermath.take_photo_away(alert_id)
        for order in scans:
            vault.delete(order.original_key)
            vault.delete(order.clean_key)
        scans.update(clean_key="", original_sha256="")
        forgetting.forget(now)
    return counts


def _forget(pending: list[UUID]) -> None:
    for subscription in pending:
        subscribe.forget(subscription)
