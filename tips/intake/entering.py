"""The way in of every door that is no provider's call-back: a form, a call-taker, an officer's find."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from alerts.models import Alert
from tips.models import Tip, Witness, unit_for_tips
from tips.telling import Told
from tips.words import language_of
from trust import audit, clock, keys, secrets


@dataclass(frozen=True, slots=True)
class Entered:
    """The tip, what its witness comes back with (digits of secrets.Secret), and whether it was there before."""

    tip: Tip
    reference: str
    secret: str = field(repr=False)
    repeated: bool


def enter(told: Told) -> Entered:
    """Return the tip of what was told, made at its first call, in one transaction.

    The same submission gives the same tip and the same receipt, however often it is sent.
    """
    secret = _secret(told.submission)
    event_id = UUID(hex=keys.token("tip submission", told.submission)[:32]) if told.submission else None
    known = Tip.objects.filter(event_id=event_id).first() if event_id else None
    if known is not None:
        return Entered(known, known.reference, secret.digits, repeated=True)
    try:
        with transaction.atomic():
            tip = _made(told, secret, event_id)
    except IntegrityError:  # the same form came twice at once
        tip = Tip.objects.get(event_id=event_id)
        return Entered(tip, tip.reference, secret.digits, repeated=True)
    return Entered(tip, tip.reference, secret.digits, repeated=False)


def _secret(submission: str) -> secrets.Secret:
    """Return the same secret for the same form: it is kept nowhere, and can be shown again."""
    return secrets.from_digest(keys.token("tip secret", submission)) if submission else secrets.new()


def _made(told: Told, secret: secrets.Secret, event_id: UUID | None) -> Tip:
    now = clock.now()
    language = told.language or language_of(told.words, [code for code, _name in settings.LANGUAGES])
    alert = Alert.objects.select_related("case").filter(pk=told.alert_id).first()
    tip = Tip(
        reference=secrets.new_reference(),
        secret_hash=secrets.hash_secret(secret),
        state_at=now,
        door=told.door,
        language=language,
        unit_id=alert.case.unit_id if alert else unit_for_tips(),
        alert_id=alert.pk if alert else None,
        event_id=event_id,
        entered_by=told.entered_by,
        doubts=list(told.doubts),
        said_at=told.said_at or now,
        seen_at=told.seen_at,
        seen_error_min=told.seen_error_min,
        received_at=now,
    )
    keys.create(tip.pk, "tip")
    tip.words, tip.link = told.words, told.link
    tip.place = dict(told.place) if told.place else None
    tip.witness = Witness.of("phone", told.caller, language)
    tip.save(force_insert=True)
    audit.record("tip.received", tip, after=told.door)
    return tip
