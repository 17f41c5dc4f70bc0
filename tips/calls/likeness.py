"""How alike two tellings are, by place, hour, words and plates: enough to ask a caller about. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from alerts.lint.plain import plain
from alerts.statements.marks import pairs
from geo.geodesic import distance_m
from geo.points import Point

NEAR_M, NEAR_MIN = 1_500.0, 90
LEAST = 2  # of what follows so much makes two tellings alike
_NUMBER = re.compile(r"\d{4,}")


@dataclass(frozen=True)
class Telling:
    """Hold what is compared of one telling; pairs and numbers as of() makes them."""

    point: Point | None = None
    seen_at: datetime | None = None
    pairs: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    place: frozenset[str] = frozenset()
    link: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Alike:
    """Hold how alike, and by what: codes of REASONS in the order in which they weigh."""

    score: float
    by: tuple[str, ...]


def of(words: str, place: str, point: Point | None, seen_at: datetime | None, links: list[str]) -> Telling:
    numbers = frozenset(_NUMBER.findall(re.sub(r"[\s.|/-]", "", plain(words).words)))
    return Telling(
        point, seen_at, frozenset(pairs(words)), numbers, frozenset(pairs(place)), frozenset(links)
    )


def alike(one: Telling, other: Telling) -> Alike | None:
    """Return what two tellings share, None where it is too little to ask about."""
    found = dict(_shared(one, other))
    score = sum(found.values())
    return Alike(score, tuple(sorted(found, key=lambda code: -found[code]))) if score >= LEAST else None


def _shared(one: Telling, other: Telling) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    if one.link & other.link:
        found.append(("link", 4.0))
    if one.numbers & other.numbers:
        found.append(("number", 3.0))
    near = _near(one, other)
    if near:
        found.append(("place", near))
    if one.seen_at and other.seen_at and near:
        minutes = abs((one.seen_at - other.seen_at).total_seconds()) / 60
        if minutes <= NEAR_MIN:
            found.append(("hour", 1.0))
    if words := _words(one, other):
        found.append(("words", words))
    return found


def _near(one: Telling, other: Telling) -> float:
    if one.point and other.point:
        return 1.5 if distance_m(one.point, other.point) <= NEAR_M else 0.0
    return 1.5 if one.place & other.place else 0.0


def _words(one: Telling, other: Telling) -> float:
    """Return up to 2 for the share of the shorter text's word pairs that both have."""
    shorter = min(len(one.pairs), len(other.pairs))
    if not shorter:
        return 0.0
    shared = len(one.pairs & other.pairs)
    return 2.0 * min(1.0, 2 * shared / shorter) if shared >= min(2, shorter) else 0.0
