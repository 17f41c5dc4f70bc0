"""Words of a text with the places where they stand, and lists of words found among them. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from alerts.lint.plain import REMEMBERED, plain
from geo.names import normalise

FILE = Path(__file__).with_name("words.toml")
SPELT_OUT = 3  # so many single letters in a row are a word typed letter by letter
_WORD = re.compile(r"\w+")
# "and the", "with the", "for the" are written as one word with what follows.
_JOINED = re.compile(r"^(?:[وف])?(?:[بلك])?(?:ال|لل)?(?=\w{3})")


@dataclass(frozen=True)
class Token:
    """Hold a word as compared, and where it stands in the text as typed."""

    said: str
    start: int
    end: int
    number: bool = False


@cache
def lexicon() -> Any:
    with FILE.open("rb") as file:
        return tomllib.load(file)


@lru_cache(maxsize=REMEMBERED)
def tokens(text: str) -> tuple[Token, ...]:
    view = plain(text)
    found = (
        Token(said, *view.span(*match.span()), said.isdigit())
        for match in _WORD.finditer(view.words.replace("_", " "))
        for said in [normalise(match[0])]
        if said
    )
    return tuple(_spelt(list(found)))


def _spelt(found: list[Token]) -> Iterator[Token]:
    """Yield the words, a run of single letters ("a s t h m e") as the word that they spell."""
    run: list[Token] = []
    for token in [*found, None]:
        if token and len(token.said) == 1 and not token.number:
            run.append(token)
            continue
        if len(run) >= SPELT_OUT:
            yield Token("".join(one.said for one in run), run[0].start, run[-1].end)
        else:
            yield from run
        run = []
        if token:
            yield token


def words_of(*texts: str) -> frozenset[str]:
    """Return every word of the texts as compared, with and without what Arabic joins to it."""
    return frozenset().union(*map(said_in, texts))


@lru_cache(maxsize=REMEMBERED)
def said_in(text: str) -> frozenset[str]:
    return frozenset(form for token in tokens(text) for form in forms(token.said))


@lru_cache(maxsize=8192)
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
            if all(is_word(found[at + n].said, part) for n, part in enumerate(parts))
        )
    )


def is_word(said: str, wanted: str) -> bool:
    """Say whether a word is the listed one; a star at its end stands for any ending."""
    if wanted.endswith("*"):
        return any(form.startswith(wanted[:-1]) for form in forms(said))
    return wanted in forms(said)


def listed(section: str, language: str) -> list[Any]:
    found: list[Any] = lexicon()[section].get(language, [])
    return found


@cache
def all_listed(section: str) -> frozenset[str]:
    """Return the words of a list in every language."""
    return frozenset(word for words in lexicon()[section].values() for word in words)


def significant(text: str, but: frozenset[str] = frozenset()) -> list[Token]:
    """Return the words that tell something: neither small nor in `but`."""
    left_out = all_listed("small") | but
    return [token for token in tokens(text) if not set(forms(token.said)) & left_out]


def near(found: Sequence[Token], within: int) -> Iterator[tuple[Token, Token]]:
    """Yield every two words of which the second follows among the next `within`."""
    for at, token in enumerate(found):
        for other in found[at + 1 : at + 1 + within]:
            yield token, other


def quoted(text: str, source: str, but: frozenset[str] = frozenset()) -> list[str]:
    """Return the stretches of the text in which two telling words of the source follow each other."""
    said = {
        (a.said, b.said)
        for a, b in near(significant(source, but), 1)
        if max(len(a.said), len(b.said)) > 4 or a.number or b.number
    }
    return [text[a.start : b.end] for a, b in near(significant(text, but), 1) if (a.said, b.said) in said]
