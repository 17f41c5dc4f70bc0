"""The lists of words of time, made into expressions. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from tips.triage.lists import read
from tips.triage.spelling import Forms, chat

_ARABIC_BEFORE = "(?:[وفب]?(?:ال|لل)?)"
Listed = tuple[tuple[re.Pattern[str], str], ...]


def lists() -> Any:
    """Return the words of time."""
    return read("hours.toml")


def first(listed: Iterable[str], forms: Forms) -> str:
    """Return the first stretch that one of the words matches in either form, "" for none."""
    plain, chatted = _pair(tuple(listed))
    found = plain.search(forms.plain) or (chatted.search(forms.chat) if forms.has_chat else None)
    return found[0].strip() if found else ""


def any_of(words: Iterable[str]) -> str:
    """Return an expression for any of the words, the longest first."""
    return "|".join(sorted(set(words), key=len, reverse=True))


def in_chat(words: str) -> str:
    """Return the words as tips.triage.spelling.chat leaves them."""
    return " ".join(chat(word) if word.isascii() and word.isalnum() else word for word in words.split())


def value_of(section: str, said: str, shape: Callable[[str], str]) -> float | None:
    """Return the number by which the list of `section` names what was said."""
    return next((float(key) for key, words in lists()[section].items() if _is_any(words, said, shape)), None)


def _is_any(words: Iterable[str], said: str, shape: Callable[[str], str]) -> bool:
    return any(re.fullmatch(shape(word), said) for word in words)


@cache
def _pair(listed: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    latin = any_of(word for word in listed if word.isascii())
    arabic = any_of(word for word in listed if not word.isascii()).replace("*", r"\w*")
    both = "|".join(filter(None, (latin.replace("*", r"\w*"), arabic and f"{_ARABIC_BEFORE}(?:{arabic})")))
    # Chat words stand among the Latin ones: a French word in the chat form is none of them.
    chatted = any_of(in_chat(word) for word in listed if word.isascii() and _is_chat(word)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{both or '(?!)'})(?!\w)"), re.compile(rf"(?<!\w)(?:{chatted})(?!\w)")


def _is_chat(word: str) -> bool:
    return len(word) > 3 and (any(sign.isdigit() for sign in word) or word in _CHAT_WORDS)


_CHAT_WORDS = frozenset({"lyoum", "lyouma", "daba", "elnaharda", "sob7", "lmghrib"})
