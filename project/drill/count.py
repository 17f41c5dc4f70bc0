"""Count a drill from what the simulators accepted, not from what the engine says of itself. Pure."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from geo.geodesic import distance_m
from geo.shapes import Area, Point

HEADER = ("person", "channel", "address", "lat", "lon")


@dataclass(frozen=True)
class Told:
    """One invented person: how they are reached and where they truly are."""

    person: UUID
    channel: str
    address: str
    point: Point


@dataclass(frozen=True)
class Arrival:
    """One line of a simulator: what it accepted, for whom, when."""

    alias: str
    event: str
    to: str
    text: str
    at: datetime


def write_people(path: Path, people: Iterable[Told]) -> None:
    """Write people.csv: a line an address, with the true position."""
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(HEADER)
        rows.writerows((who.person, who.channel, who.address, who.point.lat, who.point.lon) for who in people)


def arrivals(folder: Path) -> list[Arrival]:
    """Return what every simulator accepted, in no order of theirs."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            at = datetime.fromisoformat(entry["at"])
            found.append(Arrival(path.stem, entry["event"], entry["to"], entry["text"], at))
    return found


def really_inside(people: Iterable[Told], area: Area) -> set[UUID]:
    """Return who stands inside by geopy's geodesic distance; polygons by straight edges in lat and lon.

    Independent of the cells that targeting uses: this is the oracle it is held against.
    """
    return {
        who.person
        for who in people
        if any(distance_m(circle.centre, who.point) <= circle.radius_m for circle in area.circles)
        or (area.polygons and Area(polygons=area.polygons).contains(who.point))
    }


@dataclass(frozen=True)
class Reached:
    """What the public received of one alert."""

    in_area: int
    missed: int
    duplicates: int
    after_stop: int
    told_of_alert: int
    told_of_end: int


def reached(
    people: Mapping[str, Told],
    inside: set[UUID],
    targeted: set[UUID],
    came: Iterable[Arrival],
    *,
    is_end: Mapping[str, bool],
    stood_down_at: datetime,
) -> Reached:
    """Return the counts; `is_end` says of each text whether it is the end's, people are keyed by address.

    missed: inside and not targeted, or inside and never received anything.
    duplicates: the same address received the same kind of message twice.
    after_stop: the alert itself arriving once the stand-down was committed.
    """
    alert: Counter[str] = Counter()
    end: Counter[str] = Counter()
    late = 0
    for one in came:
        if one.to not in people or one.event != "message":
            continue
        if is_end[one.text]:
            end[one.to] += 1
            continue
        alert[one.to] += 1
        late += one.at > stood_down_at
    received = {people[address].person for address in alert}
    return Reached(
        in_area=len(inside),
        missed=len(inside - (targeted & received)),
        duplicates=sum(count - 1 for counter in (alert, end) for count in counter.values()),
        after_stop=late,
        told_of_alert=len(alert),
        told_of_end=len(end),
    )
