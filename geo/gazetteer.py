"""Places by name, offline: towns from GeoNames, quarters and landmarks compiled by hand."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from geo.geodesic import distance_m
from geo.names import normalise
from geo.points import Point

LANGUAGES = ("ar", "fr", "en")


class GazetteerError(ValueError):
    """Name the file and line that cannot be read."""


@dataclass(frozen=True)
class Place:
    """Hold a named place; the true spot lies within error_m of point, for a town anywhere in it."""

    name: dict[str, str]
    point: Point
    kind: str
    region: str | None
    population: int
    error_m: float
    variants: tuple[str, ...] = field(default=(), repr=False)

    def label(self, language: str) -> str:
        """Return the name in the language, or else in French, English, Arabic."""
        return next(self.name[code] for code in (language, "fr", "en", "ar") if self.name.get(code))


class Gazetteer:
    """Find places by any of their names, in any spelling that normalise() makes equal."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places: tuple[Place, ...] = tuple(sorted(places, key=lambda place: -place.population))
        self._proper: dict[str, list[Place]] = defaultdict(list)
        self._any: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            for key in {normalise(name) for name in place.name.values()}:
                self._proper[key].append(place)
            for key in {normalise(name) for name in (*place.name.values(), *place.variants)}:
                self._any[key].append(place)
        self._tree = shapely.STRtree([shapely.Point(p.point.lon, p.point.lat) for p in self.places])

    @classmethod
    def load(cls, *paths: Path) -> Gazetteer:
        """Return the places of tab-separated files; raise GazetteerError naming file and line."""
        return cls(place for path in paths for place in _read(path))

    def search(self, text: str, limit: int = 10) -> list[Place]:
        """Return places whose name is, starts with, or has words that start with text, best first.

        Of equally good ones the more populous comes first. An empty text finds nothing.
        """
        wanted = normalise(text)
        if not wanted:
            return []
        ranks: dict[int, tuple[int, Place]] = {}
        for key, places in self._any.items():
            rank = _rank(key, wanted)
            for place in places if rank is not None else ():
                ranks[id(place)] = min(
                    ranks.get(id(place), (9, place)), (rank or 0, place), key=lambda r: r[0]
                )
        best = sorted(ranks.values(), key=lambda found: (found[0], -found[1].population))
        return [place for _, place in best[:limit]]

    def resolve(self, text: str) -> Place | None:
        """Return the one place of exactly that name, in any language, proper names before variants.

        Return None when it is unknown or two places share it: words stay words, and never become the
        middle of a city.
        """
        wanted = normalise(text)
        for index in (self._proper, self._any):
            places = index.get(wanted, [])
            if places:
                return places[0] if len(places) == 1 else None
        return None

    def nearest(self, point: Point) -> Place:
        """Return the place nearest by geodesic distance; raise LookupError where there is none."""
        if not self.places:
            raise LookupError("gazetteer: no places")
        spot = shapely.Point(point.lon, point.lat)
        reach = 1.5 * float(spot.distance(self._tree.geometries[self._tree.nearest(spot)])) + 1e-6
        near = np.atleast_1d(self._tree.query(spot, predicate="dwithin", distance=reach))
        candidates: list[Place] = [self.places[i] for i in near]
        return min(candidates, key=lambda place: distance_m(point, place.point))

    def within(self, south: float, west: float, north: float, east: float) -> list[Place]:
        """Return the places in a box, most populous first."""
        found = self._tree.query(shapely.box(west, south, east, north), predicate="intersects")
        return [self.places[i] for i in sorted(found)]


def _rank(key: str, wanted: str) -> int | None:
    if key == wanted:
        return 0
    if key.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in key else None


def _read(path: Path) -> Iterable[Place]:
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            try:
                yield _place(row)
            except (KeyError, TypeError, ValueError) as error:
                raise GazetteerError(f"{path.name}, line {number}: {error}") from error


def _place(row: dict[str, str]) -> Place:
    point = Point(float(row["lat"]), float(row["lon"]))
    if abs(point.lat) > 90 or abs(point.lon) > 180:
        raise ValueError("lat or lon out of range")
    name = {language: row[language] for language in LANGUAGES if row[language]}
    if not name:
        raise ValueError("no name in any language")
    return Place(
        name=name,
        point=point,
        kind=row["kind"],
        region=row.get("region") or None,
        population=int(row.get("population") or 0),
        error_m=float(row["error_m"]),
        variants=tuple(variant for variant in row["variants"].split("|") if variant),
    )
