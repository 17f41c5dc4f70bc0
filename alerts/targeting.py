"""Who is told: the people whose followed place lies in an area, nearest first.

Nothing here loops over people: the area becomes ranges of cells, the database joins them to follows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from geo import cells
from geo.outlines import Outlines
from geo.points import Point
from geo.shapes import Area, Circle

EDGES_M = (1_000.0, 2_500.0, 5_000.0, 10_000.0, 25_000.0, 50_000.0, 100_000.0)
# The 72 points that stand for a circle lie on it, so its chords cut off up to 0.1 % of the radius.
CHORD_ALLOWANCE = 1.002

Query = tuple[str, list[Any]]
EVERYBODY: Query = ("1 = 1", [])

_TOLD = """
SELECT a.subscription_id, a.value, s.language
FROM ({people}) p
JOIN alerts_subscription s ON s.id = p.subscription_id
JOIN alerts_address a ON a.subscription_id = p.subscription_id
WHERE s.confirmed_at IS NOT NULL AND s.ended_at IS NULL
  AND a.confirmed_at IS NOT NULL AND a.channel = %s AND {only}
ORDER BY a.subscription_id, a.position
"""

# CROSS JOIN and INDEXED BY hold SQLite's planner to one range scan a range (1,000 × slower otherwise).
_CELLS_SQLITE = """
SELECT DISTINCT f.subscription_id
FROM json_each(%s) r CROSS JOIN alerts_follow f INDEXED BY follow_active_cell
WHERE f.active AND f.cell BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')
"""
# OFFSET 0 keeps PostgreSQL from flattening the scan of each range into one join over the whole table.
_CELLS_POSTGRESQL = """
SELECT DISTINCT f.subscription_id
FROM unnest(%s::bigint[], %s::bigint[]) AS r(low, high)
CROSS JOIN LATERAL (
  SELECT subscription_id FROM alerts_follow WHERE active AND cell BETWEEN r.low AND r.high OFFSET 0
) f
"""
_REGIONS_SQLITE = """
SELECT DISTINCT f.subscription_id
FROM json_each(%s) r CROSS JOIN alerts_follow f INDEXED BY follow_active_region
WHERE f.active AND f.region = r.value
"""
_REGIONS_POSTGRESQL = """
SELECT DISTINCT subscription_id FROM alerts_follow WHERE active AND region = ANY(%s::text[])
"""


@dataclass(frozen=True)
class Ring:
    """Hold the cells at one distance; the region ring comes last and holds codes instead."""

    number: int
    ranges: tuple[tuple[int, int], ...] = ()
    regions: tuple[str, ...] = ()

    def people(self, channel: str, only: Query = EVERYBODY) -> Query:
        """Return (sql, params) yielding (person, sealed address, language), one row an address.

        only: a condition on `s`, the subscription, that they fulfil.
        """
        if self.regions:
            return in_regions(self.regions, channel, only)
        return in_cells(self.ranges, channel, only)


def rings(area: Area, origin: Point, outlines: Outlines) -> list[Ring]:
    """Return the rings that hold any ground, nearest to origin first, then the regions touched."""
    found = [
        Ring(number, tuple(ranges))
        for number, ranges in enumerate(cells.rings(area, origin, EDGES_M))
        if ranges
    ]
    regions = regions_touched(area, outlines)
    if regions:
        found.append(Ring(len(EDGES_M) + 1, regions=tuple(regions)))
    return found


def regions_touched(area: Area, outlines: Outlines) -> list[str]:
    """Return the codes of the regions whose outline the area touches."""
    wide = Area(tuple(Circle(c.centre, c.radius_m * CHORD_ALLOWANCE) for c in area.circles), area.polygons)
    ground = wide.planar
    return [
        region.code
        for region in outlines.regions
        if any(polygon.planar.intersects(ground) for polygon in region.polygons)
    ]


def in_cells(ranges: Sequence[tuple[int, int]], channel: str, only: Query = EVERYBODY) -> Query:
    """Return the query for those who follow a cell within the ranges (inclusive)."""
    if connection.vendor == "postgresql":
        lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
        return _TOLD.format(people=_CELLS_POSTGRESQL, only=only[0]), [lows, highs, channel, *only[1]]
    return _TOLD.format(people=_CELLS_SQLITE, only=only[0]), [json.dumps(list(ranges)), channel, *only[1]]


def in_regions(codes: Sequence[str], channel: str, only: Query = EVERYBODY) -> Query:
    """Return the query for those who follow one of the regions."""
    if connection.vendor == "postgresql":
        return _TOLD.format(people=_REGIONS_POSTGRESQL, only=only[0]), [list(codes), channel, *only[1]]
    return _TOLD.format(people=_REGIONS_SQLITE, only=only[0]), [json.dumps(list(codes)), channel, *only[1]]
