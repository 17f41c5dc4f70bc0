"""What is given and cannot work: a gateway's setting that would be found wrong in the night it is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notifier.exceptions import ConfigurationError
from notifier.protocols import webpush_crypto, whatsapp_templates
from project.env import env

# Without these somebody is told of an alert and never of its end.
TELLING = ("alert", "update", "all_clear")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


def faults(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (setting, what is wrong with it) for each that cannot work, whether the public is told or not."""
    unknown = sorted(set(env("GATEWAY_OPTIONS")) - set(names))
    if unknown:
        yield "GATEWAY_OPTIONS", f"{', '.join(unknown)} not among GATEWAYS"
    for name, of in (
        ("whatsapp", _of_whatsapp),
        ("webpush", _of_webpush),
        ("cap_partner", _of_partners),
        ("twilio", _of_twilio),
    ):
        if name in names:
            yield from of(names)


def untold(languages: list[str]) -> list[str]:
    """Return the templates that WHATSAPP_TEMPLATES lacks for a whole alert in these languages."""
    named = env("WHATSAPP_TEMPLATES")
    wanted = [f"{what}.{language}" for what in TELLING for language in languages]
    return [] if named == ["all"] else [name for name in wanted if name not in named]


def _of_whatsapp(names: list[str]) -> Iterator[tuple[str, str]]:
    named = env("WHATSAPP_TEMPLATES")
    known = {template.key for template in whatsapp_templates.load().values()}
    unknown = [name for name in named if name not in known]
    if unknown and named != ["all"]:
        yield "WHATSAPP_TEMPLATES", f"no template {', '.join(unknown)}"
    number, falls_to = env("WHATSAPP_NUMBER"), env("WHATSAPP_FALLS_TO")
    if number and not _E164.fullmatch(number):
        yield "WHATSAPP_NUMBER", "not +, the country's code and the number, without spaces"
    if falls_to and (falls_to != "sms" or not {"sms", "twilio"} & set(names)):
        yield "WHATSAPP_FALLS_TO", "write sms, with sms or twilio among GATEWAYS, or nothing"


def _of_webpush(_names: list[str]) -> Iterator[tuple[str, str]]:
    key, subject = env("WEBPUSH_PRIVATE_KEY"), env("WEBPUSH_SUBJECT")
    try:
        webpush_crypto.vapid(key or webpush_crypto.new_private_key(), subject or "mailto:")
    except ConfigurationError as fault:
        yield ("WEBPUSH_SUBJECT" if "subject" in str(fault) else "WEBPUSH_PRIVATE_KEY"), str(fault)


def _of_partners(_names: list[str]) -> Iterator[tuple[str, str]]:
    for name, partner in env("CAP_PARTNERS").items():
        if not partner["url"].startswith("https://"):
            yield "CAP_PARTNERS", f"{name}: url is not https://…"
        if not partner.get("secret") and not partner.get("certificate"):
            yield "CAP_PARTNERS", f"{name}: neither secret nor certificate: anybody could speak for us"


def _of_twilio(_names: list[str]) -> Iterator[tuple[str, str]]:
    if bool(env("TWILIO_API_KEY")) != bool(env("TWILIO_API_SECRET")):
        yield "TWILIO_API_KEY", "TWILIO_API_KEY and TWILIO_API_SECRET go together"
