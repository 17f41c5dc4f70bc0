"""Fewer points without losing ground: a shape may grow, never shrink."""

from __future__ import annotations

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE = 111_320.0  # of latitude, and of longitude at the equator


def outwards(shape: Polygon, max_points: int, tolerance_m: float) -> Polygon:
    """Return a polygon of at most max_points (≥ 5) that covers shape, grown as little as that takes.

    Grow by a tolerance, then simplify by less than that (Douglas-Peucker moves no edge further than
    its tolerance); double the tolerance until it fits. The hull, then the box, end the search.
    """
    step = tolerance_m / METRES_PER_DEGREE
    west, south, east, north = shape.bounds
    while step < max(east - west, north - south):
        grown = shape.buffer(step, quad_segs=4).simplify(step * 0.9)  # 4 segments reach 0.98 of the step
        if _fits(grown, max_points) and grown.covers(shape):
            return grown
        step *= 2
    hull = shape.convex_hull
    if _fits(hull, max_points):
        return hull
    return shapely.box(west, south, east, north)


def _fits(shape: BaseGeometry, max_points: int) -> bool:
    fits = shape.geom_type == "Polygon" and shapely.get_num_coordinates(shape) <= max_points
    return bool(fits and shape.is_valid)
