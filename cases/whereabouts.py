"""A place as people say it: found offline or kept as words, never the middle of a city unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from cases.reported import ReportedPlace
from geo.gazetteer import Gazetteer, Place
from geo.points import Point

KEEP_WORDS = "words"
SUGGESTIONS = 5
_PARTS = re.compile(r"[,;،؛/\n]+|\s[-–—]\s")


@dataclass(frozen=True)
class Suggestion:
    """Hold a known place that the words may mean; value is what the form sends back."""

    value: str
    place: Place


class UnknownPlace(Exception):  # noqa: N818  (a question to the family, not a fault)
    """The words name no one place: ask which, or whether to keep the words."""

    def __init__(self, suggestions: tuple[Suggestion, ...]) -> None:
        super().__init__("unknown_place")
        self.suggestions = suggestions


def resolve(words: str, gazetteer: Gazetteer, *, choice: str = "") -> ReportedPlace:
    """Return the place that the words, or the reader's choice among the suggestions, name.

    choice is "", KEEP_WORDS or the value of a suggestion. Raise UnknownPlace when the words alone do not do.
    """
    if choice == KEEP_WORDS:
        return ReportedPlace(words)
    found = gazetteer.resolve(words)
    if found is None:
        suggestions = suggest(words, gazetteer)
        found = next((item.place for item in suggestions if item.value == choice), None)
        if found is None:
            raise UnknownPlace(suggestions)
    return named(words, found)


def resolve_quietly(words: str, gazetteer: Gazetteer) -> ReportedPlace:
    """Return the place where the words name exactly one, else the words alone."""
    found = gazetteer.resolve(words)
    return named(words, found) if found else ReportedPlace(words)


def named(words: str, place: Place) -> ReportedPlace:
    return ReportedPlace(words, point=place.point, error_m=round(place.error_m), source="gazetteer")


def suggest(words: str, gazetteer: Gazetteer) -> tuple[Suggestion, ...]:
    """Return a few known places whose names stand within the words, the whole before its parts."""
    found: dict[str, Place] = {}
    for text in _spoken_parts(words):
        for place in gazetteer.search(text, SUGGESTIONS):
            found.setdefault(_value(place.point), place)
        if len(found) >= SUGGESTIONS:
            break
    return tuple(Suggestion(value, place) for value, place in list(found.items())[:SUGGESTIONS])


def _spoken_parts(words: str) -> Iterator[str]:
    """Yield the whole, the parts between commas, then pairs of words and words of four letters and more."""
    yield words
    yield from (part for part in _PARTS.split(words) if part.strip() != words.strip())
    single = words.split()[:12]
    yield from (" ".join(pair) for pair in pairwise(single))
    yield from (word for word in single if len(word) >= 4)


def _value(point: Point) -> str:
    return f"{point.lat:.5f},{point.lon:.5f}"
