"""A country pack: what differs by country, read from one TOML file with its sources beside each value."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from geo import own_places, placefile
from geo.gazetteer import Gazetteer
from geo.names import normalise
from geo.outlines import Outlines
from geo.own_places import Fault
from geo.place import TOWNS, GazetteerError, Place
from geo.points import Point
from geo.toml import PackError, Table

__all__ = [
    "Agency", "AuthorityRule", "CountryPack", "Criterion", "EmergencyNumber", "PackError", "load",
]  # fmt: skip

LANGUAGES = ("ar", "fr", "en")
ORDERS = ("none", "prosecutor", "either")  # either: a prosecutor's or a judge's
MAX_RADIUS_M = 1_000_000.0


@dataclass(frozen=True)
class EmergencyNumber:
    """Hold a number that anyone may call, and whom it reaches."""

    number: str
    names: dict[str, str]


@dataclass(frozen=True)
class Agency:
    """Hold a service that receives reports or alerts."""

    code: str
    names: dict[str, str]
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    """Hold a question to ask before an alert; whether a no speaks against it is the person's to judge.

    source: who asks it, as the page shows it.
    """

    code: str
    questions: dict[str, str]
    source: str


@dataclass(frozen=True)
class AuthorityRule:
    """Say whose order an alert needs before it is signed: an order of ORDERS; `names` is who gives it."""

    order: str
    names: dict[str, str]


@dataclass(frozen=True)
class CountryPack:
    """Hold one country's values; gazetteer and outlines are read from disk at first use.

    `retention_days` and `sender_ids` are keyed as in the file: by kind of data, by channel. `tip_number` is
    a placeholder until the force sets its own. `widening_m` are the radii after `radius_m`, ascending.
    """

    code: str
    names: dict[str, str]
    languages: tuple[str, ...]
    time_zone: str
    phone_region: str
    emergency: tuple[EmergencyNumber, ...]
    tip_number: str
    agencies: tuple[Agency, ...]
    capital: Point
    radius_m: float
    widening_m: tuple[float, ...]
    longest_h: int  # how long an alert may live without being issued anew
    criteria: tuple[Criterion, ...]
    authority: AuthorityRule
    retention_days: dict[str, int]
    sender_ids: dict[str, str]
    h3_resolution: int
    places_files: tuple[Path, ...]
    outlines_file: Path
    own_files: tuple[Path, ...] = ()

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Return the places, the force's own among them; raise GazetteerError naming file and line."""
        own, faults = self.own_places
        if faults:
            first = faults[0]
            raise GazetteerError(f"{first.file}, line {first.line}: {first.says}. {first.cure}")
        return Gazetteer([*self._pack_places, *own])

    @cached_property
    def own_places(self) -> tuple[list[Place], list[Fault]]:
        """Return the places of the force's own files, and every row that cannot be taken."""
        if not self.own_files:
            return [], []
        towns = {
            normalise(name) for place in self._pack_places if place.kind in TOWNS for name in place.names
        }
        read = [own_places.read(path, self.outlines, towns) for path in self.own_files]
        return [place for found, _ in read for place in found], [fault for _, bad in read for fault in bad]

    @cached_property
    def _pack_places(self) -> list[Place]:
        return [place for path in self.places_files for place in placefile.read(path)]

    @cached_property
    def outlines(self) -> Outlines:
        """Return the regions; raise OutlinesError naming file and feature."""
        return Outlines.load(self.outlines_file)


def load(path: Path, *, own_files: Iterable[Path] = ()) -> CountryPack:
    """Return the pack; raise PackError naming file and key for what is missing, wrong or unknown.

    Files of places and outlines are named relative to the TOML file and must exist; they are not read yet.
    own_files are lists of a force's own places (geo.own_places), whose rows win over the pack's.
    """
    top = Table.read(path)
    top.only(
        "code", "names", "languages", "time_zone", "phone_region", "emergency", "tip_number", "agencies",
        "capital", "area", "criteria", "criteria_set", "authority", "retention_days", "sender_ids", "files",
    )  # fmt: skip
    area, files, capital = top.table("area"), top.table("files"), top.table("capital")
    radius_m = area.number("radius_m", low=1, high=MAX_RADIUS_M)
    retention, senders = top.table("retention_days"), top.table("sender_ids")
    return CountryPack(
        code=top.text("code"),
        names=top.words("names", LANGUAGES),
        languages=_languages(top),
        time_zone=_time_zone(top),
        phone_region=top.text("phone_region"),
        emergency=tuple(
            EmergencyNumber(item.text("number"), item.words("names", LANGUAGES))
            for item in top.tables("emergency")
        ),
        tip_number=top.text("tip_number"),
        agencies=tuple(
            Agency(item.text("code"), item.words("names", LANGUAGES), item.texts("numbers"))
            for item in top.tables("agencies")
        ),
        capital=Point(capital.number("lat", low=-90, high=90), capital.number("lon", low=-180, high=180)),
        radius_m=radius_m,
        widening_m=area.numbers("widening_m", low=radius_m, high=MAX_RADIUS_M),
        longest_h=area.whole("longest_h", low=1, high=720),
        criteria=_criteria(top, path),
        authority=_authority(top.table("authority")),
        retention_days={key: retention.whole(key, low=0, high=36_500) for key in retention},
        sender_ids={key: senders.text(key) for key in senders},
        h3_resolution=area.whole("h3_resolution", low=9, high=9),
        places_files=tuple(_file(path, files, "places", name) for name in files.texts("places")),
        outlines_file=_file(path, files, "outlines", files.text("outlines")),
        own_files=tuple(own_files),
    )


def _criteria(top: Table, pack: Path) -> tuple[Criterion, ...]:
    """Return the questions of the set that the pack names, then its own; one of the same code replaces it.

    A set is a file of criteria/ beside the pack; "own" takes none, and the pack's questions are all there is.
    """
    name = top.text("criteria_set")
    own = {item.code: item for item in map(_criterion, top.tables("criteria"))}
    if name == "own":
        return tuple(own.values())
    path = pack.parent / "criteria" / f"{name}.toml"
    if not path.is_file():
        raise top.refuse("criteria_set", f"no file criteria/{name}.toml")
    shared = {item.code: item for item in map(_criterion, Table.read(path).tables("criteria"))}
    return tuple({**shared, **own}.values())


def _criterion(item: Table) -> Criterion:
    return Criterion(item.text("code"), item.words("questions", LANGUAGES), item.text("source"))


def _languages(top: Table) -> tuple[str, ...]:
    languages = top.texts("languages")
    if not languages or not set(languages) <= set(LANGUAGES):
        raise top.refuse("languages", f"names none, or others than {', '.join(LANGUAGES)}")
    return languages


def _time_zone(top: Table) -> str:
    name = top.text("time_zone")
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise top.refuse("time_zone", "is no IANA time zone") from error
    return name


def _authority(table: Table) -> AuthorityRule:
    order = table.text("order")
    if order not in ORDERS:
        raise table.refuse("order", f"is none of {', '.join(ORDERS)}")
    return AuthorityRule(order, table.words("names", LANGUAGES))


def _file(pack: Path, files: Table, key: str, name: str) -> Path:
    found = pack.parent / name
    if not found.is_file():
        raise files.refuse(key, f"no file {name}")
    return found
