"""What the lint is told of a draft, and what it answers. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Severity = Literal["stop", "warn"]
ADDITION = "addition"  # the "channel" of the officer's own sentence
MOST_LETTERS = 160
# What two people may release, field by field: the finding's code, and what it is called when it is asked for.
RELEASABLE: Mapping[str, str] = {
    "suspect": "suspect",
    "person_named": "suspect",
    "plate": "plate",
    "home_address": "address",
    "health": "health",
    "family": "family",
}
RELEASED = "released"  # the detail of a finding that was a stop
LONGEST = timedelta(days=30)  # longer than any notice may stay without being looked at again; ours


@dataclass(frozen=True)
class Text:
    """Hold one stretch of words as it would be sent; is_free: an officer typed it."""

    language: str
    channel: str
    words: str
    is_free: bool = False


@dataclass(frozen=True)
class Finding:
    """Hold one fault: its code (worded in alerts.lint_words), where it stands and the words to highlight.

    `detail` names what is meant (an element, a language), never what the case holds.
    """

    code: str
    severity: Severity
    language: str = ""
    channels: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    detail: str = ""

    @property
    def key(self) -> str:
        """Return what a tick names: another fault, or the same of other words, has another key."""
        told = "\x1f".join((self.code, self.language, self.detail, *self.words))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def is_stop(self) -> bool:
        return self.severity == "stop"

    @property
    def may_be_released(self) -> bool:
        """Say whether two people could release it: of those kinds, in an officer's sentence."""
        return self.code in RELEASABLE and self.channels == (ADDITION,)


@dataclass(frozen=True)
class Secrets:
    """Hold what the case knows and the public must not: told by the edge, compared, never answered."""

    addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    people: tuple[str, ...] = ()  # names of family, friends and companions
    siblings: tuple[str, ...] = ()  # given names of the other children of the case
    plates: tuple[str, ...] = ()
    health: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    companion: tuple[str, ...] = ()


@dataclass(frozen=True)
class Photo:
    """Say what the photo of the draft is; a draft without one has none of this."""

    is_of_child: bool = True
    is_of_sibling: bool = False  # the same picture is filed under another child of the case
    has_consent: bool = True


@dataclass(frozen=True)
class Ground:
    """Hold the area as the lint asks of it."""

    is_empty: bool = False
    is_in_country: bool = True
    is_larger_than_country: bool = False


@dataclass(frozen=True)
class Draft:
    """Hold all that the lint looks at. Messages do not repeat the additions, which are given by themselves.

    number: whom the public calls, E.164 or short; numbers: further ones that anybody may call. hosts: our
    own. names, places: as the texts say them in any language. age in whole years, months of a baby.
    """

    messages: tuple[Text, ...]
    languages: tuple[str, ...]
    number: str
    additions: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    known_words: tuple[str, ...] = ()  # the agency's names, the alert's code
    age: int | None = None
    months: int | None = None
    sex: str = ""
    seen_at: datetime | None = None  # in the agency's time zone
    elements: frozenset[str] = frozenset()  # of ELEMENTS, those that the texts have
    photo: Photo | None = None
    ground: Ground = Ground()
    duration: timedelta = timedelta(hours=24)
    longest: timedelta = LONGEST
    numbers: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    secrets: Secrets = Secrets()
    released: frozenset[str] = frozenset()  # of RELEASABLE's values, for exactly these additions


# What a warning must say: after Mileti and Sorensen, Communication of Emergency Public Warnings (1990).
ELEMENTS = ("source", "event", "description", "place", "time", "action", "contact")


def free(draft: Draft) -> tuple[Text, ...]:
    """Return the officer's own sentences."""
    return tuple(
        Text(language, ADDITION, words, is_free=True) for language, words in draft.additions.items() if words
    )


def every(draft: Draft) -> tuple[Text, ...]:
    return (*draft.messages, *free(draft))


def found_in(
    text: Text, code: str, severity: Severity, words: tuple[str, ...] | list[str], detail: str = ""
) -> Finding:
    return Finding(code, severity, text.language, (text.channel,), tuple(dict.fromkeys(words)), detail)


def strings(words: object) -> Iterator[str]:
    """Yield all that a channel's words say, without the names of what they show."""
    if isinstance(words, str):
        yield words
    elif isinstance(words, Mapping):
        yield from (text for key, value in words.items() if key not in _UNSAID for text in strings(value))
    elif isinstance(words, Iterable):
        yield from (text for value in words for text in strings(value))


_UNSAID = ("fields", "key")
