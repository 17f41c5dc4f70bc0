"""Read the words of a tip: what they tell of, danger, place, hour, plates, links, numbers. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from geo.gazetteer import Gazetteer
from tips.triage.model import Read


def read(words: str, *, written_at: datetime, zone: ZoneInfo, gazetteer: Gazetteer | None = None) -> Read:
    """Return what the words say; relative hours count from written_at, clock hours are those of the zone."""
    return Read(is_empty=not words.strip())
