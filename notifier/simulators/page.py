"""The page that shows what "the public" received: phones, feeds, an inbox, partners; for all or for one.

/ chooses a language, /ar/ /fr/ /en/ speak it, ?who= is one person. It renews itself: by a small script, or
without one by reloading. Strict policy: its style and its script are files beside it, and nothing is inline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation.trans_real import parse_accept_lang_header

from notifier.simulators import seen
from notifier.simulators.seen import Gateway, Message
from notifier.simulators.server import Answered, Asked

FILES = {
    "/_sim/page.css": ("page.css", "text/css; charset=utf-8"),
    "/_sim/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
LANGUAGES = {"ar": "العربية", "fr": "Français", "en": "English"}
RIGHT_TO_LEFT = frozenset({"ar"})


@dataclass(frozen=True, slots=True)
class Phone:
    """A locked screen: the hour, and what came in."""

    is_arabic: bool
    clock: str
    day: str
    messages: Sequence[Message]


def answer(asked: Asked, gateways: Sequence[Gateway]) -> Answered | None:
    """Answer what belongs to the page; None for all other addresses."""
    if asked.method != "GET":
        return None
    if asked.path in FILES:
        name, media_type = FILES[asked.path]
        body = (Path(__file__).parent / name).read_bytes()
        return Answered(200, body, media_type, {"Cache-Control": "no-store"})
    language = asked.path.strip("/")
    if asked.path == "/":
        language = _spoken(asked.headers.get("accept-language", ""))
    if language not in LANGUAGES:
        return None
    zone = ZoneInfo(settings.AGENCY_TIME_ZONE)
    with override(language), timezone.override(zone):
        context = _context(gateways, asked.fields().get("who", ""), language, zone)
        text = render_to_string("simulated/page.html", context)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _policy(gateways)}
    return Answered(200, text.encode(), "text/html; charset=utf-8", headers)


def _context(gateways: Sequence[Gateway], who: str, language: str, zone: ZoneInfo) -> dict[str, Any]:
    now = datetime.now(zone)
    known = [(person, quote(person, safe="")) for person in seen.people(gateways)]
    return {
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "languages": LANGUAGES,
        "site": settings.SITE_NAME,
        "who": who,
        "quoted": quote(who, safe=""),
        "known": known,
        "now": now,
        "phones": _phones(seen.messages(gateways, seen.ON_A_PHONE, who, zone), now),
        "posts": () if who else seen.posts(gateways, zone),
        "mails": seen.messages(gateways, {"email"}, who, zone),
        "notices": seen.notices(gateways, who, zone),
        "staff": () if who else seen.messages(gateways, {"staff"}, "", zone),
        "received": sum(one.recorder.counts["received"] for one in gateways),
        "refused": sum(one.recorder.counts["refused"] for one in gateways),
        "refusals": [
            (one.kind, one.recorder.alias, sorted(one.recorder.refusals.items()))
            for one in gateways
            if one.recorder.refusals
        ],
    }


def _phones(messages: Sequence[Message], now: datetime) -> list[Phone]:
    """Return a phone for what is Arabic and one for the rest; one that is silent where nothing came."""
    clock, day = f"{now:%H:%M}", date_format(now, "l j F")
    sides = {side: [one for one in messages if one.is_arabic is side] for side in (True, False)}
    found = [Phone(side, clock, day, told) for side, told in sides.items() if told]
    return found or [Phone(is_arabic=False, clock=clock, day=day, messages=())]


def _spoken(accepted: str) -> str:
    """Return the first of our languages that the browser asks for, English where there is none."""
    for code, _weight in parse_accept_lang_header(accepted.lower()):
        try:
            language = get_supported_language_variant(code).split("-")[0]
        except LookupError:
            continue
        if language in LANGUAGES:
            return language
    return "en"


def _policy(gateways: Sequence[Gateway]) -> str:
    """Let in what this page is made of, and pictures from the gateways alone."""
    served = [urlsplit(one.pictures_at) for one in gateways if one.pictures_at]
    pictures = " ".join(sorted({f"{one.scheme}://{one.netloc}" for one in served})) or "'none'"
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        f"img-src {pictures}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
