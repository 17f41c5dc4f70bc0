"""A place as it is said, understood: exactly one place or none, and what else may be meant.

Every word must be accounted for. "rue 12, Rabat" is no place here: the street is unknown, and the middle of
Rabat is not what was said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from geo import phrases
from geo.gazetteer import Gazetteer
from geo.geodesic import distance_m
from geo.names import normalise
from geo.place import TOWNS, Place

LONGEST = 300  # letters; what is longer is a story and no place
_MOST_TOKENS = 12
_NEAR_FACTOR, _NEAR_MORE_M = 1.5, 500.0  # "near": as far again as one sees, or half the place's own width
_SUBURB = 0.3  # a town with fewer than this share of the other's people, within it, is a part of it
_ENOUGH = 4  # times as many as are shown, before they are put in order
_AROUND = 4  # letters a lone word needs to be looked for


@dataclass(frozen=True)
class Understood:
    """Hold the place that was meant, and whether only "near" it."""

    place: Place
    is_near: bool = False

    @property
    def error_m(self) -> float:
        """Return how far the true spot may lie from the place's point: more than its own where near it."""
        own = self.place.error_m
        return max(own * _NEAR_FACTOR, own + _NEAR_MORE_M) if self.is_near else own


@dataclass(frozen=True)
class _Part:
    places: tuple[Place, ...]
    is_sure: bool
    is_near: bool


def understand(words: str, gazetteer: Gazetteer) -> Understood | None:
    """Return the one place that all the words together name, or None: then ask, or keep the words."""
    if len(words) > LONGEST:
        return None
    said = phrases.parts(words)
    if len(said) == 1:
        return _one(said[0], gazetteer) or _one(_without_country(said[0]), gazetteer)
    read = [_read(part, gazetteer) for part in said]
    known = [part for part in read if part]
    return _together(known) if known and len(known) == len(read) else None


def candidates(words: str, gazetteer: Gazetteer, limit: int) -> list[Place]:
    """Return known places that may be meant, likeliest first: those of a town that was named go before."""
    text = words[:LONGEST]
    sure = understand(text, gazetteer)
    towns = _towns_within(text, gazetteer)
    found: dict[int, Place] = {id(sure.place): sure.place} if sure else {}
    for place in _loosely(text, towns, gazetteer, limit):
        found.setdefault(id(place), place)
        if len(found) >= _ENOUGH * limit:
            break
    rest = list(found.values())[1 if sure else 0 :]
    inside = [place for place in rest if any(_holds(town, place) for town in towns)]
    ranked = [*([sure.place] if sure else []), *inside[: limit - 1], *towns, *rest]
    return list({id(place): place for place in ranked}.values())[:limit]


def says_near(words: str) -> bool:
    """Say whether any part of the words begins with "near", "behind", "in front of" and the like."""
    return any(near for part in phrases.parts(words[:LONGEST]) for _, near in phrases.bare(part))


def _one(text: str, gazetteer: Gazetteer) -> Understood | None:
    whole = _read_whole(text, gazetteer)
    if whole and whole.is_sure:
        return _together([whole])
    split = _split(text, gazetteer)
    return _together(split) if split else None


def _without_country(text: str) -> str:
    """Return "Hay Riad Rabat" for "Hay Riad Rabat Maroc", "" where no country ends the text."""
    rest, _, last = text.rpartition(" ")
    return rest if last in phrases.COUNTRIES else ""


def _read(text: str, gazetteer: Gazetteer) -> _Part | None:
    """Return what a part names, by itself or as "quarter town"."""
    whole = _read_whole(text, gazetteer)
    if whole:
        return whole
    found = _together(split) if (split := _split(text, gazetteer)) else None
    return _Part((found.place,), is_sure=True, is_near=found.is_near) if found else None


def _read_whole(text: str, gazetteer: Gazetteer) -> _Part | None:
    for name, is_near in phrases.bare(text):
        places, is_sure = gazetteer.named(name)
        if places:
            return _Part(tuple(places), is_sure, is_near)
    return None


def _split(text: str, gazetteer: Gazetteer) -> list[_Part] | None:
    """Return "quarter town" or "town quarter" as two parts, the longest outer name first."""
    tokens = text.split()
    if len(tokens) > _MOST_TOKENS:
        return None
    for size in range(min(4, len(tokens) - 1), 0, -1):
        for outer_words, inner_words in ((tokens[-size:], tokens[:-size]), (tokens[:size], tokens[size:])):
            outer = _read_whole(" ".join(outer_words), gazetteer)
            inner = _read_whole(" ".join(inner_words), gazetteer) if outer and outer.is_sure else None
            if outer and inner:
                return [inner, outer]
    return None


def _together(said: list[_Part]) -> Understood | None:
    """Return the one place that fits into all the others that were named."""
    if len(said) == 1:
        part = said[0]
        one = part.is_sure and len(part.places) == 1
        return Understood(part.places[0], part.is_near) if one else None
    fitting = {
        id(place): place
        for index, part in enumerate(said)
        for place in part.places
        if all(any(_holds(d, place) for d in other.places) for i, other in enumerate(said) if i != index)
    }
    if len(fitting) != 1:
        return None
    return Understood(next(iter(fitting.values())), any(part.is_near for part in said))


def _holds(outer: Place, inner: Place) -> bool:
    """Say whether "inner, outer" is a way of saying inner."""
    if outer is inner:
        return False
    within = distance_m(outer.point, inner.point) <= outer.error_m
    if inner.kind in TOWNS:
        return outer.kind in TOWNS and within and 0 < inner.population < _SUBURB * outer.population
    if outer.kind not in TOWNS:
        return within and inner.error_m < outer.error_m
    if inner.towns:
        names = {normalise(name) for name in outer.names}
        return any(normalise(town) in names for town in inner.towns)
    return within


def _towns_within(words: str, gazetteer: Gazetteer) -> list[Place]:
    """Return the towns named in any part of the words, once each."""
    found: dict[int, Place] = {}
    for part in phrases.parts(words):
        tokens = part.split()[:_MOST_TOKENS]
        for text in chain([part], _runs(tokens, 3), _runs(tokens, 2), tokens):
            read = _read_whole(text, gazetteer)
            if read and read.is_sure and len(read.places) == 1 and read.places[0].kind in TOWNS:
                found.setdefault(id(read.places[0]), read.places[0])
    return list(found.values())[:2]


def _loosely(words: str, towns: list[Place], gazetteer: Gazetteer, limit: int) -> Iterator[Place]:
    """Yield what whole parts name, then what begins so or is nearly so, then what runs of words name.

    A town's own name is not looked for: "rue 12, Rabat" asks for Rabat, not for all that has it in its name.
    """
    said = phrases.parts(words)
    tokens = [token for part in said for token in part.split()][:_MOST_TOKENS]
    whole = [text for part in said for text, _ in phrases.bare(part)]
    runs = [*_runs(tokens, 3), *_runs(tokens, 2), *(token for token in tokens if len(token) >= _AROUND)]
    known = {normalise(name) for town in towns for name in town.names}
    looked_for = [text for text in (*whole, *runs) if text not in phrases.LITTLE and text not in known]
    for text in (*looked_for, *(token for token in tokens if token not in phrases.LITTLE)):
        yield from gazetteer.named(text)[0]
    for text in looked_for:
        yield from gazetteer.search(text, limit)
        yield from gazetteer.similar(text, limit)


def _runs(tokens: list[str], size: int) -> list[str]:
    return [" ".join(tokens[i : i + size]) for i in range(len(tokens) - size + 1)]
