"""The one gate between what is stored and what is shown. Only this module reads a version's texts and ends.

Whatever becomes public is made by a function here that carries @public_renderer, from facts() or end_words():
facts() asks every field's consent at the moment of use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings

from alerts import cap, markup, wording
from alerts import facts as known_facts
from alerts import language as languages
from alerts.composing import CARRIES_PHOTO, Composed, channels_of, compose
from alerts.models import Document, Version
from alerts.wording import Line
from notifier import unsubscribe
from notifier.message import Text

RENDERERS: dict[str, Callable[..., Any]] = {}
Renderer = TypeVar("Renderer", bound=Callable[..., Any])


def public_renderer(name: str) -> Callable[[Renderer], Renderer]:
    """Declare a function whose answer the public sees."""

    def declare(function: Renderer) -> Renderer:
        RENDERERS[name] = function
        return function

    return declare


@dataclass(frozen=True)
class Facts:
    """Hold the frozen words of one channel and language, and the fields that may be shown now."""

    words: Mapping[str, Any]
    allowed: frozenset[str]

    def permits(self, fields: Sequence[str]) -> bool:
        return set(fields) <= self.allowed


@dataclass(frozen=True)
class Page:
    """Hold what the page of a live alert says."""

    kind: str
    title: str
    lines: tuple[Line, ...]
    todo: tuple[str, ...]
    number: str
    number_shown: str
    photo_path: str
    photo_alt: str
    direction: str
    share_title: str  # without the name: what others keep of a link cannot be taken back


@dataclass(frozen=True)
class EndPage:
    """Hold what the page of an ended alert says: nothing of the child."""

    title: str
    sentence: str
    request: str


def facts(version: Version, channel: str, language: str, at: datetime) -> Facts | None:
    """Return what may be said on the channel at this moment (one query for consents).

    None where nothing was frozen for it, where the case's key is gone, or, but for the page, where a field
    that the words show is no longer allowed: a message cannot leave a word out, a page can.
    """
    words = (version.texts or {}).get(language, {}).get(channel)
    if words is None:
        return None
    found = Facts(words, known_facts.allowed(version.child, channel, at))
    if channel != "page" and not found.permits(version.fields_used[channel]):
        return None
    return found


def end_words(version: Version, outcome: str, language: str) -> Mapping[str, Any] | None:
    """Return the words for the end, None once the case's key is gone. They show no field."""
    found: dict[str, dict[str, Any]] = (version.ends or {}).get(outcome, {})
    return found.get(language)


@public_renderer("page")
def page(version: Version, language: str, at: datetime) -> Page | None:
    """Return the page with everything dropped that is no longer allowed; None once the key is gone."""
    found = facts(version, "page", language, at)
    if found is None:
        return None
    spoken = languages.load(language)
    lines = [
        Line(line["key"], line["label"], line["text"], tuple(line["fields"]))
        for line in found.words["lines"]
        if found.permits(line["fields"]) and found.allowed  # an officer's sentence shows no field
    ]
    has_photo = "photo" in found.allowed and bool(version.public_photo)
    return Page(
        kind=found.words["kind"],
        title=_first(found, "titles"),
        lines=tuple(wording.merged(lines, spoken)),
        todo=tuple(found.words["todo"]),
        number=found.words["number"],
        number_shown=found.words["number_shown"],
        photo_path=f"{settings.PUBLIC_MEDIA_URL}{version.public_photo}" if has_photo else "",
        photo_alt=_first(found, "photo_alts"),
        direction=spoken.direction,
        share_title=_nameless(found),
    )


@public_renderer("end_page")
def end_page(version: Version, outcome: str, language: str) -> EndPage | None:
    words = end_words(version, outcome, language)
    return EndPage(words["title"], words["sentence"], words["request"]) if words else None


@public_renderer("message")
def message(version: Version, channel: str, at: datetime) -> dict[str, Text] | None:
    """Return the texts of a channel's message by language; None where one may not be said."""
    texts: dict[str, Text] = {}
    for code in version_languages():
        found = facts(version, channel, code, at)
        if found is None:
            return None
        texts[code] = _text(version, channel, found, code)
    return texts


@public_renderer("end_message")
def end_message(version: Version, outcome: str) -> dict[str, Text] | None:
    """Return the texts for those who were told, by language; None once the key is gone."""
    texts: dict[str, Text] = {}
    for code in version_languages():
        words = end_words(version, outcome, code)
        if words is None:
            return None
        texts[code] = Text(
            subject=words["subject"],
            body=words["body"],
            short=words["short"],
            url=page_url(version),
            reply_to_id=str(version.alert_id),
            unsubscribe_url=unsubscribe_url(),
        )
    return texts


@public_renderer("cap_info")
def cap_info(version: Version, language: str, at: datetime, resource: cap.Resource | None) -> cap.Info | None:
    found = facts(version, "cap", language, at)
    if found is None:
        return None
    words = found.words
    return cap.Info(
        language=language,
        event=words["event"],
        sender_name=_agency_name(version, language),
        headline=words["headline"],
        description=words["description"],
        instruction=words["instruction"],
        web=page_url(version),
        contact=settings.TIP_NUMBER,
        area_name=words["area"],
        resource=resource if "photo" in found.allowed else None,
    )


@public_renderer("cap_end_info")
def cap_end_info(version: Version, outcome: str, language: str) -> cap.Info | None:
    words = end_words(version, outcome, language)
    if words is None:
        return None
    return cap.Info(
        language=language,
        event=words["event"],
        sender_name=_agency_name(version, language),
        headline=words["title"],
        description=words["sentence"],
        instruction=words["request"],
        web=page_url(version),
        contact=settings.TIP_NUMBER,
        area_name=words["area"],
    )


@public_renderer("document")
def document(stored: Document, at: datetime) -> str | None:
    """Return the CAP document as it was stored; None where it is silent: over, replaced, a field withdrawn.

    An all-clear or a cancel names nobody and stays until the case's key is gone.
    """
    version = stored.version
    is_over = not version.alert.is_live or not version.in_force or stored.expires_at <= at
    if not stored.ends_alert and (is_over or not may_say(version, "cap", at)):
        return None
    words: str | None = stored.xml
    return words


def may_say(version: Version, channel: str, at: datetime) -> bool:
    """Say whether consent covers every field that the channel's message shows, now (one query)."""
    return known_facts.allowed(version.child, channel, at) >= set(version.fields_used.get(channel, ()))


def composed(version: Version, at: datetime) -> Composed:
    """Return all texts for those who draft and sign: as frozen, or as a draft would say them now."""
    if version.state == Version.State.DRAFT:
        return compose(version, at)
    return Composed(version.texts or {}, version.ends or {}, version.fields_used)


def withheld(version: Version, at: datetime) -> dict[str, list[str]]:
    """Return by channel the public facts of the case that consent keeps out of it."""
    alert = version.alert
    everything = known_facts.known(alert.case, version.child, version.photo, at)
    said = set(wording.page(known_facts.frame(alert), everything, languages.load("en")).fields)
    found = {
        channel: sorted(said - known_facts.allowed(version.child, channel, at, for_new=True))
        for channel in channels_of(version.channels)
    }
    return {channel: fields for channel, fields in found.items() if fields}


def version_languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def page_url(version: Version) -> str:
    return f"{settings.PUBLIC_URL}/a/{version.alert.code}/"


def photo_url(version: Version) -> str:
    return f"{settings.PUBLIC_URL}{settings.PUBLIC_MEDIA_URL}{version.public_photo}"


def unsubscribe_url() -> str:
    """Return the address in which each person's own token is put when the message leaves."""
    return f"{settings.PUBLIC_URL}/u/{unsubscribe.PLACE}/"


def _first(found: Facts, name: str) -> str:
    return str(next(choice["text"] for choice in found.words[name] if found.permits(choice["fields"])))


def _nameless(found: Facts) -> str:
    return str(
        next(
            title["text"]
            for title in found.words["titles"]
            if found.permits(title["fields"]) and "name" not in title["fields"]
        )
    )


def _text(version: Version, channel: str, found: Facts, language: str) -> Text:
    words = found.words
    may_show = channel in CARRIES_PHOTO and "photo" in found.allowed
    shows_photo = may_show and bool(version.public_photo)
    body, alt = words.get("body", ""), words.get("photo_alt", "")
    photo = photo_url(version) if shows_photo else ""
    return Text(
        subject=words.get("subject", ""),
        body=body,
        short=words.get("short", ""),
        url=page_url(version),
        photo_name=_photo_name(version, channel) if shows_photo else "",
        photo_alt=alt if shows_photo else "",
        html=markup.html(body, language, photo, alt) if channel == "email" else "",
        unsubscribe_url=unsubscribe_url(),
    )


def _photo_name(version: Version, channel: str) -> str:
    """Return the public copy for a channel: where a network wants another shape, the padded one."""
    return version.public_padded if channel == "instagram" and version.public_padded else version.public_photo


def _agency_name(version: Version, language: str) -> str:
    names: Mapping[str, str] = version.alert.case.agency.names
    return names.get(language) or next(iter(names.values()))
