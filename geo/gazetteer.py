"""Places by name, offline: towns from GeoNames, quarters and landmarks compiled by hand, a force's own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo import placefile
from geo.geodesic import distance_m
from geo.names import normalise
from geo.place import SAID_IN_PUBLIC, GazetteerError, Place
from geo.points import Point
from geo.spellings import loose

__all__ = ["Gazetteer", "GazetteerError", "Place"]

# What every town has one of: alone such a word names no place, in whatever list it stands as a name.
_EVERYWHERE = frozenset(
    normalise(word)
    for word in placefile.barred(
        "médina|ancienne médina|old medina|mosquée|mosque|église|church|plage|beach|gare|station|"
        "marché|market|"
        "souk|centre|center|centre-ville|downtown|école|school|lycée|collège|université|university|hôpital|"
        "hospital|port|cité|kasbah|casbah|corniche|stade|stadium|parc|park|jardin|place|marina|aéroport|"
        "airport|plateau|carrefour|rond-point|had|sebt|tnine|tleta|et tleta|et tnine|arbaa|arba|khémis|khmis|"
        "jemaa|jemâa|souk el had|souk sebt|zaouia|kelaa|douar|cathédrale|préfecture|commissariat|cimetière|"
        "mellah|gare routière|bus station|train station|المدينة|المدينة القديمة|المدينة العتيقة|"
        "السوق|سوق|محطة|"
        "الشاطئ|المسجد|الجامع|المدرسة|الثانوية|المستشفى|الكورنيش|الميناء|المطار|الجامعة|الملعب|وسط المدينة|"
        "المركز|الحديقة|القصبة|البحر|الملاح|الكنيسة|المقبرة|الموقف|محطة القطار|محطة الحافلات"
    )
)
_SHORTEST_LOOSE = 3
_TYPO_FROM = 4  # letters a name needs before one wrong letter still points at it


class Gazetteer:
    """Find places by any of their names, in any spelling that normalise() or loose() makes equal."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places: tuple[Place, ...] = tuple(sorted(places, key=lambda place: -place.population))
        self._proper: dict[str, list[Place]] = defaultdict(list)
        self._any: dict[str, list[Place]] = defaultdict(list)
        self._loose: dict[str, list[Place]] = defaultdict(list)
        self._local: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            self._index(place)

    def _index(self, place: Place) -> None:
        exact = {name: normalise(name) for name in (*place.names, *place.local)}
        sure = {name for name in place.names if exact[name] not in _EVERYWHERE}
        for key in {loose(name) for name in exact if name in place.local or name not in sure}:
            self._local[key].append(place)
        for key in {exact[name] for name in place.name.values() if name in sure}:
            self._proper[key].append(place)
        for key in {exact[name] for name in sure}:
            self._any[key].append(place)
        for key in {loose(name) for name in sure}:
            self._loose[key].append(place)

    @classmethod
    def load(cls, *paths: Path) -> Gazetteer:
        """Return the places of tab-separated files; raise GazetteerError naming file and line."""
        return cls(place for path in paths for place in placefile.read(path))

    def named(self, text: str) -> tuple[list[Place], bool]:
        """Return the places that the whole text may name, and whether it may do so without its town.

        A proper name goes before a variant, a variant before a looser spelling; a row of the force's before
        all. A name that is also somebody's local name ("Sidi Moussa") stands for all of them.
        """
        exact, rough = normalise(text), loose(text)
        local = self._local.get(rough, [])
        if exact in _EVERYWHERE:
            return list(local), False
        for index, key in ((self._proper, exact), (self._any, exact), (self._loose, rough)):
            found = index.get(key) if len(key) >= _SHORTEST_LOOSE or index is not self._loose else None
            if found:
                own = [place for place in found if place.own]
                return own or [*found, *(place for place in local if place not in found)], True
        return list(local), False

    def resolve(self, text: str) -> Place | None:
        """Return the one place of exactly that name, in any language, proper names before variants.

        Return None when it is unknown or two places share it: words stay words, and never become the
        middle of a city.
        """
        found, sure = self.named(text)
        return found[0] if sure and len(found) == 1 else None

    def search(self, text: str, limit: int = 10) -> list[Place]:
        """Return places whose name is, starts with, or has words that start with text, best first.

        Of equally good ones the more populous comes first; looser spellings follow. An empty text finds
        nothing. Costs well under a millisecond.
        """
        found = _best(self._by_word.starting(normalise(text)), limit)
        if len(found) < limit:
            rougher = _best(self._by_loose_word.starting(loose(text)), limit)
            found += [place for place in rougher if not any(place is known for known in found)]
        return found[:limit]

    def similar(self, text: str, limit: int = 10) -> list[Place]:
        """Return places one slip away: a letter more, less, other or swapped. To be offered only."""
        wanted = loose(text)
        if len(wanted) < _TYPO_FROM:
            return []
        close = process.extract(
            wanted, self._loose_keys, scorer=OSA.distance, score_cutoff=1, limit=limit, processor=None
        )
        return list({id(place): place for key, _, _ in close for place in self._loose[key]}.values())[:limit]

    def nearest(self, point: Point) -> Place:
        """Return the nearest place that may be said in public; raise LookupError where there is none.

        Nearest by geodesic distance among SAID_IN_PUBLIC: a school or a hospital is never its answer.
        """
        return _nearest(point, *self._public)

    def nearest_town(self, point: Point) -> Place:
        """Return the nearest city or town, which names a quarter's place; raise LookupError likewise."""
        return _nearest(point, *self._towns)

    def within(self, south: float, west: float, north: float, east: float) -> list[Place]:
        """Return the places in a box that may be said in public, most populous first."""
        places, tree = self._public
        found = tree.query(shapely.box(west, south, east, north), predicate="intersects")
        return [places[i] for i in sorted(found)]

    @cached_property
    def _public(self) -> tuple[list[Place], shapely.STRtree]:
        return _indexed(place for place in self.places if place.kind in SAID_IN_PUBLIC)

    @cached_property
    def _towns(self) -> tuple[list[Place], shapely.STRtree]:
        return _indexed(place for place in self.places if place.kind in {"city", "town"})

    @cached_property
    def _loose_keys(self) -> list[str]:
        return list(self._loose)

    @cached_property
    def _by_word(self) -> _WordStarts:
        local: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            for key in {normalise(name) for name in place.local}:
                local[key].append(place)
        return _WordStarts([self._any, local])

    @cached_property
    def _by_loose_word(self) -> _WordStarts:
        return _WordStarts([self._loose, self._local])


class _WordStarts:
    """Find names by the beginning of any of their words: a sorted list of every name from each word on."""

    def __init__(self, indexes: Collection[dict[str, list[Place]]]) -> None:
        joined: dict[str, list[Place]] = defaultdict(list)
        for index in indexes:
            for key, places in index.items():
                joined[key] += places
        rows = [row for key, places in joined.items() for row in _tails(key, places)]
        rows.sort(key=lambda row: row[0])
        self._tails = [tail for tail, _, _ in rows]
        self._rows = rows

    def starting(self, wanted: str) -> Iterator[tuple[int, Place]]:
        """Yield (0 whole name | 1 its beginning | 2 a later word's, place) of all that begin so."""
        if not wanted:
            return
        first, last = bisect_left(self._tails, wanted), bisect_right(self._tails, wanted + "\U0010ffff")
        for tail, is_whole, places in self._rows[first:last]:
            rank = 2 if not is_whole else 0 if tail == wanted else 1
            for place in places:
                yield rank, place


def _tails(key: str, places: list[Place]) -> Iterator[tuple[str, bool, list[Place]]]:
    yield key, True, places
    for index, letter in enumerate(key):
        if letter == " ":
            yield key[index + 1 :], False, places


def _best(found: Iterable[tuple[int, Place]], limit: int) -> list[Place]:
    ranks: dict[int, tuple[int, bool, int, Place]] = {}
    for rank, place in found:
        known = ranks.get(id(place))
        if known is None or rank < known[0]:
            ranks[id(place)] = (rank, not place.own, -place.population, place)
    return [row[3] for row in sorted(ranks.values(), key=lambda row: row[:3])[:limit]]


def _indexed(places: Iterable[Place]) -> tuple[list[Place], shapely.STRtree]:
    kept = list(places)
    return kept, shapely.STRtree([shapely.Point(place.point.lon, place.point.lat) for place in kept])


def _nearest(point: Point, places: list[Place], tree: shapely.STRtree) -> Place:
    """Return the nearest by geodesic distance, asked only of those that are about as near in degrees."""
    if not places:
        raise LookupError("gazetteer: no places")
    spot = shapely.Point(point.lon, point.lat)
    reach = 1.5 * float(spot.distance(tree.geometries[tree.nearest(spot)])) + 1e-6
    near = np.atleast_1d(tree.query(spot, predicate="dwithin", distance=reach))
    candidates: list[Place] = [places[i] for i in near]
    return min(candidates, key=lambda place: distance_m(point, place.point))
