"""Circles, polygons and unions: what is inside, what is refused, what CAP is told."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.geodesic import destination, distance_m
from geo.shapes import Area, Circle, Point, Polygon, ShapeError, cap_circle, cap_polygon

RABAT = Point(34.01325, -6.83255)
SQUARE = (Point(33, -7), Point(33, -6), Point(34, -6), Point(34, -7), Point(33, -7))
HOLE = (Point(33.4, -6.6), Point(33.4, -6.4), Point(33.6, -6.4), Point(33.6, -6.6), Point(33.4, -6.6))


def test_a_distance_is_that_of_the_ellipsoid():
    # One degree of latitude and of longitude at the equator, WGS84.
    assert distance_m(Point(0, 0), Point(1, 0)) == pytest.approx(110_574.39, abs=0.1)
    assert distance_m(Point(0, 0), Point(0, 1)) == pytest.approx(111_319.49, abs=0.1)


@given(bearing=st.floats(0, 360), metres=st.floats(0, 500_000))
def test_a_destination_lies_as_far_as_asked(bearing, metres):
    assert distance_m(RABAT, destination(RABAT, bearing, metres)) == pytest.approx(metres, abs=0.01)


def test_a_circle_is_geodesic():
    circle = Circle(RABAT, 25_000)
    for bearing in range(0, 360, 15):
        assert circle.contains(destination(RABAT, bearing, 24_999.9))
        assert not circle.contains(destination(RABAT, bearing, 25_000.1))


def test_polygon_edges_are_straight_in_latitude_and_longitude():
    wide = Polygon((Point(60, 0), Point(60, 40), Point(70, 20)))
    assert wide.contains(Point(60.001, 20))  # the great circle between the corners runs 1.7° further north
    assert wide.contains(Point(60, 20))
    assert not wide.contains(Point(59.999, 20))


def test_a_hole_is_outside_and_its_edge_inside():
    area = Area(polygons=(Polygon(SQUARE, (HOLE,)),))
    assert not area.contains(Point(33.5, -6.5))
    assert area.contains(Point(33.4, -6.5))
    assert area.contains(Point(33.2, -6.5))


def test_rings_are_closed_when_left_open():
    assert Polygon(SQUARE[:-1]) == Polygon(SQUARE)


@pytest.mark.parametrize("lat", [0.0, 34.0, -60.0])
def test_bounds_hold_the_whole_circle(lat):
    circle = Circle(Point(lat, 10), 150_000)
    box = Area(circles=(circle,)).bounds()
    for bearing in range(3600):
        point = destination(circle.centre, bearing / 10, circle.radius_m)
        assert box.south <= point.lat <= box.north
        assert box.west <= point.lon <= box.east


def test_bounds_of_nothing_are_refused():
    with pytest.raises(ShapeError, match="empty"):
        Area().bounds()


def test_the_centre_is_that_of_the_circle_or_a_point_inside():
    assert Area(circles=(Circle(RABAT, 5_000),)).centre() == RABAT
    ring = Area(polygons=(Polygon(SQUARE, (HOLE,)),))
    assert ring.contains(ring.centre())


def test_what_is_written_is_read_again():
    area = Area((Circle(RABAT, 25_000.5),), (Polygon(SQUARE, (HOLE,)),))
    assert Area.from_json(area.to_json()) == area


def ring(*pairs):
    return {"polygons": [{"exterior": [list(pair) for pair in pairs]}]}


def circle(**values):
    return {"circles": [{"lat": 34, "lon": -6.8, "radius_m": 1_000} | values]}


LONG = [(33 + 0.3 * math.sin(t / 4_000), -6 + 0.3 * math.cos(t / 4_000)) for t in range(25_132)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "empty"),
        ({"circles": [], "polygons": []}, "empty"),
        ({"polygons": [{"exterior": []}]}, "empty"),
        (ring((33, -7), (34, -6), (33, -7), (33, -7)), "too_few_points"),
        (ring((33, -7), (33, -6), (34, -6)), "open_ring"),
        (ring((33, -7), (34, -6), (34, -7), (33, -6), (33, -7)), "self_crossing"),
        (ring((33, -7), (33.5, -6.5), (34, -6), (33, -7)), "self_crossing"),
        (ring(*LONG, LONG[0]), "too_many_vertices"),
        (ring((33, -181), (33, -6), (34, -6), (33, -181)), "out_of_range"),
        (ring((91, -7), (33, -6), (34, -6), (91, -7)), "out_of_range"),
        (ring((-20, -60), (-20, 60), (60, 60), (60, -60), (-20, -60)), "too_large"),
        (circle(radius_m=0), "out_of_range"),
        (circle(radius_m=-5), "out_of_range"),
        (circle(radius_m=2_000_000), "too_large"),
        (circle(radius_m=math.nan), "out_of_range"),
        (circle(lat=math.inf), "out_of_range"),
        (circle(lat="34"), "malformed"),
        (circle(lat=None), "malformed"),
        (circle(radius_m=True), "malformed"),
        ({"circles": "here"}, "malformed"),
        ({"circles": [7]}, "malformed"),
        ({"polygons": [{"exterior": [[1, 2, 3], [1], [2, 2]]}]}, "malformed"),
        ({"polygons": [{}]}, "malformed"),
        ([], "malformed"),
        (None, "malformed"),
    ],
)
def test_a_bad_area_is_refused_with_its_reason(data, code):
    with pytest.raises(ShapeError) as refused:
        Area.from_json(data)
    assert refused.value.code == code


def test_a_hole_that_sticks_out_is_refused():
    data = Area(polygons=(Polygon(SQUARE),)).to_json()
    data["polygons"][0]["holes"] = [[[33.5, -6.5], [33.5, -5.5], [33.6, -5.5], [33.5, -6.5]]]
    with pytest.raises(ShapeError, match="self_crossing"):
        Area.from_json(data)


def test_cap_reads_latitude_first_and_kilometres():
    assert cap_polygon(Polygon(SQUARE[:3])) == "33,-7 33,-6 34,-6 33,-7"
    assert cap_circle(Circle(RABAT, 25_000)) == "34.01325,-6.83255 25"
    assert cap_circle(Circle(Point(-0.0, 1e-9), 1_234.5)) == "0,0 1.234"
