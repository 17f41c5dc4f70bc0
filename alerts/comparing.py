"""What differs between two texts, and between two areas. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.shapes import Area

Points = NDArray[np.float64]
RADIUS_KM = 6371.0072  # of the sphere with the earth's surface (authalic, WGS84)
SMALLEST_KM2 = 0.05  # below it, what is left over is the rounding of two outlines

_WORDS = re.compile(r"\s+|[^\s]+")


class Piece(NamedTuple):
    """Hold a stretch of words; change: "" for what stayed, "ins" for what is new, "del" for what is gone."""

    words: str
    change: str = ""


@dataclass(frozen=True)
class Ground:
    """Hold areas in square kilometres."""

    before: float
    after: float
    added: float
    removed: float

    @property
    def is_same(self) -> bool:
        return self.added < SMALLEST_KM2 and self.removed < SMALLEST_KM2


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Return the new text word by word, with what is gone at its place; what is gone stands first."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("".join(new[c:d])))
            continue
        pieces += [Piece("".join(old[a:b]), "del")] if b > a else []
        pieces += [Piece("".join(new[c:d]), "ins")] if d > c else []
    return tuple(pieces)


def changed_lines(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the lines in which something changed, whole; what stayed between them is left out."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *more = piece.words.split("\n")
        lines[-1].append(Piece(first, piece.change))
        lines += [[Piece(words, piece.change)] for words in more]
    kept = [line for line in lines if any(piece.change and piece.words for piece in line)]
    joined: list[Piece] = []
    for at, line in enumerate(kept):
        joined += [Piece("\n")] if at else []
        joined += [piece for piece in line if piece.words]
    return tuple(joined)


def ground(before: Area, after: Area) -> Ground:
    """Return what was gained and lost, circles taken as their 72 points (0.13 % less)."""
    old, new = before.planar, after.planar
    return Ground(km2(old), km2(new), km2(shapely.difference(new, old)), km2(shapely.difference(old, new)))


def km2(shape: BaseGeometry) -> float:
    """Return the surface of a shape in degrees (x = lon, y = lat), by Lambert's equal-area projection."""
    flat = shapely.transform(shape, _equal_area)
    return float(shapely.area(flat))


def _equal_area(points: Points) -> Points:
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.column_stack([RADIUS_KM * lon, RADIUS_KM * np.sin(lat)])
