"""A stop word ends what an address subscribed to, and every answer to it; a start word lifts that."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from alerts import subscribe
from notifier.models import InboundEvent
from tips import answering
from tips.intake import witnesses
from tips.intake.arrival import offered
from tips.words import language_of
from trust import audit, keys


def stop(event: InboundEvent) -> None:
    """End what this address subscribed to, also what waits for it; one confirmation, nothing after."""
    address = event.sender or ""
    chosen = subscribe.language_of_address(event.channel, address)
    ended = subscribe.end_by_address(event.channel, address)
    answered = witnesses.silence(event.channel, address)
    if not ended and not answered:
        return  # a stranger's stop: nothing to end, and nothing to say
    audit.record("subscription.stopped", event)
    _confirm(event, chosen or language_of(event.text or "", offered()), has_subscribed=ended)


def start(event: InboundEvent) -> None:
    """Answer this address again."""
    witnesses.unsilence(event.channel, event.sender or "")


def _confirm(event: InboundEvent, language: str, *, has_subscribed: bool) -> None:
    with translation.override(language):
        words = (
            _("You will get no more alerts here. Your address has been erased.")
            if has_subscribed
            else _("You will get no more messages here. What you told us is kept and read.")
        )
    keys.create(event.pk, "inbound")
    said = answering.Saying("confirmation", event.pk, event.pk, language, settings.SITE_NAME, words, words)
    answering.send(said, event.channel, event.sender or "")
