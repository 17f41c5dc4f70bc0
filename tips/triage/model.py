"""What is read out of a tip, what is known round it, and what comes of both. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geo.points import Point

DANGER_LIMIT = 60  # from here on nobody closes a tip alone
GUESSES = ("report", "sighting", "offence", "rumour", "threat", "")


@dataclass(frozen=True)
class Reason:
    """Hold one reason: its code (worded in tips.reasons), what it names, and its points (-100 … 100)."""

    code: str
    points: int = 0
    values: Mapping[str, Any] | None = None

    @property
    def as_json(self) -> list[Any]:
        """Return [code, {name: value}], the points among the values."""
        return [self.code, {**(self.values or {}), "points": self.points}]


@dataclass(frozen=True)
class PlaceSaid:
    """Hold a place the words name; the true spot lies within error_m of the point."""

    words: str
    point: Point
    error_m: float


@dataclass(frozen=True)
class When:
    """Hold the moment the words tell, and how many minutes it may be off either way."""

    at: datetime
    error_min: int
    words: str = ""


@dataclass(frozen=True)
class Read:
    """Hold what the words of one tip say. guess is one of GUESSES; danger reasons carry their points."""

    guess: str = ""
    why: tuple[Reason, ...] = ()  # of the guess
    danger: tuple[Reason, ...] = ()
    places: tuple[PlaceSaid, ...] = ()
    when: When | None = None
    plates: tuple[str, ...] = ()  # letters and digits alone, as they are compared
    links: tuple[str, ...] = ()  # as they are compared: without scheme, without what only follows readers
    phones: tuple[str, ...] = ()  # digits alone
    is_empty: bool = False


@dataclass(frozen=True)
class Spot:
    """Hold a place at an hour, each with its error; what is not known is None."""

    point: Point
    error_m: float = 0.0
    at: datetime | None = None
    error_min: float = 0.0


@dataclass(frozen=True)
class Circumstances:
    """Hold what is known round a tip. files: codes of attachments' facts ("old_footage", "exif_time", …)."""

    spot: Spot | None = None
    last_seen: Spot | None = None
    sightings: tuple[Spot, ...] = ()
    transport: str = ""  # of tips.triage.reach.SPEEDS; "": nobody says
    witnesses: int = 0  # others who, by themselves, tell of the same place and hour
    has_pin: bool = False
    media: tuple[str, ...] = ()  # kinds of what came along
    files: tuple[str, ...] = ()
    is_copy: bool = False  # passes on what an earlier tip holds
    names_alert: bool = False
    by_officer: bool = False
    is_empty: bool = False  # no words, no file
    lag_min: float | None = None  # from what was seen to its telling


@dataclass(frozen=True)
class Scored:
    """Hold the order of the queue (0-100), the danger apart (0-100), and every reason of both."""

    score: int
    danger: int
    reasons: tuple[Reason, ...]

    @property
    def as_json(self) -> list[list[Any]]:
        return [reason.as_json for reason in self.reasons]
