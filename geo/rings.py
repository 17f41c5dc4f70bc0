"""Rings and numbers as they come from a browser or a file: taken only when whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import shapely
import shapely.geometry

from geo.points import Point

MAX_VERTICES = 10_000  # an area, all rings together; Natural Earth's Egypt has about 1,500
MAX_RADIUS_M = 1_000_000.0
MAX_SPAN_M = 3_000_000.0  # Morocco with its south measures 2,000 km from corner to corner


class ShapeError(ValueError):
    """Say by `code` why a shape is refused.

    Codes: empty, malformed, out_of_range, open_ring, too_few_points, self_crossing, too_many_vertices,
    too_large.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"area refused: {code}")
        self.code = code


def number(value: Any) -> float:
    """Return a finite number; raise ShapeError("malformed") for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ShapeError("malformed")
    if not math.isfinite(value):
        raise ShapeError("out_of_range")
    return float(value)


def point(lat: Any, lon: Any) -> Point:
    """Return the point; raise ShapeError("out_of_range") beyond ±90 and ±180 degrees."""
    found = Point(number(lat), number(lon))
    if abs(found.lat) > 90 or abs(found.lon) > 180:
        raise ShapeError("out_of_range")
    return found


def radius(value: Any) -> float:
    """Return a radius in metres, above 0 and up to MAX_RADIUS_M."""
    radius_m = number(value)
    if radius_m <= 0:
        raise ShapeError("out_of_range")
    if radius_m > MAX_RADIUS_M:
        raise ShapeError("too_large")
    return radius_m


def ring(data: Any) -> tuple[Point, ...]:
    """Return a closed ring from [[lat, lon], …]."""
    pairs = sequence(data)
    if len(pairs) > MAX_VERTICES:
        raise ShapeError("too_many_vertices")
    points = []
    for pair in pairs:
        if len(sequence(pair)) != 2:
            raise ShapeError("malformed")
        points.append(point(*pair))
    if not points:
        raise ShapeError("empty")
    if points[0] != points[-1]:
        raise ShapeError("open_ring")
    if len(set(points)) < 3:
        raise ShapeError("too_few_points")
    return tuple(points)


def sequence(data: Any) -> Sequence[Any]:
    if not isinstance(data, list | tuple):
        raise ShapeError("malformed")
    return data


def check_planar(shape: shapely.geometry.Polygon) -> None:
    """Raise ShapeError("self_crossing") where rings cross or holes stick out, "empty" without ground."""
    if not shape.is_valid:
        raise ShapeError("self_crossing")
    if shape.area == 0:
        raise ShapeError("empty")
