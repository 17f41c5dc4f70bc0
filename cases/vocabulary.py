"""Codes instead of words, so that a fact is right in every language. Pure; words are in vocabulary.toml.

A colour agrees with its garment: a garment, a thing carried or a vehicle says its form in each language
(`ar_form`, `fr_form`: m, f, mp, fp), a colour holds a word for each form (`ar`, `ar_f`, `fr`, `fr_f`,
`fr_mp`, `fr_fp`). Arabic plurals of things agree as the feminine singular does. Other keys of a code:
`group` (a code of <list>_group: the heading it is found under), `colours` = "no" (it has none), `now` (the
list that offers this thing today; the code is kept for the cases that hold it). A list may begin with
`like`, the name of the list whose codes it shares.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("vocabulary.toml")
Words = Mapping[str, str]


@cache
def lists() -> Mapping[str, Mapping[str, Words]]:
    """Return {list: {code: {key: word}}} in the order of the file, shared codes after a list's own."""
    whole = {}
    for name, written in _file().items():
        own = {code: words for code, words in written.items() if code != "like"}
        whole[name] = {**own, **_file().get(like(name), {})}
    return whole


def like(name: str) -> str:
    """Return the list whose codes, words and drawings the list shares, "" for none."""
    return str(_file().get(name, {}).get("like", ""))


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


def offered(name: str) -> tuple[str, ...]:
    """Return the codes a form offers: all but those that another list offers today."""
    return tuple(code for code, words in lists()[name].items() if "now" not in words)


def grouped(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return {code of <name>_group: the codes offered under it}; {"": all} for a list without groups."""
    groups: dict[str, tuple[str, ...]] = dict.fromkeys(lists().get(f"{name}_group", ("",)), ())
    for code in offered(name):
        group = lists()[name][code].get("group", "")
        groups[group] = (*groups[group], code)
    return groups


def is_coloured(name: str, code: str) -> bool:
    return lists()[name][code].get("colours") != "no"


def colour(code: str, garment: str, language: str, *, listed: str = "garment") -> str:
    """Return the colour's word in the form that agrees with the garment, or with a code of another list."""
    words = lists()["colour"].get(code)
    if not words:
        return ""
    form = lists()[listed].get(garment, {}).get(f"{language}_form", "m")
    plain = words.get(language, words["en"])
    return plain if form == "m" else words.get(f"{language}_{form}", plain)


def dressed(garment: str, colour_code: str, language: str, *, listed: str = "garment") -> str:
    """Return the garment with its colour in good grammar: "blue trousers", "pantalon bleu"."""
    what, hue = label(listed, garment, language), colour(colour_code, garment, language, listed=listed)
    if not what or not hue or not is_coloured(listed, garment):
        return what
    return f"{hue} {what}" if language == "en" else f"{what} {hue}"


@cache
def _file() -> Mapping[str, Any]:
    with FILE.open("rb") as file:
        return tomllib.load(file)
