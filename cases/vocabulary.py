"""Codes instead of words, so that a fact is right in every language. Pure; words are in vocabulary.toml.

A colour agrees with its garment: a garment says its form in each language (`ar_form`, `fr_form`: m, f,
mp, fp), a colour holds a word for each form (`ar`, `ar_f`, `fr`, `fr_f`, `fr_mp`, `fr_fp`). Arabic
plurals of things agree as the feminine singular does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("vocabulary.toml")
Words = Mapping[str, str]


@cache
def lists() -> Mapping[str, Mapping[str, Words]]:
    """Return {list: {code: {key: word}}} in the order of the file."""
    with FILE.open("rb") as file:
        return tomllib.load(file)


def codes(name: str) -> tuple[str, ...]:
    return tuple(lists()[name])


def has(name: str, code: object) -> bool:
    return isinstance(code, str) and code in lists().get(name, {})


def label(name: str, code: str, language: str) -> str:
    """Return the word in the language (English where it has none); "" for a code that is not in the list."""
    words = lists().get(name, {}).get(code)
    return words.get(language, words["en"]) if words else ""


def choices(name: str, language: str) -> list[tuple[str, str]]:
    return [(code, label(name, code, language)) for code in codes(name)]


def colour(code: str, garment: str, language: str) -> str:
    """Return the colour's word in the form that agrees with the garment."""
    words = lists()["colour"].get(code)
    if not words:
        return ""
    form = lists()["garment"].get(garment, {}).get(f"{language}_form", "m")
    plain = words.get(language, words["en"])
    return plain if form == "m" else words.get(f"{language}_{form}", plain)


def dressed(garment: str, colour_code: str, language: str) -> str:
    """Return the garment with its colour in good grammar: "blue trousers", "pantalon bleu"."""
    what, hue = label("garment", garment, language), colour(colour_code, garment, language)
    if not hue:
        return what
    return f"{hue} {what}" if language == "en" else f"{what} {hue}"
