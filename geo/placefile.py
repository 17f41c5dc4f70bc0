"""The packs' lists of places: tab-separated, a header, one place a line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from geo.place import GazetteerError, Place
from geo.points import Point

LANGUAGES = ("ar", "fr", "en")


def read(path: Path) -> Iterator[Place]:
    """Yield the places of a tab-separated file; raise GazetteerError naming file and line."""
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            try:
                yield _place(row)
            except (KeyError, TypeError, ValueError) as error:
                raise GazetteerError(f"{path.name}, line {number}: {error}") from error


def barred(text: str | None) -> tuple[str, ...]:
    """Return the names between bars: "Agdal|حي أكدال"."""
    return tuple(name.strip() for name in (text or "").split("|") if name.strip())


def _place(row: Mapping[str, str]) -> Place:
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
        variants=barred(row["variants"]),
        towns=barred(row.get("towns")),
        local=barred(row.get("local")),
    )
