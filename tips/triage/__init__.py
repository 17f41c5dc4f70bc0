"""What a machine makes of a tip: it reads, it orders, it says why. It closes nothing. Pure."""

from tips.triage.model import (
    DANGER_LIMIT,
    Circumstances,
    PlaceSaid,
    Read,
    Reason,
    Scored,
    Spot,
    When,
)
from tips.triage.reading import read
from tips.triage.scoring import score, totals, with_witnesses

__all__ = [
    "DANGER_LIMIT", "Circumstances", "PlaceSaid", "Read", "Reason", "Scored", "Spot", "When", "read", "score",
    "totals", "with_witnesses",
]  # fmt: skip
