"""How much of one picture is in another. Pure: numpy and OpenCV.

Two pictures are compared by how the points of one lie on the other (a homography, RANSAC), and then field by
field: what they share is shown to a person, who decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from tips.media.prints import PDQ_NEAR, Bytes, Numbers, Print, opened, pdq_distance

Laid = npt.NDArray[Any]  # 3 × 3: from pixels of the seen picture to pixels of the known one

FEWEST_POINTS = 8  # less tells nothing
SIDE_BY_SIDE = 0.85  # the best partner of a point must be that much nearer than the second (Lowe's test)
FAR = 70  # of 256 bits between two looks of one point
OFF_PX = 4.0
TRIALS = 800  # OpenCV's own MAGSAC, a little better, ran for minutes on some pairs
FEWEST_FITTING = 15  # points that lie as they should; unrelated pictures stayed below (bench.media)
SAME_FITTING = 35  # two faces of one geometry reached 29
AREA = (0.05, 20.0)  # how much smaller or larger one may be in the other
SLANT, STRETCH = 2.0, 1.7  # of opposite sides, and of width against height
SPREAD = 0.035  # share of the picture that the fitting points span: a bunch of them fits anything
FIELD_PX, SHIFT_PX = 32, 3
FLAT = 2.0  # grey levels: a field without anything on it counts neither way
ALIKE = 0.7  # correlation of one field
FEWEST_FIELDS = 5
SAME, PART = 0.76, 0.2  # shares of the fields both have: two posters of one frame agree in up to 0.74


class Kind(StrEnum):
    """What a comparison says: the picture, a part of it with something else over or around it, or another."""

    SAME = "same"
    PART = "part"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Field:
    """Hold one field of the known picture: its left top corner in shares of width and height, and the
    verdict."""

    left: float
    top: float
    is_alike: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """Hold what two pictures share.

    fitting: points that lie as they should; agreement: share of the fields both have that look alike;
    pdq: bits that the hashes differ in; corners: where the corners of the seen picture lie in the known one,
    clockwise from the left top one, in shares of its width and height.
    """

    kind: Kind
    fitting: int = 0
    agreement: float = 0.0
    pdq: int = 256
    mirrored: bool = False
    corners: tuple[tuple[float, float], ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def is_found(self) -> bool:
        return self.kind != Kind.OTHER

    @property
    def weight(self) -> tuple[bool, float, int]:
        """Return what the better of two likenesses has more of."""
        return self.kind == Kind.SAME, self.agreement, self.fitting


NOTHING = Likeness(Kind.OTHER)


def compare(seen: Print, known: Print) -> Likeness:
    """Return what the seen picture shares with the known one (about 10 ms)."""
    apart = pdq_distance(seen, known)
    if found := _laid_on(seen, known, is_near=apart <= PDQ_NEAR):
        return replace(found, pdq=apart)
    if apart <= PDQ_NEAR:
        return Likeness(Kind.SAME, agreement=1.0, pdq=apart)
    return Likeness(Kind.OTHER, pdq=apart)


def _laid_on(seen: Print, known: Print, *, is_near: bool) -> Likeness | None:
    """Return what laying one on the other shows; None where too few points fit."""
    pairs = _partners(seen.looks, known.looks)
    if len(pairs) < FEWEST_FITTING:
        return None
    here, there = seen.points[[one for one, _two in pairs]], known.points[[two for _one, two in pairs]]
    laid, fits = cv2.findHomography(here, there, cv2.RANSAC, OFF_PX, maxIters=TRIALS, confidence=0.995)
    fitting = int(fits.sum()) if fits is not None else 0
    if laid is None or fits is None or fitting < FEWEST_FITTING:
        return None
    mine, theirs = opened(seen.grey), opened(known.grey)
    if _span(here[fits.ravel() > 0]) < SPREAD * mine.size or not _is_sound(laid, mine):
        return None
    fields = tuple(_fields(laid, mine, theirs))
    agreement = sum(field.is_alike for field in fields) / len(fields) if len(fields) >= FEWEST_FIELDS else 0.0
    if agreement < PART:
        return None
    is_same = agreement >= SAME and (is_near or fitting >= SAME_FITTING)
    corners = _corners(laid, mine, theirs)
    return Likeness(
        Kind.SAME if is_same else Kind.PART, fitting, round(agreement, 3), corners=corners, fields=fields
    )


def _span(points: Numbers) -> float:
    """Return the area, in square pixels, of the smallest shape without dents around the points."""
    return float(cv2.contourArea(cv2.convexHull(points)))


def _is_sound(laid: Laid, mine: Bytes) -> bool:
    """Say whether a flat picture can lie so: neither folded nor blown up, nor seen from its edge."""
    placed = _placed(laid, mine)
    if not np.isfinite(placed).all() or not cv2.isContourConvex(placed):
        return False
    sides = np.linalg.norm(placed - np.roll(placed, -1, axis=0), axis=1) + 1e-6
    top, right, bottom, left = (float(side) for side in sides)
    stretch = (top + bottom) / (left + right) * mine.shape[0] / mine.shape[1]
    area = float(cv2.contourArea(placed)) / mine.size
    return (
        AREA[0] < area < AREA[1]
        and max(top, bottom) < SLANT * min(top, bottom)
        and max(left, right) < SLANT * min(left, right)
        and 1 / STRETCH < stretch < STRETCH
    )


def _partners(here: Bytes, there: Bytes) -> list[tuple[int, int]]:
    if min(len(here), len(there)) < FEWEST_POINTS:
        return []
    found = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(here, there, k=2)
    return [
        (best.queryIdx, best.trainIdx)
        for best, second in (pair for pair in found if len(pair) == 2)
        if best.distance < FAR and best.distance < SIDE_BY_SIDE * second.distance
    ]


def _fields(laid: Laid, mine: Bytes, theirs: Bytes) -> Iterator[Field]:
    """Yield each field that both pictures have."""
    height, width = theirs.shape
    moved = cv2.warpPerspective(mine, laid, (width, height), flags=cv2.INTER_LINEAR)
    covered = cv2.warpPerspective(np.full(mine.shape, 255, np.uint8), laid, (width, height)) > 250
    edges, known_edges = _edges(np.asarray(moved, np.uint8)), _edges(theirs)
    for top in range(SHIFT_PX, height - FIELD_PX - SHIFT_PX + 1, FIELD_PX):
        for left in range(SHIFT_PX, width - FIELD_PX - SHIFT_PX + 1, FIELD_PX):
            down = slice(top - SHIFT_PX, top + FIELD_PX + SHIFT_PX)
            across = slice(left - SHIFT_PX, left + FIELD_PX + SHIFT_PX)
            around = edges[down, across]
            field = known_edges[top : top + FIELD_PX, left : left + FIELD_PX]
            if covered[down, across].mean() < 0.99:
                continue
            flat, busy = sorted((float(field.std()), float(around.std())))
            if busy >= FLAT:
                is_alike = flat >= FLAT / 4 and _is_alike(field, around)
                yield Field(left / width, top / height, is_alike)


def _corners(laid: Laid, mine: Bytes, theirs: Bytes) -> tuple[tuple[float, float], ...]:
    return tuple((float(x) / theirs.shape[1], float(y) / theirs.shape[0]) for x, y in _placed(laid, mine))


def _placed(laid: Laid, mine: Bytes) -> Numbers:
    """Return where the four corners come to lie, in pixels of the known picture."""
    height, width = mine.shape
    own = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    return np.asarray(cv2.perspectiveTransform(own, laid)[0], np.float32)


def _is_alike(field: Numbers, around: Numbers) -> bool:
    return bool(cv2.matchTemplate(around, field, cv2.TM_CCOEFF_NORMED).max() > ALIKE)


def _edges(grey: Bytes) -> Numbers:
    """Return what changes within some pixels: neither the light of a room nor the grain of a film."""
    light = grey.astype(np.float32)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), 1.0) - cv2.GaussianBlur(light, (0, 0), 4.0), np.float32)
