"""Addresses people subscribe with: one spelling each, found again without opening any."""

from __future__ import annotations

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from trust import keys
from trust.digits import western

FIELD = "address"  # the name under which addresses are sealed, here and in deliveries
CHANNELS = ("sms", "email")


class AddressRefused(ValueError):  # noqa: N818  (a question to the reader, not a fault)
    """Say that the text is no address of the channel."""


def normalise(channel: str, text: str) -> str:
    """Return a phone number as E.164, an e-mail address in lower case; raise AddressRefused."""
    plain = western(text).strip()
    if channel == "sms":
        return _phone(plain)
    if channel == "email":
        return _email(plain)
    raise AddressRefused(channel)


def token(channel: str, address: str) -> str:
    """Return the keyed digest of a normalised address: the same for the same address, no way back."""
    return keys.token("subscriber", f"{channel}:{address}")


def _phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, settings.COUNTRY.phone_region)
    except phonenumbers.NumberParseException as fault:
        raise AddressRefused("sms") from fault
    if not phonenumbers.is_valid_number(number):
        raise AddressRefused("sms")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _email(text: str) -> str:
    lowered = text.lower()
    try:
        validate_email(lowered)
    except ValidationError as fault:
        raise AddressRefused("email") from fault
    return lowered
