"""Countries and their regions as polygons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geo.points import Point
from geo.shapes import Polygon


@dataclass(frozen=True)
class Region:
    """Hold a region: its code (ISO 3166-2), names by language, polygons."""

    code: str
    names: dict[str, str]
    polygons: tuple[Polygon, ...]


class Outlines:
    """Find regions by point or code."""

    @classmethod
    def load(cls, path: Path) -> Outlines:
        raise NotImplementedError

    def region_of(self, point: Point) -> Region | None:
        raise NotImplementedError

    def get(self, code: str) -> Region | None:
        raise NotImplementedError

    @property
    def regions(self) -> tuple[Region, ...]:
        raise NotImplementedError

    @property
    def country_polygons(self) -> tuple[Polygon, ...]:
        raise NotImplementedError
