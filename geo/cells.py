"""Cells (H3) and the ranges of cells that an area touches.

A range is an inclusive pair of 64-bit cell ids of resolution 9; a database finds people by `cell BETWEEN`.
"""

from __future__ import annotations

from collections.abc import Sequence

from geo.shapes import Area, Point

Ranges = list[tuple[int, int]]


def cell_of(point: Point, resolution: int = 9) -> int:
    """Return the H3 cell that holds the point."""
    raise NotImplementedError


def cover(area: Area, resolution: int | None = None) -> Ranges:
    """Return the cells of resolution 9 that overlap the area, as sorted disjoint ranges."""
    raise NotImplementedError


def intersect(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> Ranges:
    """Return the ids in both."""
    raise NotImplementedError


def subtract(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> Ranges:
    """Return the ids of first that are not in second."""
    raise NotImplementedError


def rings(area: Area, origin: Point, edges_m: Sequence[float]) -> list[Ranges]:
    """Return the cover of the area in len(edges_m) + 1 rings round origin, nearest first, some may be empty."""
    raise NotImplementedError
