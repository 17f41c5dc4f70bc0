"""Countries and regions: which holds a point, which an area touches."""

from __future__ import annotations

import json

import pytest

from geo.outlines import Outlines, OutlinesError
from geo.shapes import Area, Circle, Point, Polygon
from tests.geo.test_gazetteer import COUNTRIES, PACKS


@pytest.mark.parametrize(
    ("country", "point", "code"),
    [
        ("ma", Point(34.02, -6.83), "MA-04"),
        ("ma", Point(33.59, -7.61), "MA-06"),
        ("ma", Point(27.14, -13.19), "MA-11"),
        ("ma", Point(23.70, -15.93), "MA-12"),
        ("ma", Point(26.74, -11.67), "MA-11"),
        ("ma", Point(35.77, -5.80), "MA-01"),
        ("ma", Point(31.93, -4.43), "MA-08"),
        ("ga", Point(0.39, 9.45), "GA-1"),
        ("ga", Point(-1.63, 13.58), "GA-2"),
        ("eg", Point(30.04, 31.24), "EG-C"),
        ("eg", Point(31.20, 29.92), "EG-ALX"),
        ("eg", Point(22.22, 36.60), "EG-BA"),
    ],
)
def test_a_town_lies_in_its_region(country, point, code):
    region = PACKS[country].outlines.region_of(point)
    assert region is not None
    assert region.code == code


@pytest.mark.parametrize("point", [Point(48.85, 2.35), Point(36.7, 3.06), Point(28.1, -15.4)])
def test_a_point_abroad_lies_in_no_region(point):
    assert PACKS["ma"].outlines.region_of(point) is None


def test_a_pier_belongs_to_its_coast():
    region = PACKS["ma"].outlines.region_of(Point(34.05, -6.90))
    assert region is not None
    assert region.code == "MA-04"


@pytest.mark.parametrize(("country", "count"), [("ma", 12), ("ga", 9), ("eg", 27)])
def test_a_country_has_all_its_regions_named_in_three_languages(country, count):
    outlines = PACKS[country].outlines
    assert len(outlines.regions) == count
    for region in outlines.regions:
        assert all(region.names[language] for language in ("ar", "fr", "en"))
        assert outlines.get(region.code) is region
    assert outlines.get("XX-1") is None


def test_morocco_is_one_piece_without_holes_down_to_lagouira():
    main = max(PACKS["ma"].outlines.country_polygons, key=lambda polygon: polygon.planar.area)
    assert main.holes == ()
    assert main.contains(Point(21.5, -16.5))
    assert main.contains(Point(26.2, -10.6))


def test_an_area_touches_the_regions_it_reaches():
    outlines = PACKS["ma"].outlines
    small = Area(circles=(Circle(Point(34.02, -6.83), 5_000),))
    square = Polygon((Point(33.4, -7), Point(33.4, -6.8), Point(33.8, -6.8), Point(33.8, -7)))
    assert [region.code for region in outlines.regions_touching(small)] == ["MA-04"]
    assert [region.code for region in outlines.regions_touching(Area(polygons=(square,)))] == [
        "MA-04",
        "MA-06",
    ]


@pytest.mark.parametrize("country", ["ma", "ga", "eg"])
def test_outlines_stay_small(country):
    assert (COUNTRIES / country / "outlines.json").stat().st_size < 300_000


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "FeatureCollection"),
        ("[]", "FeatureCollection"),
        ('{"features": [{}]}', "feature 0"),
        (
            json.dumps({"features": [{"properties": {"code": "A", "names": {}}, "geometry": {}}]}),
            "names lack en",
        ),
        (
            json.dumps(
                {
                    "features": [
                        {
                            "properties": {"code": "A", "names": {"en": "A"}},
                            "geometry": {"type": "Point", "coordinates": [1, 2]},
                        }
                    ]
                }
            ),
            "no valid polygon",
        ),
    ],
)
def test_a_bad_file_is_named(tmp_path, text, named):
    file = tmp_path / "land.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OutlinesError, match=rf"land\.json.*{named}"):
        Outlines.load(file)
