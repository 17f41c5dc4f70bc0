"""All that a version says, in every language and on every channel, made from the case file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from alerts import facts, language, succession, wording, wording_apps
from alerts.known import Frame, Known
from alerts.language import Language
from alerts.models import Version
from alerts.programme.wording import meta_programme
from alerts.relays.wording import relays
from alerts.wording import Said
from notifier import hand_channels, registry

# What every alert has, whatever channels were chosen: its page, and its document for machines.
ALWAYS = ("page", "cap")
WORDINGS: dict[str, Callable[[Frame, Known, Language], Said]] = {
    "page": wording.page,
    "cap": wording.cap,
    "sms": wording.sms,
    "email": wording.email,
    "facebook": wording.facebook,
    "whatsapp": wording_apps.whatsapp,
    "instagram": wording_apps.instagram,
    "webpush": wording_apps.webpush,
    "cap_partner": wording.cap,  # the document itself, handed over
    hand_channels.RELAYS: relays,
    hand_channels.PROGRAMME: meta_programme,
}
CARRIES_PHOTO = frozenset(
    {"page", "cap", "email", "facebook", "whatsapp", "instagram", "cap_partner", hand_channels.PROGRAMME}
)


@dataclass(frozen=True)
class Composed:
    """Hold texts {language: {channel: words}}, ends {outcome: {language: words}}, fields {channel: […]}."""

    texts: dict[str, dict[str, dict[str, Any]]]
    ends: dict[str, dict[str, dict[str, Any]]]
    fields_used: dict[str, list[str]]


def languages() -> list[Language]:
    return [language.load(code) for code, _name in settings.LANGUAGES]


def sayable() -> list[str]:
    """Return the deployment's channels that can say an alert; one for staff alone has no words here."""
    return [channel for channel in (*registry.channels(), *hand_channels.channels()) if channel in WORDINGS]


def channels_of(chosen: Iterable[str]) -> list[str]:
    return [*ALWAYS, *(channel for channel in chosen if channel not in ALWAYS)]


def compose(version: Version, at: datetime) -> Composed:
    """Return what the version would say at this moment, with only what consent covers on each channel.

    Where it follows a version in other words, its messages say that they are an update.
    """
    frame = facts.frame(version.alert, version.additions)
    said = _composed(version, frame, at)
    former = succession.replaced(version)
    if former is None:
        return said
    as_update = _composed(version, replace(frame, is_update=True), at)
    is_same = succession.same_words(former.texts or {}, said.texts)
    return said if is_same and _photo(version, said) == former.photo_id else as_update


def _photo(version: Version, said: Composed) -> UUID | None:
    """Return the photo that the version shows on any channel."""
    shows = any("photo" in fields for channel, fields in said.fields_used.items() if channel in CARRIES_PHOTO)
    return version.photo_id if shows else None


def _composed(version: Version, frame: Frame, at: datetime) -> Composed:
    everything = facts.known(version.alert.case, version.child, version.photo, at)
    texts: dict[str, dict[str, dict[str, Any]]] = {spoken.code: {} for spoken in languages()}
    used: dict[str, list[str]] = {}
    for channel in channels_of(version.channels):
        allowed = facts.allowed(version.child, channel, at, for_new=True)
        # An officer's sentence shows no field, yet it is of the child: it stands where anything of it may.
        told = frame if allowed else replace(frame, addition={})
        known = everything.only(allowed)
        said = {spoken.code: WORDINGS[channel](told, known, spoken) for spoken in languages()}
        for code, words in said.items():
            texts[code][channel] = words.words
        used[channel] = sorted({field for words in said.values() for field in words.fields})
    return Composed(texts, ends(frame), used)


def ends(frame: Frame) -> dict[str, dict[str, dict[str, Any]]]:
    """Return {outcome: {language: words}} of every end an alert can have; no fact of the case is in them."""
    return {
        outcome: {spoken.code: wording.end(frame, outcome, spoken).words for spoken in languages()}
        for outcome in wording.ENDS
    }
