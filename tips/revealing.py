"""Who told us is read by one officer, for a reason, with another's leave, for a quarter of an hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from tips.models import Tip
from trust.models import Decision, Officer

ACT = "tip.reveal"
REASONS: Mapping[str, Promise] = {}


@dataclass(frozen=True)
class Address:
    """Hold where a tip came from, while it is open."""

    channel: str
    address: str
    until: datetime


def ask(tip: Tip, officer: Officer, reason: str, words: str = "") -> Decision:
    """Ask for the address; reason is a code of REASONS. Raise TipRefused."""
    raise NotImplementedError


def grant(decision: Decision, officer: Officer, *, factor_at: datetime | None) -> None:
    """Open the address to whoever asked. Raise TipRefused."""
    raise NotImplementedError


def refuse(decision: Decision, officer: Officer, words: str = "") -> None:
    """Leave it shut. Raise TipRefused."""
    raise NotImplementedError


def asked(tip: Tip, officer: Officer) -> Decision | None:
    """Return this officer's last question on the tip: open, granted and still standing, or refused."""
    raise NotImplementedError


def waiting(officer: Officer, at: datetime) -> list[tuple[Decision, Tip]]:
    """Return the questions this officer could answer now, the oldest first."""
    raise NotImplementedError


def address(tip: Tip, officer: Officer) -> Address:
    """Return the address to the officer to whom it is open; each call is in the log. Raise TipRefused."""
    raise NotImplementedError
