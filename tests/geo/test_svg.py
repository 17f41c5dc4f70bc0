"""The map: small, self-contained, readable without seeing it, safe under a strict policy."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from geo.shapes import Area, Circle, Point, Polygon, ShapeError
from geo.svg import MAX_BYTES, Spot, Zone, svg_map
from tests.geo.test_gazetteer import PACKS

SVG = "{http://www.w3.org/2000/svg}"
RABAT = Point(34.01325, -6.83255)


def drawn(
    country: str, area: Area, marker: Point | None = None, **options
) -> tuple[str, ElementTree.Element]:
    country_pack = PACKS[country]
    given: dict[str, Any] = {"title": "Zone", "gazetteer": country_pack.gazetteer} | options
    text = svg_map(area, marker, country_pack.outlines, **given)
    return text, ElementTree.fromstring(text)


def around(point: Point, radius_m: float) -> Area:
    return Area(circles=(Circle(point, radius_m),))


@pytest.mark.parametrize("country", ["ma", "ga", "eg"])
@pytest.mark.parametrize("radius_m", [300, 5_000, 25_000, 160_000, 1_000_000])
def test_a_map_fits_in_25_kb(country, radius_m):
    text, root = drawn(country, around(PACKS[country].capital, radius_m), language="ar")
    assert len(text.encode()) < MAX_BYTES
    assert root.findall(f"{SVG}path[@class='map-area']")


def test_a_map_fetches_nothing_and_carries_no_style_or_script():
    text, root = drawn("ma", around(RABAT, 25_000), RABAT, marker_label="Vu ici")
    assert {element.tag for element in root.iter()} <= {
        SVG + t for t in ["svg", "title", "rect", "path", "circle", "text"]
    }
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name == "style" or "href" in name or name.startswith("on")}
    assert "url(" not in text


def test_a_map_says_its_title_and_escapes_it():
    text, root = drawn("ma", around(RABAT, 25_000), RABAT, title='<b>&"', marker_label="<i>")
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == '<b>&"'
    assert root.get("role") == "img"
    assert "<i>" not in text


def test_towns_are_named_in_the_reader_s_language():
    _, arabic = drawn("ma", around(RABAT, 160_000), language="ar")
    _, french = drawn("ma", around(RABAT, 160_000), language="fr")
    assert "الدار البيضاء" in {text.text for text in arabic.iter(f"{SVG}text")}
    assert "Casablanca" in {text.text for text in french.iter(f"{SVG}text")}
    assert (arabic.get("direction"), french.get("direction")) == ("rtl", "ltr")


def test_a_map_without_towns_is_still_a_map():
    _, root = drawn("ga", around(PACKS["ga"].capital, 25_000), gazetteer=None)
    assert not root.findall(f"{SVG}text[@class='map-town']")
    assert root.findall(f"{SVG}path[@class='map-land']")


def test_a_ragged_polygon_and_a_far_marker_are_both_in_the_picture():
    polygon = Polygon((Point(30, 31), Point(30, 31.5), Point(30.4, 31.2)))
    _, root = drawn("eg", Area(polygons=(polygon,)), Point(29, 30), width=320, height=320)
    marker = root.find(f"{SVG}circle[@class='map-marker']")
    assert marker is not None
    assert 0 < float(marker.get("cx", "")) < 320
    assert 0 < float(marker.get("cy", "")) < 320


def test_a_marker_alone_is_drawn_and_nothing_at_all_is_refused():
    _, root = drawn("ma", Area(), RABAT)
    assert root.findall(f"{SVG}circle[@class='map-marker']")
    with pytest.raises(ShapeError, match="empty"):
        drawn("ma", Area())


def test_every_spot_stands_in_the_picture_by_its_sign_and_zones_are_cut_off():
    spots = [Spot(RABAT, "1"), Spot(Point(33.58, -7.61), "<", "tip")]
    zones = [Zone(Circle(RABAT, 900_000.0), "car"), Zone(Circle(RABAT, 20_000.0), "foot")]
    text, root = drawn("ma", Area(), RABAT, spots=spots, zones=zones)
    signs = [one.text for one in root.findall(f"{SVG}text") if (one.get("class") or "").endswith("-sign")]
    assert signs == ["1", "<"]
    for disc in root.findall(f"{SVG}circle[@class='map-tip']"):
        assert 0 < float(disc.get("cx", "")) < 640
        assert 0 < float(disc.get("cy", "")) < 400
    assert root.findall(f"{SVG}path[@class='map-foot']")
    assert len(text.encode()) < MAX_BYTES
