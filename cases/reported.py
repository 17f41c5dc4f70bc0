"""What a report says, before it is a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from geo.points import Point
from trust.models import Officer, Unit


@dataclass(frozen=True)
class ReportedPhoto:
    """Hold a photo as it came and its clean copy (cases.media.decode makes it)."""

    original: bytes
    clean: bytes
    width: int
    height: int
    taken_on: date | None = None


@dataclass(frozen=True)
class ReportedVoice:
    """Hold a voice note as it came and its clean copy; field: what it answers (see VoiceNote)."""

    field: str
    original: bytes
    clean: bytes
    seconds: float


@dataclass(frozen=True)
class ReportedChild:
    """Hold who is missing; facts are {document field: value} of cases.fields."""

    given_name: str
    family_name: str = ""
    name_latin: str = ""
    name_arabic: str = ""
    birth_date: date | None = None
    age_years: int | None = None
    age_months: int | None = None
    sex: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    photos: tuple[ReportedPhoto, ...] = ()


@dataclass(frozen=True)
class ReportedPlace:
    """Hold a place as said; source: tapped, gazetteer, geocoder (chosen), or "" for words alone."""

    words: str
    kind: str = ""
    point: Point | None = None
    error_m: int | None = None
    source: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)  # see models.Place.details


@dataclass(frozen=True)
class Reporter:
    """Hold who reports; the first minute knows a phone alone."""

    name: str = ""
    phone: str = ""
    relation: str = ""
    email: str = ""
    document: str = ""  # identity as given: kind and number of a paper


@dataclass(frozen=True)
class ConsentGiven:
    """Hold what was allowed and the exact words that were shown; no fields: it was refused."""

    fields: tuple[str, ...]
    channels: tuple[str, ...]
    text: str
    text_version: str
    language: str
    how: str = "typed"
    authority: str = ""
    until: datetime | None = None
    given_at: datetime | None = None  # where it was said or signed before it was typed in
    heard_by: Officer | None = None
    witness: str = ""


@dataclass(frozen=True)
class Report:
    """Hold all that a report says. submission: a random token of the form, so that sending twice is once."""

    language: str
    children: tuple[ReportedChild, ...]
    last_seen_at: datetime
    last_seen: ReportedPlace
    reporter: Reporter
    places: tuple[ReportedPlace, ...] = ()
    consent: ConsentGiven | None = None
    submission: str = ""
    category: str = "unknown"
    circumstances: str = ""
    filed_by: Officer | None = None
    reported_at: datetime | None = None
    filed_how: str = "web"
    voices: tuple[ReportedVoice, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)  # of the case: {document field: value}
    doubts: tuple[str, ...] = ()  # codes of cases.doubts
    unit: Unit | None = None  # whose desk takes it; None: by the region of the place
