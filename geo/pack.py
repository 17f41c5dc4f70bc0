"""A country pack: what differs by country, read from one TOML file with its sources beside each value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from geo.gazetteer import Gazetteer
from geo.outlines import Outlines
from geo.points import Point


class PackError(ValueError):
    """Name the file and the key that is missing or wrong."""


@dataclass(frozen=True)
class EmergencyNumber:
    number: str
    names: dict[str, str]


@dataclass(frozen=True)
class PackAgency:
    code: str
    names: dict[str, str]
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    code: str
    questions: dict[str, str]


@dataclass(frozen=True)
class AuthorityRule:
    """Say whether an outside authority (a prosecutor) must order an alert before it is signed."""

    required: bool
    names: dict[str, str]


@dataclass(frozen=True)
class CountryPack:
    """Hold one country's values; gazetteer and outlines are read from disk at first use."""

    code: str
    names: dict[str, str]
    languages: tuple[str, ...]
    time_zone: str
    phone_region: str
    emergency: tuple[EmergencyNumber, ...]
    tip_number: str
    agencies: tuple[PackAgency, ...]
    capital: Point
    radius_m: float
    widening_m: tuple[float, ...]
    criteria: tuple[Criterion, ...]
    authority: AuthorityRule
    retention_days: dict[str, int]
    sender_ids: dict[str, str]
    h3_resolution: int
    places_files: tuple[Path, ...]
    outlines_file: Path

    @cached_property
    def gazetteer(self) -> Gazetteer:
        raise NotImplementedError

    @cached_property
    def outlines(self) -> Outlines:
        raise NotImplementedError


def load(path: Path) -> CountryPack:
    """Return the pack; raise PackError naming file and key."""
    raise NotImplementedError
