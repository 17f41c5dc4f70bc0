"""What a communiqué counts, and how small counts are said so that nobody is recognised in them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

FEW = 5  # fewer are said as "a few": the usual least cell of public statistics
ROUNDED_TO = 10  # what holds a hidden part is rounded to tens, so that no difference gives it away


@dataclass(frozen=True)
class Scope:
    """Hold what is counted: an agency's work from begins until ends, or that on one alert.

    agency: the row trust keeps. zone: in which days and hours are said.
    """

    agency: Any
    begins: datetime
    ends: datetime
    zone: ZoneInfo
    alert: UUID | None = None
    case: UUID | None = None


@dataclass(frozen=True)
class Act:
    """Hold one public act of the force: a code of the language files, and when."""

    code: str
    at: datetime


@dataclass(frozen=True)
class TipFigures:
    """Hold what the public told: how many by door, by hour of the day (0-23), by what became of them.

    looked_s: within how many seconds half of them were read by a person, None where too few were.
    """

    by_door: Mapping[str, int] = field(default_factory=dict)
    by_hour: Mapping[int, int] = field(default_factory=dict)
    by_state: Mapping[str, int] = field(default_factory=dict)
    looked_s: int | None = None

    @property
    def total(self) -> int:
        return sum(self.by_door.values())


@dataclass(frozen=True)
class Figures:
    """Hold all that a communiqué tells; ended: alerts by how they ended."""

    scope: Scope
    alerts: int = 0
    ended: Mapping[str, int] = field(default_factory=dict)
    people: int = 0
    tips: TipFigures = TipFigures()
    sightings: int = 0
    checks: int = 0
    statements: int = 0
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class Count:
    """Hold a number as it may be said: none, a few, about so many, or exactly so many."""

    how: str
    number: int = 0


def count(number: int, *, about: bool = False) -> Count:
    """Return how the number may be said. about: a part of it is hidden."""
    if number == 0:
        return Count("none")
    if number < FEW:
        return Count("few")
    if about:
        return Count("about", max(ROUNDED_TO, round(number / ROUNDED_TO) * ROUNDED_TO))
    return Count("exactly", number)


def parts(told: Mapping[str, int]) -> tuple[list[tuple[str, int]], bool]:
    """Return (the parts large enough to be named, the largest first; whether smaller ones are left out)."""
    named = sorted((item for item in told.items() if item[1] >= FEW), key=lambda item: (-item[1], item[0]))
    return named, any(0 < number < FEW for number in told.values())


def peak(by_hour: Mapping[int, int]) -> int | None:
    """Return the hour in which most was told, None where even that one had few, or two had as many."""
    most = max(by_hour.values(), default=0)
    hours = [hour for hour, number in by_hour.items() if number == most]
    return hours[0] if most >= FEW and len(hours) == 1 else None
