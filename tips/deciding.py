"""A tip is closed with a reason: by one officer, or by two where it speaks of danger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from alerts.models import Alert
from tips.models import Tip
from trust.models import Decision, Officer

ACT = "tip.close"
REASONS: Mapping[str, Mapping[str, Promise]] = {}  # {state: {code: words}}


@dataclass(frozen=True)
class Closed:
    """Hold what became of a cluster: closed at once, waiting for a second reader, left as they were."""

    closed: tuple[Tip, ...]
    waiting: tuple[Tip, ...]
    left: tuple[tuple[Tip, str], ...]  # each with the code of its refusal


def close(tip: Tip, officer: Officer, state: str, reason: str, *, words: str = "") -> Decision | None:
    """Close the tip, or ask a second reader where its danger asks for one (then return the question)."""
    raise NotImplementedError


def close_all(tips: Iterable[Tip], officer: Officer, state: str, reason: str, *, words: str = "") -> Closed:
    """Close each of a cluster, each on its own in the log."""
    raise NotImplementedError


def pending(tip: Tip) -> Decision | None:
    """Return the question a second reader has not answered yet."""
    raise NotImplementedError


def waiting(officer: Officer, at: datetime) -> list[Tip]:
    """Return the tips on which this officer could be the second reader now, the longest waiting first."""
    raise NotImplementedError


def second(tip: Tip, officer: Officer, agree: bool, reason: str = "") -> None:  # noqa: FBT001  the contract
    """Answer as the second reader: agreed, the tip is closed; else it stays seen, with the words of why."""
    raise NotImplementedError


def refute(tip: Tip, officer: Officer, state: str, reason: str, *, words: str = "") -> Alert:
    """Draft a statement with the tip's evidence and close the tip."""
    raise NotImplementedError
