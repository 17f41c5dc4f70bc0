"""Fewer points, no ground lost."""

from __future__ import annotations

import random

import pytest

from geo.geodesic import destination
from geo.shapes import Area, Circle, Point, Polygon
from tests.geo.test_cells import star


def ragged(seed: int, points: int) -> Polygon:
    rng = random.Random(seed)
    centre = Point(rng.uniform(-3, 35), rng.uniform(-16, 34))
    step = 360 / points
    exterior = tuple(destination(centre, i * step, 30_000 * rng.uniform(0.6, 1)) for i in range(points))
    hole = tuple(destination(centre, i * 3, 9_000 * rng.uniform(0.7, 1)) for i in range(120))
    return Polygon(exterior, (hole,))


@pytest.mark.parametrize("seed", range(20))
def test_simplified_ground_covers_the_original(seed):
    polygon = ragged(seed, 600)
    grown = Area(polygons=(polygon,)).simplified(100).polygons[0]
    assert grown.point_count <= 100
    assert grown.planar.is_valid
    assert grown.planar.covers(polygon.planar)


def test_simplified_ground_grows_little_when_points_are_only_too_many():
    circle = Circle(Point(34, -6), 30_000)
    fine = Polygon(tuple(destination(circle.centre, i / 10, circle.radius_m) for i in range(3_600)))
    grown = Area(polygons=(fine,)).simplified(100).polygons[0]
    assert grown.planar.area < fine.planar.area * 1.02


def test_the_least_number_of_points_is_the_box():
    polygon = ragged(1, 300)
    grown = Area(polygons=(polygon,)).simplified(5).polygons[0]
    assert grown.point_count == 5
    assert grown.planar.covers(polygon.planar)


def test_what_has_few_points_stays_as_it_is():
    area = Area((Circle(Point(34, -6), 30_000),), (Polygon((Point(1, 1), Point(1, 2), Point(2, 2))),))
    assert area.simplified() == area


def test_random_stars_lose_nothing():
    rng = random.Random(9)
    for _ in range(60):
        polygon = star(rng, Point(30, 31), 40_000, hole=True)
        if polygon.planar.is_valid:
            grown = Area(polygons=(polygon,)).simplified(30).polygons[0]
            assert grown.point_count <= 30
            assert grown.planar.covers(polygon.planar)
