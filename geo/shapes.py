"""The ground an alert covers: circles and polygons, alone or together.

Circles are geodesic (WGS84); the edges of polygons are straight in latitude and longitude, as they are
drawn on the map that the signer sees. No shape may cross the antimeridian.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import shapely
import shapely.geometry

from geo import rings
from geo.geodesic import destination, distance_m
from geo.points import Point
from geo.rings import ShapeError
from geo.simplify import outwards

__all__ = ["Area", "Bounds", "Circle", "Point", "Polygon", "ShapeError", "cap_circle", "cap_polygon"]


class Bounds(NamedTuple):
    """Hold the box round a shape, in degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True)
class Circle:
    """Hold all points within radius_m of the centre, by geodesic distance."""

    centre: Point
    radius_m: float

    def contains(self, point: Point) -> bool:
        return distance_m(self.centre, point) <= self.radius_m

    @cached_property
    def outline(self) -> shapely.geometry.Polygon:
        """Return the circle as 72 points (x = lon, y = lat), for drawing and centres, never for tests."""
        points = [destination(self.centre, bearing, self.radius_m) for bearing in range(0, 360, 5)]
        return shapely.geometry.Polygon([(p.lon, p.lat) for p in points])

    def bounds(self) -> Bounds:
        south, west, north, east = _box(self.outline)
        spare = 0.002  # the widest point lies between two of the 72: at most 1 - cos(2.5°) of the radius
        lat, lon = self.centre.lat, self.centre.lon
        return Bounds(
            south - (lat - south) * spare,
            west - (lon - west) * spare,
            north + (north - lat) * spare,
            east + (east - lon) * spare,
        )


@dataclass(frozen=True)
class Polygon:
    """Hold a ring and the holes in it; rings are kept closed (first point == last), given so or not."""

    exterior: tuple[Point, ...]
    holes: tuple[tuple[Point, ...], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "exterior", _closed(self.exterior))
        object.__setattr__(self, "holes", tuple(_closed(hole) for hole in self.holes))

    @cached_property
    def planar(self) -> shapely.geometry.Polygon:
        """Return the polygon in the plane x = longitude, y = latitude, prepared for many tests."""
        shape = shapely.geometry.Polygon(_plane(self.exterior), [_plane(hole) for hole in self.holes])
        shapely.prepare(shape)
        return shape

    @classmethod
    def from_planar(cls, shape: shapely.geometry.Polygon) -> Polygon:
        return cls(_points(shape.exterior), tuple(_points(ring) for ring in shape.interiors))

    def contains(self, point: Point) -> bool:
        """Say whether the point lies inside or on an edge."""
        return bool(shapely.intersects_xy(self.planar, point.lon, point.lat))

    def bounds(self) -> Bounds:
        return _box(self.planar)

    def simplified(self, max_points: int, *, tolerance_m: float) -> Polygon:
        """Return a polygon of at most max_points, closing points included, that covers this one."""
        if self.point_count <= max_points:
            return self
        return self.from_planar(outwards(self.planar, max_points, tolerance_m))

    @property
    def point_count(self) -> int:
        return len(self.exterior) + sum(len(hole) for hole in self.holes)


@dataclass(frozen=True)
class Area:
    """Hold a union of circles and polygons."""

    circles: tuple[Circle, ...] = ()
    polygons: tuple[Polygon, ...] = ()

    @property
    def shapes(self) -> tuple[Circle | Polygon, ...]:
        return (*self.circles, *self.polygons)

    def contains(self, point: Point) -> bool:
        return any(shape.contains(point) for shape in self.shapes)

    def bounds(self) -> Bounds:
        """Return the box round everything; raise ShapeError("empty") where there is nothing."""
        if not self.shapes:
            raise ShapeError("empty")
        boxes = [shape.bounds() for shape in self.shapes]
        return Bounds(
            min(box.south for box in boxes),
            min(box.west for box in boxes),
            max(box.north for box in boxes),
            max(box.east for box in boxes),
        )

    @cached_property
    def planar(self) -> shapely.geometry.base.BaseGeometry:
        """Return the union in the plane (x = lon, y = lat), circles as 72 points: for drawing only."""
        return shapely.union_all([*(c.outline for c in self.circles), *(p.planar for p in self.polygons)])

    def centre(self) -> Point:
        """Return a point inside: the circle's centre, the centroid, or else any point within."""
        if not self.shapes:
            raise ShapeError("empty")
        if len(self.shapes) == 1 and self.circles:
            return self.circles[0].centre
        middle = self.planar.centroid
        if not self.planar.covers(middle):
            middle = self.planar.representative_point()
        return Point(middle.y, middle.x)

    def simplified(self, max_points: int = 100, *, tolerance_m: float = 20.0) -> Area:
        """Return an area whose polygons have at most max_points each and lose no covered ground.

        Grow outwards only, starting with tolerance_m; small holes may be filled. Circles stay as they are.
        """
        grown = (p.simplified(max_points, tolerance_m=tolerance_m) for p in self.polygons)
        return Area(self.circles, tuple(grown))

    def to_json(self) -> dict[str, Any]:
        """Return `{"circles": [{lat, lon, radius_m}], "polygons": [{exterior: [[lat, lon], …], holes}]}`."""
        return {
            "circles": [
                {"lat": c.centre.lat, "lon": c.centre.lon, "radius_m": c.radius_m} for c in self.circles
            ],
            "polygons": [
                {"exterior": _pairs(p.exterior), "holes": [_pairs(hole) for hole in p.holes]}
                for p in self.polygons
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Area:
        """Return the area that to_json wrote, lists missing or not; raise ShapeError (codes there)."""
        if not isinstance(data, Mapping):
            raise ShapeError("malformed")
        circles = tuple(_circle(item) for item in rings.sequence(data.get("circles", [])))
        polygons = tuple(_polygon(item) for item in rings.sequence(data.get("polygons", [])))
        if not circles and not polygons:
            raise ShapeError("empty")
        if sum(p.point_count for p in polygons) > rings.MAX_VERTICES:
            raise ShapeError("too_many_vertices")
        area = cls(circles, polygons)
        box = area.bounds()
        if distance_m(Point(box.south, box.west), Point(box.north, box.east)) > rings.MAX_SPAN_M:
            raise ShapeError("too_large")
        return area


def cap_polygon(polygon: Polygon) -> str:
    """Return the exterior as CAP 1.2 <polygon>: "lat,lon lat,lon …", closed; CAP knows no holes."""
    return " ".join(f"{_degrees(p.lat)},{_degrees(p.lon)}" for p in polygon.exterior)


def cap_circle(circle: Circle) -> str:
    """Return the circle as CAP 1.2 <circle>: "lat,lon radius", the radius in kilometres."""
    radius_km = f"{circle.radius_m / 1000:.3f}".rstrip("0").rstrip(".")
    return f"{_degrees(circle.centre.lat)},{_degrees(circle.centre.lon)} {radius_km}"


def _circle(data: Any) -> Circle:
    if not isinstance(data, Mapping):
        raise ShapeError("malformed")
    return Circle(rings.point(data.get("lat"), data.get("lon")), rings.radius(data.get("radius_m")))


def _polygon(data: Any) -> Polygon:
    if not isinstance(data, Mapping):
        raise ShapeError("malformed")
    holes = tuple(rings.ring(hole) for hole in rings.sequence(data.get("holes", [])))
    polygon = Polygon(rings.ring(data.get("exterior")), holes)
    rings.check_planar(polygon.planar)
    return polygon


def _pairs(ring: Sequence[Point]) -> list[list[float]]:
    return [[p.lat, p.lon] for p in ring]


def _degrees(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _closed(ring: Sequence[Point]) -> tuple[Point, ...]:
    points = tuple(ring)
    return points if not points or points[0] == points[-1] else (*points, points[0])


def _plane(ring: Sequence[Point]) -> list[tuple[float, float]]:
    return [(p.lon, p.lat) for p in ring]


def _points(ring: shapely.geometry.LinearRing) -> tuple[Point, ...]:
    return tuple(Point(y, x) for x, y in ring.coords)


def _box(shape: shapely.geometry.base.BaseGeometry) -> Bounds:
    west, south, east, north = shape.bounds
    return Bounds(south, west, north, east)
