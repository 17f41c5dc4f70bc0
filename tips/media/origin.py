"""What a photo or a video says of its own making, set against what its sender says. Pure.

A file's word is a hint, never a proof: anybody can write it, and WhatsApp and Facebook take it out of
whatever they carry. So that nothing is told is normal, and only what is told and does not fit becomes a
reason to ask.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from geo.geodesic import distance_m
from geo.points import Point

# Clocks of telephones are set by the network; cameras by hand. A day also covers a lost time zone.
CLOCK_OFF = timedelta(minutes=10)
ZONE_UNKNOWN = timedelta(hours=14)
FAR_M = 2_000.0
NEVER_SET = datetime(
    2001, 1, 1, tzinfo=UTC
)  # QuickTime counts from 1904, telephones without a clock from 1970
EDITORS = re.compile(
    r"photoshop|lightroom|gimp|canva|snapseed|picsart|capcut|kinemaster|inshot|premiere|final cut|davinci|"
    r"vegas|filmora|handbrake|faceapp|midjourney|stable diffusion|dall|firefly|sora",
    re.IGNORECASE,
)
ISO_6709 = re.compile(r"([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)")
TIMES = ("com.apple.quicktime.creationdate", "creation_time", "date")
PLACES = ("com.apple.quicktime.location.iso6709", "location", "location-eng", "©xyz", "xyz")
MAKERS = ("com.apple.quicktime.make", "com.android.manufacturer", "make")
MODELS = ("com.apple.quicktime.model", "com.android.model", "model")
PROGRAMS = ("com.apple.quicktime.software", "software", "encoder", "comment", "major_brand")


class Doubt(StrEnum):
    """What does not fit, or is not told."""

    NO_METADATA = "no_metadata"  # normal for what a messenger carried
    TAKEN_BEFORE = "taken_before"
    TAKEN_AFTER = "taken_after"
    TAKEN_ELSEWHERE_KM = "taken_elsewhere_km"
    EDITED_BY = "edited_by"
    CLOCK_NEVER_SET = "clock_never_set"


@dataclass(frozen=True, slots=True)
class Origin:
    """Hold what a file says of itself; None and "" where it says nothing.

    has_zone: the time of a photo is the camera's own, in no zone unless it says so; it is then kept as if
    UTC.
    """

    taken_at: datetime | None = None
    has_zone: bool = False
    place: Point | None = None
    device: str = ""
    program: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold what the sender says: no earlier than, no later than, where."""

    earliest_at: datetime | None = None
    latest_at: datetime | None = None
    place: Point | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Hold a doubt and its figure: hours before or after, kilometres away, the program's name."""

    doubt: Doubt
    value: str = ""


def of_video(told: Mapping[str, str]) -> Origin:
    """Return what a container's metadata say (Video.told)."""
    said = {key.lower(): value for key, value in told.items()}
    taken_at, has_zone = _time(_first(said, TIMES))
    program = next((said[key] for key in PROGRAMS if EDITORS.search(said.get(key, ""))), "")
    return Origin(taken_at, has_zone, _iso_6709(_first(said, PLACES)), _device(said, MAKERS, MODELS), program)


def of_photo(told: Mapping[str, str]) -> Origin:
    """Return what EXIF says: taken, zone, latitude, longitude (decimal degrees), make, model, software."""
    taken_at, has_zone = _time(told.get("taken", "") + told.get("zone", ""))
    place = _point(told.get("latitude", ""), told.get("longitude", ""))
    software = told.get("software", "")
    edited = software if EDITORS.search(software) else ""
    return Origin(taken_at, has_zone, place, _device(told, ("make",), ("model",)), edited)


def contradictions(origin: Origin, claim: Claim) -> list[Contradiction]:
    """Return what speaks against the claim, the weightiest first; empty where all fits."""
    if origin == Origin():
        return [Contradiction(Doubt.NO_METADATA)]
    return [*_of_time(origin, claim), *_of_place(origin, claim), *_of_editing(origin)]


def _of_time(origin: Origin, claim: Claim) -> list[Contradiction]:
    taken_at = origin.taken_at
    if taken_at is None:
        return []
    if taken_at < NEVER_SET:
        return [Contradiction(Doubt.CLOCK_NEVER_SET)]
    off = CLOCK_OFF if origin.has_zone else ZONE_UNKNOWN
    if claim.earliest_at and taken_at < claim.earliest_at - off:
        return [Contradiction(Doubt.TAKEN_BEFORE, _hours(claim.earliest_at - taken_at))]
    if claim.latest_at and taken_at > claim.latest_at + off:
        return [Contradiction(Doubt.TAKEN_AFTER, _hours(taken_at - claim.latest_at))]
    return []


def _of_place(origin: Origin, claim: Claim) -> list[Contradiction]:
    if origin.place is None or claim.place is None:
        return []
    away_m = distance_m(origin.place, claim.place)
    return [Contradiction(Doubt.TAKEN_ELSEWHERE_KM, f"{away_m / 1000:.1f}")] if away_m > FAR_M else []


def _of_editing(origin: Origin) -> list[Contradiction]:
    return [Contradiction(Doubt.EDITED_BY, origin.program)] if origin.program else []


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.0f}"


def _first(said: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((said[key] for key in keys if said.get(key)), "")


def _device(said: Mapping[str, str], makers: tuple[str, ...], models: tuple[str, ...]) -> str:
    maker, model = _first(said, makers).strip(), _first(said, models).strip()
    return model if maker and model.startswith(maker) else f"{maker} {model}".strip()


def _time(said: str) -> tuple[datetime | None, bool]:
    """Return a time of ISO 8601 or of EXIF (2026:11:22 09:10:00) in UTC, and whether it named its zone."""
    text = re.sub(r"^(\d{4}):(\d\d):(\d\d) ", r"\1-\2-\3T", said.strip())
    try:
        moment = datetime.fromisoformat(text)
        named = moment.tzinfo is not None
        return (moment if named else moment.replace(tzinfo=UTC)).astimezone(UTC), named
    except (ValueError, OverflowError):
        return None, False


def _iso_6709(said: str) -> Point | None:
    """Return the place of "+33.5731-007.5898+012.000/" (ISO 6709, Annex H)."""
    found = ISO_6709.match(said)
    return _point(found[1], found[2]) if found else None


def _point(latitude: str, longitude: str) -> Point | None:
    try:
        lat, lon = float(latitude), float(longitude)
    except ValueError:
        return None
    is_place = -90 <= lat <= 90 and -180 <= lon <= 180 and (lat, lon) != (0.0, 0.0)
    return Point(lat, lon) if is_place else None
