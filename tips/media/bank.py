"""All pictures and frames that were ever seen, asked for one that came now. Pure: holds no row and reads
none.

The bank holds numbers, hashes and bands; the prints stay where the caller sealed them, and it is asked for
those of the few that may be the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PIL import Image

from tips.media.hashes import HashIndex
from tips.media.index import CANDIDATES, PointIndex
from tips.media.likeness import NOTHING, Likeness, compare
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

    @property
    def weight(self) -> tuple[bool, float, int]:
        return self.likeness.weight


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
        for pdq in known.hashes:
            self.hashes.add(number, pdq)
        self.points.add(number, known.looks)

    def candidates(self, looked: Print, most: int = CANDIDATES) -> list[int]:
        """Return the numbers of those worth a comparison, the likeliest first; no more than thrice most."""
        near = [found for pdq in looked.hashes for found in self.hashes.near(pdq)[:most]]
        sharing = self.points.candidates(looked.looks, most)
        return list(dict.fromkeys([number for number, _bits_or_points in [*near, *sharing]]))

    def find(self, picture: Asked, opener: Opener, most: int = CANDIDATES) -> list[Match]:
        """Return who shares something with the picture, or with its mirror, the likest first.

        Costs the opening of a few dozen prints, and 2 to 10 ms for each.
        """
        best: dict[int, Match] = {}
        for looked, is_turned in ((picture.straight, False), (picture.turned, True)):
            for number in self.candidates(looked, most):
                known = opener(number)
                likeness = compare(looked, known) if known else NOTHING
                match = Match(number, replace(likeness, mirrored=is_turned))
                if likeness.is_found and (number not in best or match.weight > best[number].weight):
                    best[number] = match
        return sorted(best.values(), key=lambda match: match.weight, reverse=True)
