"""The clocks of a tip: the first human look, the decision, the answer of whom it was handed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tips.models import Tip
from trust.models import Officer


@dataclass(frozen=True)
class Overdue:
    """Hold a tip past a limit: which clock ("look", "decide", "handed"), and since when."""

    tip: Tip
    clock: str
    since: datetime


def overdue(officer: Officer, now: datetime | None = None, *, most: int = 5) -> tuple[list[Overdue], int]:
    """Return the tips in the officer's scope past a limit, the longest first, and how many (two queries)."""
    return [], 0
