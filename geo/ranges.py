"""Sets of cells as sorted, disjoint, inclusive pairs of 64-bit ids.

An H3 id holds one octal digit a resolution and the digit 7 means "none": between the last descendant of a
cell and the first of its neighbour lie numbers that are no cell. Ranges are joined across those gaps.
Layout: https://h3geo.org/docs/core-library/h3Indexing/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

RESOLUTION = 9  # of every id in a range: a cell of 0.1 km², which tells a street block and no door

Ranges = list[tuple[int, int]]
Cells = npt.NDArray[np.int64]

_RESOLUTION_SHIFT = 52
_TAIL_BITS = 3 * (15 - RESOLUTION)  # the unused finer digits, all 7
_TAIL = (1 << _TAIL_BITS) - 1


def spans(cells: Cells, resolution: int) -> Ranges:
    """Return, for each cell of a resolution ≤ 9, the range of its descendants of resolution 9."""
    free = 3 * (15 - resolution)
    digits = ((1 << free) - 1) ^ _TAIL
    sixes = sum(6 << shift for shift in range(_TAIL_BITS, free, 3))
    bare = (cells & ~np.int64(0xF << _RESOLUTION_SHIFT)) | np.int64(RESOLUTION << _RESOLUTION_SHIFT)
    first = bare & ~np.int64(digits)
    ends: tuple[list[Any], list[Any]] = first.tolist(), (first | np.int64(sixes)).tolist()
    return list(zip(*ends, strict=True))


def merge(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the union, sorted and joined where no cell lies between."""
    merged: Ranges = []
    for first, last in sorted(ranges):
        if merged and first <= _next_cell(merged[-1][1]):
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def intersect(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> Ranges:
    """Return the ids that are in both, in one pass over each."""
    shared: Ranges = []
    i = j = 0
    while i < len(first) and j < len(second):
        low, high = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if low <= high:
            shared.append((low, high))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return shared


def subtract(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> Ranges:
    """Return the ids of first that are not in second, in one pass over each."""
    left: Ranges = []
    j = 0
    for start, end in first:
        low = start
        while j < len(second) and second[j][1] < low:
            j += 1
        k = j
        while k < len(second) and second[k][0] <= end:
            if second[k][0] > low:
                left.append((low, second[k][0] - 1))
            low = second[k][1] + 1
            k += 1
        if low <= end:
            left.append((low, end))
    return left


def _next_cell(last: int) -> int:
    """Return the smallest number above last that can be a cell: no digit 7 up to resolution 9."""
    digits = (last + 1) >> _TAIL_BITS
    for place in range(RESOLUTION):
        if (digits >> 3 * place) & 7 == 7:
            digits = ((digits >> 3 * (place + 1)) + 1) << 3 * (place + 1)
    return digits << _TAIL_BITS | _TAIL
