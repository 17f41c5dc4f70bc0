"""Which of a million PDQ hashes is near to this one: exactly, without a look at each. Pure: numpy.

Multi-index hashing (Norouzi, Punjani and Fleet, 2012): cut into 16 bands of 16 bits, two hashes that differ
in 31 bits at most differ in one bit at most of some band. So 17 codes a band are looked up, and only who
holds one of them is measured.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tips.media.prints import PDQ_NEAR

Codes = npt.NDArray[np.uint16]

BANDS, BAND_BITS = 16, 16
HASH_BYTES = 32
FLIPS = np.concatenate([[0], np.left_shift(1, np.arange(BAND_BITS))]).astype(np.uint16)


@dataclass
class HashIndex:
    """Hold hashes of known pictures, each under a whole number of the caller's.

    Memory: about 130 bytes a hash. What was added last is measured one by one until it is a fiftieth of the
    rest.
    """

    _hashes: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, HASH_BYTES), np.uint8))
    _numbers: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    _late: list[tuple[int, bytes]] = field(default_factory=list)
    _starts: list[npt.NDArray[np.int64]] = field(default_factory=list)
    _orders: list[npt.NDArray[np.uint32]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._hashes) + len(self._late)

    def add(self, number: int, pdq: bytes) -> None:
        if len(pdq) != HASH_BYTES:
            raise ValueError("pdq: not 32 bytes")
        self._late.append((number, pdq))

    def near(self, pdq: bytes) -> list[tuple[int, int]]:
        """Return (number, bits apart) of all within PDQ_NEAR bits, the nearest first."""
        if len(self._late) * 50 > len(self._hashes):
            self._settle()
        asked = np.frombuffer(pdq, np.uint8)
        rows = self._rows(asked.view(np.uint16))
        late = np.frombuffer(b"".join(one for _n, one in self._late), np.uint8).reshape(-1, HASH_BYTES)
        hashes = np.concatenate([self._hashes[rows], late])
        numbers = np.concatenate([self._numbers[rows], np.array([n for n, _one in self._late], np.int64)])
        apart = np.bitwise_count(hashes ^ asked).sum(axis=1)
        near = np.flatnonzero(apart <= PDQ_NEAR)
        return sorted(((int(numbers[n]), int(apart[n])) for n in near), key=lambda one: one[1])

    def _rows(self, asked: Codes) -> npt.NDArray[np.int64]:
        """Return the rows that share a band with the asked but for one bit."""
        found = [np.zeros(0, np.uint32)]
        for band in range(BANDS if self._orders else 0):
            starts, order = self._starts[band], self._orders[band]
            codes = (asked[band] ^ FLIPS).tolist()
            found += [order[starts[code] : starts[code + 1]] for code in codes]
        return np.unique(np.concatenate(found)).astype(np.int64)

    def _settle(self) -> None:
        late = np.frombuffer(b"".join(one for _n, one in self._late), np.uint8).reshape(-1, HASH_BYTES)
        self._hashes = np.concatenate([self._hashes, late])
        self._numbers = np.concatenate([self._numbers, np.array([n for n, _one in self._late], np.int64)])
        self._late, self._starts, self._orders = [], [], []
        codes = np.ascontiguousarray(self._hashes).view(np.uint16)
        for band in range(BANDS):
            held = np.bincount(codes[:, band], minlength=1 << BAND_BITS)
            self._starts.append(np.concatenate([[0], np.cumsum(held)]))
            self._orders.append(np.argsort(codes[:, band], kind="stable").astype(np.uint32))
