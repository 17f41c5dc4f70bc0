"""The cells that overlap one shape, found from coarse to fine, so that the work grows with the outline.

Children of an H3 cell stick out of it; each test is widened by what that can amount to, so that a cell is
thrown away only when none of its descendants can touch the shape.
"""

from __future__ import annotations

from typing import Any, Protocol

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt
import shapely
import shapely.geometry

from geo.points import Point
from geo.ranges import RESOLUTION, Cells, Ranges, spans

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Largest distance from a cell's centre to its corners in metres, by resolution 0 … 9, over 3,000 random cells
# and all pentagons. All descendants lie within 1.053 times that; 1.15 leaves room for the ellipsoid.
_CORNER_M = (1_380_140, 529_658, 200_638, 75_846, 28_673, 10_838, 4_097, 1_549, 586, 222)
REACH_M = tuple(1.15 * corner_m for corner_m in _CORNER_M)
# A cell grown by this factor holds all its descendants: 8/7 for one level, 1.053 / cos(30°) for all of them.
_GROWTH = 1.23
_GROWTH_LAST = 1.005  # about a metre at resolution 9, against rounding

_EQUATOR_M = 6_378_137.0  # WGS84
_ECCENTRICITY_2 = 0.006_694_379_990_14  # WGS84, squared
_FLATTEST_M = 6_399_594.0  # WGS84's largest radius of curvature, at the poles
_MERIDIAN_DEGREE_M = 110_500.0  # WGS84's shortest degree of latitude, rounded down


class Tests(Protocol):
    """Answer for many cells at once, given their centres (lat, lon in degrees)."""

    def judge(self, lat: Numbers, lon: Numbers, reach_m: float) -> tuple[Flags, Flags]:
        """Return (surely inside, perhaps touching) for discs of reach_m round the centres."""
        ...

    def holds(self, lat: Numbers, lon: Numbers) -> Flags:
        """Say which centres lie inside; False is allowed in doubt."""
        ...

    def touches(self, corners: Numbers) -> Flags:
        """Say which cells overlap, given their corners, shape (cells, corners, lat and lon)."""
        ...


def descend(tests: Tests, edge_resolution: int) -> Ranges:
    """Return the ranges (unmerged, disjoint) of all cells of resolution 9 that overlap the shape."""
    found: Ranges = []
    cells: Cells = np.array(h3.get_res0_cells(), dtype=np.int64)
    for resolution in range(edge_resolution + 1):
        lat, lon = _centres(cells)
        inside, perhaps = tests.judge(lat, lon, REACH_M[resolution])
        found += spans(cells[inside], resolution)
        edge = perhaps & ~inside
        if resolution == edge_resolution:
            kept = _edge(tests, cells[edge], lat[edge], lon[edge], last=resolution == RESOLUTION)
            return found + spans(kept, resolution)
        cells = _children(cells[edge])
    return found


def _edge(tests: Tests, cells: Cells, lat: Numbers, lon: Numbers, *, last: bool) -> Cells:
    keep = tests.holds(lat, lon)
    doubtful = np.flatnonzero(~keep)
    if len(doubtful):
        growth = _GROWTH_LAST if last else _GROWTH
        keep[doubtful] = tests.touches(_corners(cells[doubtful], lat[doubtful], lon[doubtful], growth))
    return cells[keep]


def _children(cells: Cells) -> Cells:
    return np.array([child for cell in cells.tolist() for child in h3.cell_to_children(cell)], dtype=np.int64)


def _centres(cells: Cells) -> tuple[Numbers, Numbers]:
    pairs = np.array([h3.cell_to_latlng(cell) for cell in cells.tolist()], dtype=np.float64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _corners(cells: Cells, lat: Numbers, lon: Numbers, growth: float) -> Numbers:
    """Return the corners, grown round the centre; a cell with fewer than others repeats its last."""
    lists = [h3.cell_to_boundary(cell) for cell in cells.tolist()]
    most = max(map(len, lists))
    corners = np.array([[*corners, *[corners[-1]] * (most - len(corners))] for corners in lists])
    centres = np.stack([lat, lon], axis=1)[:, None, :]
    offsets = corners - centres
    offsets[..., 1] = (
        offsets[..., 1] + 180
    ) % 360 - 180  # a cell on the antimeridian has corners on both sides
    grown: Numbers = centres + offsets * growth
    return grown


class CircleTests:
    """Test cells against a geodesic circle through straight lines in space.

    A geodesic of length s has a chord of at most 2 R sin(s / 2R), R the largest radius of curvature; within
    1,000 km the shortest chord is less than 0.02 % away.
    """

    def __init__(self, centre: Point, radius_m: float) -> None:
        self._centre = _in_space(np.array(centre.lat), np.array(centre.lon))
        half_angle = min(radius_m / (2 * _FLATTEST_M), np.pi / 2)
        self._outer_m = 2 * _FLATTEST_M * np.sin(half_angle) + 0.5
        self._inner_m = self._outer_m * (1 - 0.000_2) - 1

    def judge(self, lat: Numbers, lon: Numbers, reach_m: float) -> tuple[Flags, Flags]:
        away = self._away_m(lat, lon)
        return away <= self._inner_m - reach_m, away <= self._outer_m + reach_m

    def holds(self, lat: Numbers, lon: Numbers) -> Flags:
        held: Flags = self._away_m(lat, lon) <= self._outer_m
        return held

    def touches(self, corners: Numbers) -> Flags:
        """Measure from the centre to the nearest side; a centre within the cell is the caller's to add."""
        start = _in_space(corners[..., 0], corners[..., 1])
        side = np.roll(start, -1, axis=1) - start
        to_centre = self._centre - start
        length_2 = np.maximum((side * side).sum(axis=-1), 1e-9)
        along = np.clip((to_centre * side).sum(axis=-1) / length_2, 0, 1)
        gap = np.linalg.norm(to_centre - along[..., None] * side, axis=-1)
        near: Flags = gap.min(axis=1) <= self._outer_m
        return near

    def _away_m(self, lat: Numbers, lon: Numbers) -> Numbers:
        away: Numbers = np.linalg.norm(_in_space(lat, lon) - self._centre, axis=-1)
        return away


class PolygonTests:
    """Test cells against a polygon in the plane of latitude and longitude."""

    def __init__(self, shape: shapely.geometry.Polygon) -> None:
        self._shape = shape

    def judge(self, lat: Numbers, lon: Numbers, reach_m: float) -> tuple[Flags, Flags]:
        boxes = _boxes(lat, lon, reach_m)
        perhaps = shapely.intersects(self._shape, boxes)
        inside = np.zeros_like(perhaps)
        inside[perhaps] = shapely.covers(self._shape, boxes[perhaps])
        return inside, perhaps

    def holds(self, lat: Numbers, lon: Numbers) -> Flags:
        held: Flags = shapely.intersects_xy(self._shape, lon, lat)
        return held

    def touches(self, corners: Numbers) -> Flags:
        hit: Flags = shapely.intersects(self._shape, shapely.polygons(corners[..., ::-1]))
        return hit


def _boxes(lat: Numbers, lon: Numbers, reach_m: float) -> npt.NDArray[Any]:
    """Return boxes in degrees that hold the discs; near a pole or the antimeridian, whole bands."""
    up = reach_m / _MERIDIAN_DEGREE_M
    highest = np.abs(lat) + up
    across = up / np.cos(np.radians(np.minimum(highest, 89.9)))
    whole = (highest >= 89.9) | (np.abs(lon) + across > 180)
    west, east = np.where(whole, -180, lon - across), np.where(whole, 180, lon + across)
    boxes: npt.NDArray[Any] = shapely.box(west, lat - up, east, lat + up)
    return boxes


def _in_space(lat: Numbers, lon: Numbers) -> Numbers:
    """Return earth-centred coordinates in metres of points on the WGS84 ellipsoid."""
    phi, theta = np.radians(lat), np.radians(lon)
    normal = _EQUATOR_M / np.sqrt(1 - _ECCENTRICITY_2 * np.sin(phi) ** 2)
    flat = normal * np.cos(phi)
    return np.stack(
        [flat * np.cos(theta), flat * np.sin(theta), normal * (1 - _ECCENTRICITY_2) * np.sin(phi)], axis=-1
    )
