"""What the page of a tip shows to one officer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tips.desk import words
from tips.models import Tip
from trust import desk
from trust.models import Officer


def page(tip: Tip, officer: Officer, query: Mapping[str, str], now: datetime) -> dict[str, Any]:
    zone = desk.zone_of(officer)
    return {
        "title": tip.reference,
        "tip": tip,
        "received_at": desk.moment(tip.received_at, zone),
        "said_at": desk.moment(tip.said_at, zone),
        "door": words.door(tip.door),
        "language": words.spoken(tip.language),
        "forms": {},
    }
