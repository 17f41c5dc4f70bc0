"""A decided tip is opened again: by a tip like it, or by an officer who thinks better of it."""

from __future__ import annotations

from tips.models import Tip
from trust.models import Officer


def reopen(tip: Tip, *, because: Tip | None = None, officer: Officer | None = None, words: str = "") -> bool:
    """Put a closed tip back to seen and tell who closed it; return whether this call did."""
    raise NotImplementedError
