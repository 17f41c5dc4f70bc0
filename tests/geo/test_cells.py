"""Covers miss nobody, reach little too far, and cut into rings."""

from __future__ import annotations

import math
import random
import time
from bisect import bisect_right
from itertools import pairwise

import h3.api.basic_int as h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cells import cell_of, cover, intersect, merge, rings, subtract
from geo.descent import REACH_M
from geo.geodesic import destination, distance_m
from geo.shapes import Area, Circle, Point, Polygon

TOWNS = [Point(30.04, 31.24), Point(30.79, 31.0), Point(0.39, 9.45), Point(33.97, -6.85), Point(23.7, -15.9)]


def inside(ranges: list[tuple[int, int]], cell: int) -> bool:
    at = bisect_right(ranges, (cell, 1 << 63)) - 1
    return at >= 0 and ranges[at][0] <= cell <= ranges[at][1]


def star(rng: random.Random, centre: Point, radius_m: float, *, hole: bool) -> Polygon:
    """Return a ragged ring round centre, perhaps with a smaller ragged hole."""

    def ragged(low: float, high: float) -> tuple[Point, ...]:
        bearings = sorted(rng.uniform(0, 360) for _ in range(rng.randint(5, 60)))
        return tuple(destination(centre, b, radius_m * rng.uniform(low, high)) for b in bearings)

    return Polygon(ragged(0.5, 1.0), (ragged(0.05, 0.2),) if hole else ())


def random_area(rng: random.Random) -> Area:
    town = rng.choice(TOWNS)
    centre = destination(town, rng.uniform(0, 360), rng.uniform(0, 200_000))
    radius_m = math.exp(rng.uniform(math.log(500), math.log(150_000)))
    if rng.random() < 0.5:
        return Area(circles=(Circle(centre, radius_m),))
    polygon = star(rng, centre, radius_m, hole=rng.random() < 0.5)
    if not polygon.planar.is_valid:
        return Area(circles=(Circle(centre, radius_m),))
    return Area(polygons=(polygon,))


def rim_points(rng: random.Random, area: Area) -> list[Point]:
    """Return points inside the area, most of them within a few metres of its rim, where covers fail."""
    if area.circles:
        circle = area.circles[0]
        gaps = [rng.choice([0.0, 0.01, 1.0, 50.0, circle.radius_m * rng.random()]) for _ in range(12)]
        points = [destination(circle.centre, rng.uniform(0, 360), max(0, circle.radius_m - g)) for g in gaps]
    else:
        ring = area.polygons[0].planar.boundary
        spots = [ring.interpolate(rng.random(), normalized=True) for _ in range(12)]
        points = [Point(s.y + rng.gauss(0, 2e-5), s.x + rng.gauss(0, 2e-5)) for s in spots]
    return [p for p in points if area.contains(p)]


def missed(rng: random.Random, areas: int) -> tuple[int, int]:
    lost = tried = 0
    for _ in range(areas):
        area = random_area(rng)
        ranges = cover(area)
        points = rim_points(rng, area)
        tried += len(points)
        lost += sum(not inside(ranges, cell_of(p)) for p in points)
    return lost, tried


def test_nobody_is_missed_over_random_areas():
    lost, tried = missed(random.Random(11), 100)
    assert lost == 0
    assert tried > 350


@pytest.mark.long
def test_nobody_is_missed_over_five_thousand_areas():
    lost, tried = missed(random.Random(12), 5_000)
    assert (lost, tried > 20_000) == (0, True)


@given(
    lat=st.floats(-60, 60),
    lon=st.floats(-180, 180),
    radius_m=st.floats(1, 60_000),
    bearing=st.floats(0, 360),
    share=st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_any_point_of_any_circle_is_in_its_cover(lat, lon, radius_m, bearing, share):
    circle = Circle(Point(lat, lon), radius_m)
    point = destination(circle.centre, bearing, radius_m * share)
    if circle.contains(point):
        assert inside(cover(Area(circles=(circle,))), cell_of(point))


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_any_point_of_a_triangle_is_in_its_cover(data):
    near = st.tuples(st.floats(33, 34), st.floats(-7, -6))
    corners = [Point(*data.draw(near)) for _ in range(3)]
    triangle = Polygon(tuple(corners))
    if not triangle.planar.is_valid or triangle.planar.area < 1e-9:
        return
    weights = [data.draw(st.floats(0.001, 1)) for _ in range(3)]
    point = Point(
        sum(w * c.lat for w, c in zip(weights, corners, strict=True)) / sum(weights),
        sum(w * c.lon for w, c in zip(weights, corners, strict=True)) / sum(weights),
    )
    if triangle.contains(point):
        assert inside(cover(Area(polygons=(triangle,))), cell_of(point))


def test_cover_of_a_circle_is_exactly_the_cells_that_overlap():
    centre, radius_m = Point(33.97, -6.85), 3_000.0
    ranges = cover(Area(circles=(Circle(centre, radius_m),)))
    for cell in (
        h3.grid_ring(cell_of(centre), 8)
        + h3.grid_ring(cell_of(centre), 9)
        + h3.grid_ring(cell_of(centre), 10)
    ):
        corners = [Point(*corner) for corner in h3.cell_to_boundary(cell)]
        sides = zip(corners, corners[1:] + corners[:1], strict=True)
        spots = [
            Point(a.lat + (b.lat - a.lat) * i / 20, a.lon + (b.lon - a.lon) * i / 20)
            for a, b in sides
            for i in range(20)
        ]
        gap_m = min(distance_m(centre, spot) for spot in spots) - radius_m
        if gap_m < 0:
            assert inside(ranges, cell)
        elif gap_m > 3:
            assert not inside(ranges, cell)


def test_a_circle_within_one_cell_is_that_cell():
    cell = cell_of(Point(33.97, -6.85))
    middle = Point(*h3.cell_to_latlng(cell))
    assert cover(Area(circles=(Circle(middle, 5),))) == [(cell, cell)]


@pytest.mark.few(3)
@pytest.mark.parametrize("town", TOWNS)
@pytest.mark.parametrize(("radius_m", "at_most"), [(5_000, 0.15), (25_000, 0.05), (100_000, 0.05)])
def test_a_cover_reaches_little_beyond_its_circle(town, radius_m, at_most):
    ranges = cover(Area(circles=(Circle(town, radius_m),)))
    rng = random.Random(5)
    outer = [
        destination(town, rng.uniform(0, 360), radius_m * 1.2 * math.sqrt(rng.random())) for _ in range(2_000)
    ]
    extra = sum(inside(ranges, cell_of(p)) for p in outer if distance_m(town, p) > radius_m)
    assert extra / sum(distance_m(town, p) <= radius_m for p in outer) <= at_most


def test_a_hole_is_left_out():
    def square(half):
        return (
            Point(34 - half, -6 - half),
            Point(34 - half, -6 + half),
            Point(34 + half, -6 + half),
            Point(34 + half, -6 - half),
        )

    ranges = cover(Area(polygons=(Polygon(square(0.3), (square(0.1),)),)))
    assert not inside(ranges, cell_of(Point(34, -6)))
    assert inside(ranges, cell_of(Point(34.2, -6)))


def test_a_union_is_covered_once():
    near, far = Circle(Point(34, -6), 5_000), Circle(Point(34.05, -6), 5_000)
    both = cover(Area(circles=(near, far)))
    assert both == merge(cover(Area(circles=(near,))) + cover(Area(circles=(far,))))
    assert all(a[1] < b[0] for a, b in pairwise(both))


def test_an_empty_area_has_no_cells():
    assert cover(Area()) == []


def test_a_coarser_rim_reaches_further_and_misses_nobody():
    area = Area(circles=(Circle(Point(34, -6), 20_000),))
    for resolution in (5, 6, 7, 8):
        assert subtract(cover(area), cover(area, resolution)) == []


def test_descendants_stay_within_reach_of_their_ancestors():
    rng = random.Random(3)
    for _ in range(300):
        cell = cell_of(Point(rng.uniform(-80, 80), rng.uniform(-180, 180)))
        corners = [Point(*corner) for corner in h3.cell_to_boundary(cell)]
        for resolution in range(10):
            middle = Point(*h3.cell_to_latlng(h3.cell_to_parent(cell, resolution)))
            assert max(distance_m(middle, corner) for corner in corners) < REACH_M[resolution]


def test_rings_are_disjoint_nearest_first_and_together_the_cover():
    origin = Point(33.97, -6.85)
    area = Area(circles=(Circle(origin, 25_000), Circle(Point(34.3, -6.5), 8_000)))
    cut = rings(area, origin, [2_000, 5_000, 12_000])
    assert len(cut) == 4
    assert merge(span for ring in cut for span in ring) == cover(area)
    assert all(intersect(cut[a], cut[b]) == [] for a in range(4) for b in range(a))
    assert inside(cut[0], cell_of(origin))
    assert inside(cut[3], cell_of(Point(34.3, -6.5)))


sets = st.sets(st.integers(0, 60))


def _ids(ranges):
    return {number for first, last in ranges for number in range(first, last + 1)}


def _runs(numbers):
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


@given(first=sets, second=sets)
def test_ranges_behave_as_sets(first, second):
    assert _ids(intersect(_runs(first), _runs(second))) == first & second
    assert _ids(subtract(_runs(first), _runs(second))) == first - second


def test_the_children_of_one_cell_join_into_one_range():
    parent = cell_of(Point(33.97, -6.85), 5)
    children = sorted(h3.cell_to_children(parent, 9))
    assert merge((c, c) for c in children) == [(children[0], children[-1])]


@pytest.mark.parametrize(("radius_m", "limit_ms"), [(25_000, 15), (100_000, 60)])
def test_a_cover_is_quick(radius_m, limit_ms):
    area = Area(circles=(Circle(TOWNS[0], radius_m),))
    cover(area)
    spent = []
    for _ in range(5):
        start = time.process_time()
        cover(area)
        spent.append(time.process_time() - start)
    assert min(spent) * 1000 < limit_ms
