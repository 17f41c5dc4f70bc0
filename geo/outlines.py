"""Countries and their regions as polygons, read from GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely
import shapely.geometry

from geo.geodesic import distance_m
from geo.points import Point
from geo.shapes import Area, Circle, Polygon

SHORE_M = (
    20_000.0  # how far off the drawn coast or border a point still belongs: piers, islets, a coarse line
)

SLIVER_DEGREES2 = 0.003  # 30 km²: what two drawings of one border leave between them


class OutlinesError(ValueError):
    """Name the file and the feature that cannot be read."""


@dataclass(frozen=True)
class Region:
    """Hold a region: its code (ISO 3166-2), names by language, polygons."""

    code: str
    names: dict[str, str]
    polygons: tuple[Polygon, ...]

    def label(self, language: str) -> str:
        """Return the name in the language, or else in English."""
        return self.names.get(language) or self.names["en"]


class Outlines:
    """Find regions by point or code; a lookup costs about 0.02 ms (STRtree)."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.regions = tuple(regions)
        self._by_code = {region.code: region for region in self.regions}
        parts = [(region, polygon) for region in self.regions for polygon in region.polygons]
        self._owners: list[Region] = [region for region, _ in parts]
        self._tree = shapely.STRtree([polygon.planar for _, polygon in parts])

    @classmethod
    def load(cls, path: Path) -> Outlines:
        """Read a GeoJSON FeatureCollection of (Multi)Polygons with properties `code` and `names`."""
        try:
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
        except (ValueError, KeyError, TypeError) as error:
            raise OutlinesError(f"{path.name}: no GeoJSON FeatureCollection") from error
        regions = []
        for number, feature in enumerate(features):
            try:
                regions.append(_region(feature))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise OutlinesError(f"{path.name}, feature {number}: {error}") from error
        return cls(regions)

    def get(self, code: str) -> Region | None:
        return self._by_code.get(code)

    def region_of(self, point: Point) -> Region | None:
        """Return the region that holds the point, or else the nearest within SHORE_M, or None."""
        spot = shapely.Point(point.lon, point.lat)
        inside = self._tree.query(spot, predicate="intersects")
        if len(inside):
            return self._owners[int(min(inside))]
        index = self._tree.nearest(spot)
        if index is None:
            return None
        shore = shapely.shortest_line(spot, self._tree.geometries[index]).coords[-1]
        owner: Region = self._owners[int(index)]
        return owner if distance_m(point, Point(shore[1], shore[0])) <= SHORE_M else None

    def regions_touching(self, area: Area) -> list[Region]:
        """Return the regions whose outline the area touches, in the order of the file."""
        # An outline's 72 corners cut off 0.1 % of the radius.
        grown = (Circle(circle.centre, circle.radius_m * 1.002) for circle in area.circles)
        shapes = [*(circle.outline for circle in grown), *(polygon.planar for polygon in area.polygons)]
        hits = (i for shape in shapes for i in self._tree.query(shape, predicate="intersects"))
        found = {self._owners[i].code for i in hits}
        return [region for region in self.regions if region.code in found]

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Return the country's south, west, north and east in degrees."""
        west, south, east, north = shapely.total_bounds(self._tree.geometries)
        return float(south), float(west), float(north), float(east)

    @cached_property
    def country_polygons(self) -> tuple[Polygon, ...]:
        """Return the country without its inner borders and without the slivers between regions."""
        shapes = [polygon.planar for region in self.regions for polygon in region.polygons]
        joined = shapely.union_all(shapes)
        return tuple(_without_slivers(part) for part in getattr(joined, "geoms", [joined]))


def _without_slivers(shape: shapely.geometry.Polygon) -> Polygon:
    holes = [hole for hole in shape.interiors if shapely.geometry.Polygon(hole).area > SLIVER_DEGREES2]
    return Polygon.from_planar(shapely.geometry.Polygon(shape.exterior, holes))


def _region(feature: dict[str, Any]) -> Region:
    names = feature["properties"]["names"]
    if not names.get("en"):
        raise ValueError("names lack en")
    shape = shapely.geometry.shape(feature["geometry"])
    if shape.geom_type not in {"Polygon", "MultiPolygon"} or not shape.is_valid:
        raise ValueError("geometry is no valid polygon")
    polygons = tuple(Polygon.from_planar(part) for part in getattr(shape, "geoms", [shape]))
    return Region(feature["properties"]["code"], dict(names), polygons)
