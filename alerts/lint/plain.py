"""A text as it is compared: without what nobody sees, in one kind of digits, dashes and blanks. Pure.

Each character remembers where it stood, so that what is found can be highlighted as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from geo.names import normalise

TATWEEL = "\u0640"
REMEMBERED = 256  # texts: those of a few drafts, and then they are forgotten
_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cc", "Cs", "Co"})
_DASHES = frozenset("\u2212\u2010\u2011\u00ad")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True)
class View:
    """Hold the text as compared; character n of `words` stood at `typed[starts[n]:ends[n]]`."""

    typed: str
    words: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the stretch stands in the text as typed; an empty stretch stands nowhere."""
        return (self.starts[start], self.ends[end - 1]) if end > start else (0, 0)

    def stretch(self, start: int, end: int) -> str:
        """Return the stretch as it was typed."""
        first, last = self.span(start, end)
        return self.typed[first:last].strip()

    def of(self, found: re.Match[str], group: int = 0) -> str:
        return self.stretch(*found.span(group))


@lru_cache(maxsize=REMEMBERED)
def plain(text: str) -> View:
    """Return the text with composed letters, digits of any script as 0-9, every dash as -."""
    return _view(text, lambda shown: shown)


@lru_cache(maxsize=REMEMBERED)
def folded(text: str) -> View:
    """Return plain(text) in small letters, without accents, one letter for those Arabic writes alike."""
    return _view(text, _fold)


def without_urls(text: str) -> str:
    """Return the text of the same length with addresses of pages blanked."""
    return _URL.sub(lambda found: " " * len(found[0]), text)


def urls(text: str) -> list[str]:
    return _URL.findall(text)


def zero_of(character: str) -> int | None:
    """Return by which zero a digit counts: the same for all digits of one script; None for no digit."""
    value = unicodedata.decimal(character, None)
    return None if value is None else ord(character) - value


def _view(text: str, shape: Callable[[str], str]) -> View:
    said, starts, ends = [], [], []
    for start, end, shown in _clusters(text):
        for character in shape(shown):
            said.append(character)
            starts.append(start)
            ends.append(end)
    return View(text, "".join(said), tuple(starts), tuple(ends))


def _clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, as compared) for each letter with the marks that stand on it."""
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        composed = unicodedata.normalize("NFKC", text[at:end])
        yield at, end, "".join(map(_seen, composed))
        at = end


def _seen(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    value = unicodedata.decimal(character, None)
    if value is not None:
        return str(value)
    kind = unicodedata.category(character)
    if kind == "Pd" or character in _DASHES:
        return "-"
    if kind[0] == "Z":
        return " "
    return "" if kind in _UNSEEN or character == TATWEEL else character


def _fold(shown: str) -> str:
    """Return letters as geo.names.normalise leaves them; anything else as it is."""
    return "".join(map(_letter, shown))


@cache
def _letter(character: str) -> str:
    return normalise(character) if character.isalpha() else character
