"""What providers call back with becomes a Tip, or ends or begins a subscription."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from alerts import subscribe
from alerts.models import Alert
from notifier import outbox
from notifier.message import Text
from notifier.models import InboundEvent
from tips.models import Tip, Witness, unit_for_tips
from tips.words import codes_in, language_of, means_stop, without_quote
from trust import audit, clock, keys, secrets

ANSWERABLE = {"sms", "whatsapp", "email"}
ANSWER_VALID = timedelta(days=1)  # later an acknowledgement only puzzles


def on_inbound(sender: Any, event: InboundEvent, **kwargs: Any) -> None:
    """Take in one event: a stop word ends a subscription, a code we showed begins one, the rest are tips."""
    if event.handled_at is not None:
        return
    with transaction.atomic():
        if means_stop(_own_words(event)):
            _stop(event)
        elif subscribe.written(event.channel, event.sender or "", event.text or "") is None:
            receive(event)
        InboundEvent.objects.filter(pk=event.pk, handled_at=None).update(handled_at=clock.now())


def _own_words(event: InboundEvent) -> str:
    words = event.text or ""
    return without_quote(words) if event.channel == "email" else words


def receive(event: InboundEvent) -> Tip:
    """Return the Tip of this event, made and answered at its first call."""
    made = Tip.objects.filter(event_id=event.pk).first()
    if made is not None:
        return made
    words = event.text or ""
    language = language_of(words, [code for code, _name in settings.LANGUAGES])
    alert = _alert_named(words)
    secret = secrets.new_secret()
    tip = Tip(
        reference=secrets.new_reference(),
        secret_hash=secrets.hash_secret(secret),
        state_at=clock.now(),
        door=event.channel,
        language=language,
        unit_id=alert.case.unit_id if alert else unit_for_tips(),
        alert_id=alert.pk if alert else None,
        event_id=event.pk,
        said_at=event.at or event.received_at,
        received_at=event.received_at,
    )
    keys.create(tip.pk, "tip")
    tip.words, tip.witness = words, Witness.of(event.channel, event.sender or "", language)
    try:
        with transaction.atomic():
            tip.save(force_insert=True)
    except IntegrityError:
        return Tip.objects.get(event_id=event.pk)
    audit.record("tip.received", tip, after=event.channel)
    _answer(event, tip, secret)
    return tip


def _alert_named(words: str) -> Alert | None:
    """Return the live alert whose code stands in the words; a code that was never issued names none."""
    codes = codes_in(words)
    return Alert.objects.select_related("case").filter(code__in=codes, state=Alert.State.LIVE).first()


def _answer(event: InboundEvent, tip: Tip, secret: str) -> None:
    if event.channel not in ANSWERABLE or not event.sender:
        return
    _reply(event, "answer", tip.pk, tip.language, receipt_text(tip, secret))


def receipt_text(tip: Tip, secret: str) -> str:
    """Return the answer in the sender's language: received, receipt, what happens next, when to call."""
    with translation.override(tip.language):
        return _(
            "Received by the police desk, who will read it. Receipt {reference}, secret {secret}. "
            "If the child is before you, call {number}."
        ).format(reference=tip.reference, secret=secret, number=settings.EMERGENCY_NUMBER)


def _stop(event: InboundEvent) -> None:
    """End what this address subscribed to, also what waits for it; one confirmation, none after."""
    chosen = subscribe.language_of_address(event.channel, event.sender or "")
    if not subscribe.end_by_address(event.channel, event.sender or ""):
        return
    audit.record("subscription.stopped", event)
    language = chosen or language_of(event.text or "", [code for code, _name in settings.LANGUAGES])
    with translation.override(language):
        words = _("You will get no more alerts here. Your address has been erased.")
    keys.create(event.pk, "inbound")
    _reply(event, "confirmation", event.pk, language, words)


def _reply(event: InboundEvent, kind: str, owner: UUID, language: str, words: str) -> None:
    text = Text(subject=settings.SITE_NAME, body=words, short=words, url="")
    batch = outbox.open_batch(
        kind=kind,
        subject=owner,
        channel=event.channel,
        texts={language: text},
        key_owner=owner,
        expires_at=clock.now() + ANSWER_VALID,
    )
    outbox.record_people(batch, [(owner, event.sender or "", language)])
    outbox.wake(event.channel)
