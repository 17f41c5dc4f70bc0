"""Addresses people subscribe with: one spelling each, found again without opening any."""

from __future__ import annotations

from urllib.parse import urlsplit

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from notifier import registry
from notifier.exceptions import CannotCarry
from notifier.protocols import webpush, whatsapp
from trust import keys
from trust.digits import western

FIELD = "address"  # the name under which addresses are sealed, here and in deliveries
# Whose push service it is, as people know it.
BROWSERS = {
    "fcm.googleapis.com": "Chrome",
    "mozilla.com": "Firefox",
    "notify.windows.com": "Edge",
    "apple.com": "Safari",
}


# Others cost more than a message, or take none.
MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


class AddressRefused(ValueError):  # noqa: N818  (a question to the reader, not a fault)
    """Say that the text is no address to use; `why` is the channel, "push_host", "abroad" or "crowded"."""

    @property
    def why(self) -> str:
        return str(self.args[0])


def normalise(channel: str, text: str) -> str:
    """Return the one spelling of an address; raise AddressRefused.

    A phone number as E.164, an e-mail address in lower case, a WhatsApp user who shows no number as the
    business-scoped id Meta gives (MA.…), a browser's push subscription as the JSON that is sent to.
    """
    if channel == "webpush":
        return _webpush(text)
    plain = western(text).strip()
    if channel == "email":
        return _email(plain)
    if channel == "whatsapp" and is_user_id(plain):
        return plain
    if channel in ("sms", "whatsapp"):
        return _phone(channel, plain)
    raise AddressRefused(channel)


def token(channel: str, address: str) -> str:
    """Return the keyed digest of a normalised address: the same for the same address, no way back."""
    return keys.token("subscriber", f"{channel}:{address}")


def is_user_id(address: str) -> bool:
    """Say whether a WhatsApp address is a business-scoped id: no code may be sent to one (131062)."""
    try:
        return "recipient" in whatsapp.receiver(address)
    except CannotCarry:
        return False


def takes_code(channel: str, address: str) -> bool:
    """Say whether a code is sent to a normalised address: of phones, to mobile ones of countries served."""
    if channel not in ("sms", "whatsapp") or is_user_id(address):
        return True
    number = phonenumbers.parse(address)
    served = {settings.COUNTRY.phone_region, *settings.SUBSCRIBE_COUNTRIES}
    is_served = phonenumbers.region_code_for_number(number) in served
    return is_served and phonenumbers.number_type(number) in MOBILE


def masked(channel: str, address: str) -> str:
    """Return as much of an address as its owner needs to know it again, and no more."""
    if channel == "email":
        name, _, domain = address.partition("@")
        return f"{name[:1]}•••@{domain}"
    if channel == "webpush":
        return _browser(urlsplit(webpush.read_subscription(address).endpoint).hostname or "")
    if is_user_id(address):
        return f"{address[:3]}•••"
    return f"{address[:4]} ••• {address[-2:]}"


def _phone(channel: str, text: str) -> str:
    try:
        number = phonenumbers.parse(text, settings.COUNTRY.phone_region)
    except phonenumbers.NumberParseException as fault:
        raise AddressRefused(channel) from fault
    if not phonenumbers.is_valid_number(number):
        raise AddressRefused(channel)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _email(text: str) -> str:
    lowered = text.lower()
    try:
        validate_email(lowered)
    except ValidationError as fault:
        raise AddressRefused("email") from fault
    return lowered


def _webpush(text: str) -> str:
    """Refuse what is no subscription, and hosts we do not call. Whether a name leads to a public address is
    judged at the connection itself (notifier.public_hosts): the test push is the first, and must come back.
    """
    try:
        found = webpush.read_subscription(text)
    except CannotCarry as fault:
        raise AddressRefused("webpush") from fault
    aliases = registry.aliases_for("webpush")
    options = registry.options(aliases[0], public=settings.PUBLIC_SENDING) if aliases else {}
    if webpush.unwelcome(found, options):
        raise AddressRefused("push_host")
    return found.as_address()


def _browser(host: str) -> str:
    return next((name for known, name in BROWSERS.items() if host.endswith(known)), host)
