"""Which of very many pictures may be this one: a banded index over the looks of their points. Pure: numpy.

Each look (256 bits) is cut into bands of 21 bits; two looks of one point that differ in a tenth of their bits
still share a band. Whoever shares bands with many points of a picture is a candidate, and only candidates are
compared. A band that very many hold (the frame of everybody's poster) tells nothing and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.uint32]
Owners = npt.NDArray[np.int32]

BANDS, BAND_BITS = 12, 21
HASHES = 64  # points of a known picture that are indexed, of the picture asked for three times as many
ASKED = 200
CANDIDATES = 32  # posters of one frame crowd the first dozen: bench.media
FEWEST_SHARED = 3  # points; two of 200 share a band with anything
COMMON = 300  # a band held by more points than this says nothing
WEIGHTS = np.left_shift(np.uint32(1), np.arange(BAND_BITS, dtype=np.uint32))


def bands(looks: Bytes) -> Codes:
    """Return (n, BANDS) codes of n looks."""
    bits = np.unpackbits(looks, axis=1)[:, : BANDS * BAND_BITS].reshape(len(looks), BANDS, BAND_BITS)
    return np.asarray((bits * WEIGHTS).sum(axis=2), np.uint32)


@dataclass
class PointIndex:
    """Hold the bands of known pictures; a picture is a whole number of the caller's, below 2**31.

    Memory: about 150 bytes a point, 150 MB for a million (some 15,000 pictures). What was added last waits
    apart and is sorted anew at the next question; with the rest once it is a tenth of it.
    """

    _large: Part = field(default_factory=lambda: Part())
    _small: Part = field(default_factory=lambda: Part())

    def __len__(self) -> int:
        return len(self._large) + len(self._small)

    def add(self, picture: int, looks: Bytes) -> None:
        """Take in a picture by the looks of its points, the most telling first."""
        self.add_all([(picture, looks)])

    def add_all(self, pictures: Iterable[tuple[int, Bytes]]) -> None:
        for number, looks in pictures:
            self._small.add(number, looks[:HASHES])

    def candidates(self, looks: Bytes, most: int = CANDIDATES) -> list[tuple[int, int]]:
        """Return (picture, points that share a band) of those that share most, the likeliest first."""
        if len(self._small) * 10 > len(self._large):
            self._large.take(self._small)
        asked = bands(looks[:ASKED])
        shared = [*self._large.holders(asked), *self._small.holders(asked)]
        if not shared:
            return []
        once = np.unique(np.concatenate(shared))  # a point counts once, however many bands it shares
        pictures, points = np.unique(once // ASKED, return_counts=True)
        best = np.argsort(-points, kind="stable")[:most]
        return [(int(pictures[n]), int(points[n])) for n in best if points[n] >= FEWEST_SHARED]


@dataclass
class Part:
    """Hold the codes of some pictures, sorted band by band when they are first asked for."""

    waiting: list[tuple[Codes, Owners]] = field(default_factory=list)
    in_order: list[tuple[Codes, Owners]] = field(default_factory=list)
    count: int = 0

    def __len__(self) -> int:
        return self.count

    def add(self, number: int, looks: Bytes) -> None:
        if len(looks):
            self._wait(bands(looks), np.full(len(looks), number, np.int32))

    def take(self, other: Part) -> None:
        """Take over all that the other holds."""
        for codes, owners in other.all():
            self._wait(codes, owners)
        other.waiting, other.in_order, other.count = [], [], 0

    def all(self) -> list[tuple[Codes, Owners]]:
        """Return (n, BANDS) codes with their owners, in any order."""
        return self.waiting

    def holders(self, asked: Codes) -> list[npt.NDArray[np.int64]]:
        """Return picture × ASKED + point, for each point of the asked whose band somebody holds."""
        if not self.count or not len(asked):
            return []
        if not self.in_order:
            self._sort()
        return [found for band in range(BANDS) for found in self._of(band, asked[:, band])]

    def _of(self, band: int, asked: Codes) -> list[npt.NDArray[np.int64]]:
        codes, owners = self.in_order[band]
        first, last = np.searchsorted(codes, asked, "left"), np.searchsorted(codes, asked, "right")
        held = np.flatnonzero((last > first) & (last - first <= COMMON))
        return [owners[first[n] : last[n]].astype(np.int64) * ASKED + n for n in held]

    def _wait(self, codes: Codes, owners: Owners) -> None:
        self.waiting.append((codes, owners))
        self.count += len(owners)
        self.in_order = []

    def _sort(self) -> None:
        codes = np.concatenate([some for some, _owners in self.waiting])
        owners = np.concatenate([some for _codes, some in self.waiting])
        self.waiting = [(codes, owners)]
        for band in range(BANDS):
            order = np.argsort(codes[:, band], kind="stable")
            self.in_order.append((codes[order, band], owners[order]))
