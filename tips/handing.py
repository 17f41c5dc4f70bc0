"""A tip goes to the unit it concerns; its clock stops only when somebody there says that they have it."""

from __future__ import annotations

from tips.models import Tip
from trust.models import Officer, Unit


def hand_over(tip: Tip, officer: Officer, to: Unit | str, reason: str) -> None:
    """Hand the tip to a unit here, or to one outside by its name. Raise TipRefused."""
    raise NotImplementedError


def acknowledge(tip: Tip, officer: Officer, *, said_by: str = "") -> None:
    """Say that the unit has it; said_by: who said so, where the unit has no desk here. Raise TipRefused."""
    raise NotImplementedError


def send_back(tip: Tip, officer: Officer, reason: str) -> None:
    """Return the tip to where it came from, with the words of why. Raise TipRefused."""
    raise NotImplementedError
