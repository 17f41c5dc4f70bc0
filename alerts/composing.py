"""All that a version says, in every language and on every channel, made from the case file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from alerts import facts, language, wording
from alerts.known import Frame, Known
from alerts.language import Language
from alerts.models import Version
from alerts.wording import Said

# What every alert has, whatever channels were chosen: its page, and its document for machines.
ALWAYS = ("page", "cap")
WORDINGS: dict[str, Callable[[Frame, Known, Language], Said]] = {
    "page": wording.page,
    "cap": wording.cap,
    "sms": wording.sms,
    "email": wording.email,
    "facebook": wording.facebook,
}
CARRIES_PHOTO = frozenset({"page", "cap", "email", "facebook"})


@dataclass(frozen=True)
class Composed:
    """Hold texts {language: {channel: words}}, ends {outcome: {language: words}}, fields {channel: […]}."""

    texts: dict[str, dict[str, dict[str, Any]]]
    ends: dict[str, dict[str, dict[str, Any]]]
    fields_used: dict[str, list[str]]


def languages() -> list[Language]:
    return [language.load(code) for code, _name in settings.LANGUAGES]


def channels_of(chosen: Iterable[str]) -> list[str]:
    return [*ALWAYS, *(channel for channel in chosen if channel not in ALWAYS)]


def compose(version: Version, at: datetime) -> Composed:
    """Return what the version would say at this moment, with only what consent covers on each channel."""
    alert = version.alert
    frame = facts.frame(alert, version.additions)
    everything = facts.known(alert.case, version.child, version.photo, at)
    texts: dict[str, dict[str, dict[str, Any]]] = {spoken.code: {} for spoken in languages()}
    used: dict[str, list[str]] = {}
    for channel in channels_of(version.channels):
        known = everything.only(facts.allowed(version.child, channel, at, for_new=True))
        said = {spoken.code: WORDINGS[channel](frame, known, spoken) for spoken in languages()}
        for code, words in said.items():
            texts[code][channel] = words.words
        used[channel] = sorted({field for words in said.values() for field in words.fields})
    ends = {
        outcome: {spoken.code: wording.end(frame, outcome, spoken).words for spoken in languages()}
        for outcome in wording.ENDS
    }
    return Composed(texts, ends, used)
