"""An officer writes to whoever told us, by the door the tip came through, without learning who it is."""

from __future__ import annotations

from tips.models import Tip
from trust.models import Officer


def reply(tip: Tip, officer: Officer, words: str, *, asks: bool = False) -> None:
    """Write to the witness; asks: an answer is waited for. Raise TipRefused."""
    raise NotImplementedError


def answered(tip: Tip) -> None:
    """Note that the witness wrote again: the tip waits for a person, not for them."""
    raise NotImplementedError
