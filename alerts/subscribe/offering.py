"""Which ways to be told this deployment can offer at this moment, and what a page needs to offer them."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from alerts.subscribe.asking import written_code
from notifier import registry
from notifier.exceptions import ConfigurationError, DeliveryError, SendingRefused
from notifier.message import Message, Text
from notifier.protocols import webpush_crypto

CHANNELS = ("sms", "email", "whatsapp", "webpush")
_SAMPLE_TO = "+10000000"


def channels() -> list[str]:
    """The ways people may choose: those of ours that this deployment has, and that can confirm somebody."""
    known = registry.channels()
    return [
        channel
        for channel in CHANNELS
        if channel in known and (channel != "whatsapp" or sends_codes() or our_number())
    ]


def sends_codes(spoken: str = "") -> bool:
    """Whether WhatsApp takes a code of ours, in this language or in any: only by an approved template."""
    languages = [spoken] if spoken else [code for code, _name in settings.LANGUAGES]
    return any(_takes_code(alias, code) for alias in registry.aliases_for("whatsapp") for code in languages)


def our_number() -> str:
    """The number people may write to on WhatsApp, empty where the deployment names none."""
    for alias in registry.aliases_for("whatsapp"):
        number = str(registry.options(alias, public=settings.PUBLIC_SENDING).get("number", ""))
        if number:
            return number
    return ""


def writing_link(pending: UUID) -> str:
    """A link that opens WhatsApp with the message that confirms; empty without a number to write to."""
    words = writing_words(pending)
    number = our_number().removeprefix("+")
    return f"https://wa.me/{number}?text={quote(words)}" if number else ""


def writing_words(pending: UUID) -> str:
    return _("I want to be told here when a child goes missing. Code: {code}").format(
        code=written_code(pending)
    )


def push_key() -> str:
    """The applicationServerKey a browser subscribes with, empty where there is no web push."""
    for alias in registry.aliases_for("webpush"):
        options = registry.options(alias, public=settings.PUBLIC_SENDING)
        return webpush_crypto.vapid(options["vapid_private_key"], options["vapid_subject"]).public
    return ""


def _takes_code(alias: str, spoken: str) -> bool:
    sample = Message("", _SAMPLE_TO, spoken, Text(short="000000", code="000000"), "confirmation")
    try:
        registry.backend(alias, live=True).fit(sample)
    except (DeliveryError, ConfigurationError, SendingRefused):
        return False
    return True
