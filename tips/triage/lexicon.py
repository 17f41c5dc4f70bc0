"""The lists of words, made into one expression a list. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from tips.triage.lists import read
from tips.triage.spelling import Forms, chat

_ALIKE = str.maketrans("أإآىةؤئ", "ااايهوي")  # as geo.names.normalise leaves them
_LEAST_HEARD = 3
_GAP = r"(?: \w+){0,4} "
# "and", "with", "the", "to the" stand written onto an Arabic word.
_JOINED = "(?:[وف]? ?[بلك]?(?:ال|لل)?)"
_ENDING = re.compile(r"(?<=\w)\*")
_LETTERS = re.compile(r"([a-z0-9]+)(\*?)")
_GLUED = (("ما? ", "ما? ?"), ("ما ", "ما? ?"))


@cache
def _expressions(file: str, section: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the expressions over Arabic words, over Latin ones, and over the chat form."""
    lists = read(file)[section]
    chatted = [phrase for phrase in lists.get("dj", ()) if not _is_short(phrase)]
    short = [phrase for phrase in lists.get("dj", ()) if _is_short(phrase)]
    latin = [_open(phrase) for phrase in (*lists.get("fr", ()), *lists.get("en", ()), *short)]
    arabic = [_arabic(phrase.translate(_ALIKE)) for phrase in lists.get("ar", ())]
    return _joined(arabic, before=_JOINED), _joined(latin), _joined(map(_chat, chatted))


def listed(section: str) -> frozenset[str]:
    """Return the words of a list as they stand, in every language."""
    return frozenset(word for words in read("words.toml")[section].values() for word in words)


@cache
def points() -> dict[str, int]:
    """Return what each sign of danger weighs."""
    return {name: section["points"] for name, section in read("danger.toml").items()}


def said(section: str, forms: Forms, *, file: str = "words.toml") -> list[str]:
    """Return the stretches that a list's phrases match, once each, as they stand in a form."""
    return list(dict.fromkeys(words for words, _at in spans(section, forms, file=file)))


def spans(section: str, forms: Forms, *, file: str = "words.toml") -> Iterator[tuple[str, int]]:
    """Yield each stretch with the number of words before it."""
    arabic, latin, chatted = _expressions(file, section)
    asked = [(arabic, forms.plain)] if forms.has_arabic else []
    asked += [(latin, forms.plain)] if forms.has_latin else []
    asked += [(chatted, forms.chat)] if forms.has_chat else []
    for expression, form in asked:
        for found in expression.finditer(form):
            yield found[0].strip(), form.count(" ", 0, found.start())


def _joined(phrases: Iterable[str], *, before: str = "") -> re.Pattern[str]:
    together = "|".join(sorted(set(phrases), key=len, reverse=True))
    return re.compile(rf"(?<!\w){before}(?:{together})(?!\w)" if together else r"(?!)")


def _arabic(phrase: str) -> str:
    """Return the expression; "ما" before a verb may stand on it."""
    for written, glued in _GLUED:
        if phrase.startswith(written):
            return glued + _open(phrase.removeprefix(written))
    return _open(phrase)


def _chat(phrase: str) -> str:
    """Return the phrase in the chat form; "ma" before a verb may stand on it."""
    starts = phrase.startswith("ma ")
    bare = phrase.removeprefix("ma ") if starts else phrase
    heard = _LETTERS.sub(lambda word: _stem(word[1]) if word[2] else chat(word[1]), bare)
    return ("(?:w ?)?m(?:a )?" if starts else "(?:w)?") + _open(heard)


def _is_short(phrase: str) -> bool:
    """Say whether so little of a word sounds that it is compared as it is written alone: "dem", "tah"."""
    bare = phrase.rstrip("*")
    return bare.isalpha() and len(chat(bare)) < _LEAST_HEARD


def _stem(word: str) -> str:
    """Return the chat form of a word's beginning: its last vowel may come to stand inside."""
    return chat(f"{word}b").removesuffix("b") + "*"


def _open(phrase: str) -> str:
    """Return the expression of a phrase: a star after a letter is any ending, " .. " a gap."""
    return _ENDING.sub(r"\\w*", phrase).replace(" .. ", _GAP)
