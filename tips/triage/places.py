"""The places a message names among its other words, with how far off the true spot may be. Pure.

A name counts where a word leads to it ("near", "حدا", "7da", "à"), or where it is a town's or a quarter's own
exact name of four letters at least. "La gare" is one near the alert, where only one stands there.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from geo import phrases, spoken
from geo.gazetteer import Gazetteer
from geo.geodesic import distance_m
from geo.names import normalise
from geo.place import TOWNS
from geo.points import Point
from tips.triage import lexicon
from tips.triage.model import PlaceSaid
from tips.triage.spelling import Forms

_MOST_WORDS = 80  # that are looked at
_LONGEST = 4
_PEOPLE = 5_000  # people: a smaller place's name alone, with no word before it, is rather another word
_LEAST_LETTERS = 4
_AROUND_M = 15_000.0  # judgement: as far as "the station" may be meant round the last place
MOST = 3
_NO_PLACE = lexicon.listed("no_place")  # names of places that are words in a message


def places(forms: Forms, gazetteer: Gazetteer, near: Point | None = None) -> tuple[PlaceSaid, ...]:
    """Return the places named, the most exactly known first; costs a few dictionary look-ups a word."""
    tokens = forms.plain.split()[:_MOST_WORDS]
    named = list(_named(tokens, gazetteer))
    found: list[PlaceSaid] = []
    for at, (start, end) in enumerate(named):
        words = " ".join(tokens[start:end])
        others = [" ".join(tokens[s:e]) for n, (s, e) in enumerate(named) if n != at]
        place = _understood(words, others, gazetteer) or _local(words, gazetteer, near)
        if place and not any(place.point == known.point for known in found):
            found.append(place)
    kept = _without_outer(found)
    return tuple(sorted(kept, key=lambda place: place.error_m)[:MOST])


def _named(tokens: list[str], gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    """Yield where a name stands, with the words that lead to it; names do not overlap."""
    at = 0
    while at < len(tokens):
        led = _lead(tokens, at)
        end = _name_end(tokens, at + led, gazetteer, is_led=led > 0)
        if end:
            yield at, end
            at = end
        else:
            at += 1


def _lead(tokens: list[str], at: int) -> int:
    """Return how many words from here on lead to a name."""
    count = 0
    while at + count < len(tokens) - 1 and tokens[at + count] in phrases.LITTLE and count < 5:
        count += 1
    return count


def _name_end(tokens: list[str], at: int, gazetteer: Gazetteer, *, is_led: bool) -> int:
    """Return where the longest name that begins here ends, 0 for none."""
    known = _known(gazetteer)
    for size in range(min(_LONGEST, len(tokens) - at), 0, -1):
        name = " ".join(tokens[at : at + size])
        if size == 1 and not _may_be_alone(name):
            continue
        if name in known and (is_led or size > 1 or known[name]):
            return at + size
        if tokens[at + size - 1] not in phrases.LITTLE and _is_spelt(name, gazetteer, is_led=is_led):
            return at + size
    return 0


def _is_spelt(name: str, gazetteer: Gazetteer, *, is_led: bool) -> bool:
    """Say whether the name is one in another spelling, or one with "in" written onto it (فالرباط)."""
    if is_led and gazetteer.named(name)[0]:
        return True
    bare = [text for text, _near in phrases.bare(name) if text != name]
    return any(_may_be_alone(text) and text in _known(gazetteer) for text in bare)


def _may_be_alone(name: str) -> bool:
    return len(name) >= _LEAST_LETTERS and name not in phrases.LITTLE | _NO_PLACE and not name.isdigit()


@lru_cache(maxsize=4)
def _known(gazetteer: Gazetteer) -> dict[str, bool]:
    """Return every exact name, and whether people know it without a word that leads to it."""
    found: dict[str, bool] = {}
    for place in gazetteer.places:
        alone = place.kind == "quarter" or (place.kind in TOWNS and place.population > _PEOPLE)
        for name in place.names:
            key = normalise(name)
            found[key] = found.get(key, False) or alone
    return found


def _understood(words: str, others: list[str], gazetteer: Gazetteer) -> PlaceSaid | None:
    """Return the place by itself, or together with one other that is named in the message."""
    for said in (*(f"{words}, {other}" for other in others), words):
        found = spoken.understand(said, gazetteer)
        if found:
            return PlaceSaid(said, found.place.point, found.error_m)
    return None


def _local(words: str, gazetteer: Gazetteer, near: Point | None) -> PlaceSaid | None:
    """Return the only place of that name round the last place, as "the station" is meant."""
    if near is None:
        return None
    for text, is_near in phrases.bare(words):
        found = [place for place in gazetteer.named(text)[0] if distance_m(place.point, near) <= _AROUND_M]
        if len(found) == 1:
            return PlaceSaid(words, found[0].point, spoken.Understood(found[0], is_near).error_m)
    return None


def _without_outer(found: list[PlaceSaid]) -> list[PlaceSaid]:
    """Leave out a town that only says where another place stands."""
    return [
        place
        for place in found
        if not any(
            other is not place
            and other.error_m < place.error_m
            and distance_m(other.point, place.point) <= place.error_m
            for other in found
        )
    ]
