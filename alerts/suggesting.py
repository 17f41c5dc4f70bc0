"""Where a first area may lie: how far a child on foot can be by now. Pure.

A rule of thumb that the page shows with its numbers, for an officer to change: a child in a vehicle is
further away, and the places a family can name come before any circle.
"""

from __future__ import annotations

from datetime import datetime
from math import ceil

ON_FOOT_KMH = 4
LEAST_KM, MOST_KM = 5, 100


def radius_km(seen_at: datetime | None, at: datetime) -> int:
    """Return whole kilometres: on foot without a rest since the child was last seen, within the bounds."""
    hours = (at - seen_at).total_seconds() / 3600 if seen_at else 0.0
    return min(MOST_KM, max(LEAST_KM, ceil(hours * ON_FOOT_KMH)))
