"""Words of a text with the places where they stand, and lists of words found among them. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from geo.names import normalise

FILE = Path(__file__).with_name("words.toml")
_WORD = re.compile(r"[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]+")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# "and the", "with the", "for the" are written as one word with what follows.
_JOINED = re.compile(r"^(?:[وف])?(?:[بلك])?(?:ال|لل)?(?=\w{3})")


@dataclass(frozen=True)
class Token:
    """Hold a word as compared, and where it stands in the text."""

    said: str
    start: int
    end: int
    number: bool = False


@cache
def lexicon() -> Any:
    with FILE.open("rb") as file:
        return tomllib.load(file)


def flat(text: str) -> str:
    """Return the text of the same length with digits of any script as 0-9 and invisible marks as blanks."""
    return "".join(map(_flat, text))


def _flat(character: str) -> str:
    if character.isascii():
        return character
    value = unicodedata.decimal(character, None)
    if value is not None:
        return str(value)
    return " " if unicodedata.category(character) == "Cf" else character


def without_urls(text: str) -> str:
    """Return the text of the same length with addresses of pages blanked."""
    return _URL.sub(lambda found: " " * len(found[0]), text)


def urls(text: str) -> list[str]:
    return _URL.findall(text)


@cache
def tokens(text: str) -> tuple[Token, ...]:
    bare = flat(text)
    return tuple(
        Token(said, found.start(), found.end(), said.isdigit())
        for found in _WORD.finditer(bare)
        for said in [normalise(found[0])]
        if said
    )


def words_of(*texts: str) -> frozenset[str]:
    """Return every word of the texts as compared, with and without what Arabic joins to it."""
    return frozenset(form for text in texts for token in tokens(text) for form in forms(token.said))


@cache
def forms(said: str) -> tuple[str, ...]:
    """Return the word, and the Arabic word without what is joined before it."""
    bare = _JOINED.sub("", said)
    without_and = re.sub(r"^[وفبلك](?=\w{3})", "", said)
    return tuple(dict.fromkeys((said, bare, without_and)))


def phrases(text: str, listed: Iterable[str]) -> list[str]:
    """Return the stretches of the text that the listed phrases match, as they are written in it."""
    found = tokens(text)
    return list(
        dict.fromkeys(
            text[found[at].start : found[at + len(parts) - 1].end]
            for phrase in listed
            for parts in [phrase.split()]
            for at in range(len(found) - len(parts) + 1)
            if all(_is(found[at + n].said, part) for n, part in enumerate(parts))
        )
    )


def _is(said: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return said.startswith(wanted[:-1])
    return wanted in forms(said)


def listed(section: str, language: str) -> list[Any]:
    found: list[Any] = lexicon()[section].get(language, [])
    return found


@cache
def small_words() -> frozenset[str]:
    return frozenset(word for words in lexicon()["small"].values() for word in words)


@cache
def street_words() -> frozenset[str]:
    return frozenset(word for words in lexicon()["street"].values() for word in words)


def significant(text: str, but: frozenset[str] = frozenset()) -> list[Token]:
    """Return the words that tell something: neither small nor in `but`."""
    left_out = small_words() | but
    return [token for token in tokens(text) if not set(forms(token.said)) & left_out]


def pairs(found: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    return pairwise(found)


def quoted(text: str, source: str, but: frozenset[str] = frozenset()) -> list[str]:
    """Return the stretches of the text in which two telling words of the source follow each other."""
    said = {
        (a.said, b.said)
        for a, b in pairs(significant(source, but))
        if max(len(a.said), len(b.said)) > 4 or a.number or b.number
    }
    return [text[a.start : b.end] for a, b in pairs(significant(text, but)) if (a.said, b.said) in said]
