"""All pictures and frames that were ever seen, asked for one that came now. Pure: holds no row and reads
none.

The bank holds numbers, hashes and bands; the prints stay where the caller sealed them, and it is asked for
those of the few that may be the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from tips.media.hashes import HashIndex
from tips.media.index import CANDIDATES, PointIndex
from tips.media.likeness import Likeness, compare_both
from tips.media.prints import Print, mirrored, take

Opener = Callable[[int], Print | None]  # None: erased meanwhile


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold the prints of a picture that came now: as it is, and turned over."""

    straight: Print
    turned: Print


@dataclass(frozen=True, slots=True)
class Match:
    """Hold a known picture, by its number, and what it shares with the one that came."""

    number: int
    likeness: Likeness


def asked(picture: Image.Image) -> Asked:
    """Return both prints of a decoded picture (about 60 ms)."""
    return Asked(take(picture), take(mirrored(picture)))


@dataclass
class Bank:
    """Know pictures again. One per process; built from sealed prints at its start, some 0.3 ms a picture."""

    hashes: HashIndex = field(default_factory=HashIndex)
    points: PointIndex = field(default_factory=PointIndex)

    def add(self, number: int, known: Print) -> None:
        """Take in a picture under a whole number of the caller's below 2**31: each once."""
        if known.has_pdq:
            self.hashes.add(number, known.pdq)
        self.points.add(number, known.looks)

    def candidates(self, picture: Asked, most: int = CANDIDATES) -> list[int]:
        """Return the numbers of those worth a comparison, the likeliest first; no more than twice most."""
        near: dict[int, int] = {}
        for one in (picture.straight, picture.turned):
            if one.has_pdq:
                near |= dict(self.hashes.near(one.pdq))
        sharing = [
            (points, number)
            for one in (picture.straight, picture.turned)
            for number, points in self.points.candidates(one.looks, most)
        ]
        by_hash = sorted(near, key=lambda number: near[number])[:most]
        by_points = [number for _points, number in sorted(sharing, reverse=True)]
        return list(dict.fromkeys([*by_hash, *by_points]))[: 2 * most]

    def find(self, picture: Asked, opener: Opener, most: int = CANDIDATES) -> list[Match]:
        """Return who shares something with the picture, the likest first.

        Costs the opening of at most twice most prints, and 10 to 20 ms for each.
        """
        found = []
        for number in self.candidates(picture, most):
            if known := opener(number):
                likeness = compare_both(picture.straight, picture.turned, known)
                if likeness.is_found:
                    found.append(Match(number, likeness))
        return sorted(found, key=lambda match: match.likeness.weight, reverse=True)
