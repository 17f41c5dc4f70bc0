"""A force's own lists of places, CSV or GeoJSON: read whole, every bad row named with its line and the cure.

Columns, or properties of a GeoJSON Point: `ar` `fr` `en` (one at least), `error_m`, `kind`, and if wanted
`variants`, `local`, `towns` (names between bars); a CSV has `lat` and `lon` beside. docs/places.md says more.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from geo.names import normalise
from geo.outlines import Outlines
from geo.place import KINDS, Place
from geo.placefile import LANGUAGES, barred
from geo.points import Point

COLUMNS = (*LANGUAGES, "lat", "lon", "error_m", "kind", "variants", "local", "towns")
NEEDED = ("error_m", "kind")
MOST_ERROR_M = 100_000.0


@dataclass(frozen=True)
class Fault:
    """Hold a row that cannot be taken: its file, its line (1 is the first), what is wrong, what to do."""

    file: str
    line: int
    says: str
    cure: str


class RowError(ValueError):
    """Say what is wrong with a row, and the cure."""

    def __init__(self, says: str, cure: str) -> None:
        super().__init__(says)
        self.says, self.cure = says, cure


def read(path: Path, outlines: Outlines, towns: Collection[str]) -> tuple[list[Place], list[Fault]]:
    """Return the places of a .csv or .geojson file inside the outlines, and every fault.

    towns are the normalised names of the towns a row may say it stands in.
    """
    places: list[Place] = []
    faults: list[Fault] = []
    try:
        text = _text(path)
        rows = _csv(text) if path.suffix.lower() == ".csv" else _geojson(text)
        for line, row in rows:
            try:
                places.append(_place(row, outlines, towns))
            except RowError as error:
                faults.append(Fault(path.name, line, error.says, error.cure))
    except RowError as error:  # the file as a whole
        faults.append(Fault(path.name, 1, error.says, error.cure))
    if not places and not faults:
        faults.append(Fault(path.name, 1, "holds no place", "Write one place a line, or take it out."))
    return places, faults


def _text(path: Path) -> str:
    if path.suffix.lower() not in {".csv", ".geojson", ".json"}:
        raise RowError("is neither .csv nor .geojson", "Save it as one of them.")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RowError("is not UTF-8", 'In a spreadsheet, save it as "CSV UTF-8".') from None
    except OSError as error:
        raise RowError(f"cannot be read ({error.strerror})", "Name a file that is there.") from None


def _csv(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row). Commas, semicolons or tabs part columns: the one the first line has most of."""
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        header = [name.strip().casefold() for name in next(lines, [])]
        _check_header(header)
        while True:
            line = lines.line_num + 1
            row = next(lines, None)
            if row is None:
                return
            if any(cell.strip() for cell in row):
                yield line, _row(header, row)
    except csv.Error as error:
        raise RowError(f"line {lines.line_num}: {error}", "Close the quotation marks.") from None


def _check_header(header: list[str]) -> None:
    missing = [name for name in ("lat", "lon", *NEEDED) if name not in header]
    if missing:
        raise RowError(f"lacks the column {', '.join(missing)}", f"The columns are {', '.join(COLUMNS)}.")
    strange = [name for name in header if name not in COLUMNS]
    if strange or len(set(header)) < len(header):
        raise RowError(f"has a column {strange or 'twice'}", f"Use {', '.join(COLUMNS)}.")


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    """Return the row; one of another length keeps that fact, for its fault to be told with its line."""
    row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    return row if len(cells) == len(header) else {**row, "": f"{len(cells)} cells for {len(header)} columns"}


def _geojson(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row) of each feature of a FeatureCollection."""
    try:
        whole = json.loads(text)
        features = whole["features"]
    except ValueError as error:
        raise RowError(f"is no JSON: {error}", "Export it again as GeoJSON.") from None
    except (KeyError, TypeError):
        raise RowError("is no FeatureCollection", "Export it as GeoJSON, with features.") from None
    if not isinstance(features, list):
        raise RowError("has no list of features", "Export it again as GeoJSON.")
    for line, feature in zip(_feature_lines(text), features, strict=True):
        yield line, _feature(feature)


def _feature_lines(text: str) -> Iterator[int]:
    """Yield the line on which each member of the outermost "features" begins."""
    decoder, at = json.JSONDecoder(), _features_at(text)
    space = re.compile(r"[\s,]*")
    while True:
        at = _after(space, text, at)
        if text[at] == "]":
            return
        yield text.count("\n", 0, at) + 1
        _, at = decoder.raw_decode(text, at)


def _features_at(text: str) -> int:
    """Return where the array of the outermost "features" begins; the text is known to be valid JSON."""
    decoder, at = json.JSONDecoder(), text.index("{") + 1
    space, colon = re.compile(r"[\s,]*"), re.compile(r"\s*:\s*")
    begins = at
    while text[at := _after(space, text, at)] != "}":
        key, at = decoder.raw_decode(text, at)
        at = _after(colon, text, at)
        if key == "features":
            begins = at + 1  # the last of two counts, as json.loads has it
        _, at = decoder.raw_decode(text, at)
    return begins


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _feature(feature: Any) -> dict[str, str]:
    try:
        told, shape = feature.get("properties") or {}, feature["geometry"]
        row = {name: _said(told[name]) for name in COLUMNS if told.get(name) is not None}
        if shape["type"] != "Point":
            return {**row, "": f"is a {shape['type']}, not a Point"}
        lon, lat = (float(number) for number in list(shape["coordinates"])[:2])
        return {**row, "lat": str(lat), "lon": str(lon)}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {"": "is no feature with a Point"}


def _said(value: Any) -> str:
    return "|".join(str(item) for item in value) if isinstance(value, list) else str(value).strip()


def _place(row: Mapping[str, str], outlines: Outlines, towns: Collection[str]) -> Place:
    if "" in row:
        raise RowError(row[""], "Give it a cell for each column; a name with a comma stands in quotes.")
    name = {language: row[language] for language in LANGUAGES if row.get(language)}
    if not name:
        raise RowError("has no name", "Fill in one of ar, fr, en.")
    if row.get("kind") not in KINDS:
        raise RowError(
            f"kind: {row.get('kind', '')!r} is not known", f"Write one of {', '.join(sorted(KINDS))}."
        )
    point = _point(row, outlines)
    error_m = _number(row, "error_m")
    if not 0 < error_m <= MOST_ERROR_M:
        raise RowError(
            "error_m: out of range", "Write how many metres the true spot may lie away, 1 to 100000."
        )
    strange = [town for town in barred(row.get("towns")) if normalise(town) not in towns]
    if strange:
        raise RowError(
            f"towns: {strange[0]!r} is not known", "Write a town of the country's list, or leave it empty."
        )
    return Place(
        name=name,
        point=point,
        kind=row["kind"],
        region=region.code if (region := outlines.region_of(point)) else None,
        population=0,
        error_m=error_m,
        variants=barred(row.get("variants")),
        towns=barred(row.get("towns")),
        local=barred(row.get("local")),
        own=True,
    )


def _point(row: Mapping[str, str], outlines: Outlines) -> Point:
    lat, lon = _number(row, "lat"), _number(row, "lon")
    point, swapped = Point(lat, lon), Point(lon, lat)
    if _is_inside(point, outlines):
        return point
    if _is_inside(swapped, outlines):
        raise RowError("lat and lon stand the wrong way round", "Swap them: lat is north, lon is east.")
    raise RowError("lies outside the country", "Check lat and lon, in degrees: 34.0209, -6.8416.")


def _is_inside(point: Point, outlines: Outlines) -> bool:
    return abs(point.lat) <= 90 and abs(point.lon) <= 180 and outlines.region_of(point) is not None


def _number(row: Mapping[str, str], column: str) -> float:
    try:
        value = float(row.get(column, "").replace(",", "."))  # 34,0209 where semicolons part the columns
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise RowError(f"{column}: {row.get(column, '')!r} is no number", "Write degrees or metres: 34.0209.")
    return value
