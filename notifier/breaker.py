"""When an account is left alone, and how it is tried again: a circuit breaker over facts in a row. Pure.

Closed: everybody may use it. Open: nobody, until `paused_until`. Half-open, after so many failures in a row:
one worker sends one message, and all go on once that was taken.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OPENS_AT = 3  # failures in a row, each within WINDOW_S of the one before
WINDOW_S = 120.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
DOUBTFUL_PAUSE_S = 2.0  # when a single message was refused: one bad number must not silence a gateway
MEMORY = 0.8  # of the earlier share of success, when a slice tells another


class Phase(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a row says of an account's failures."""

    failures: int = 0
    failed_at: datetime | None = None
    paused_until: datetime | None = None


def phase(trouble: Trouble, at: datetime) -> Phase:
    if trouble.paused_until and trouble.paused_until > at:
        return Phase.OPEN
    return Phase.HALF_OPEN if trouble.failures >= OPENS_AT else Phase.CLOSED


def failures_with(trouble: Trouble, at: datetime) -> int:
    """Failures in a row counting one at `at`; what lies further back than the window is forgotten.

    The window opens when the pause is over: a long pause is no recovery.
    """
    last = max(filter(None, (trouble.failed_at, trouble.paused_until)), default=None)
    recent = last is not None and at - last <= timedelta(seconds=WINDOW_S)
    return min((trouble.failures if recent else 0) + 1, 1000)


def backoff_s(failures: int, *, longest_s: float = LONGEST_PAUSE_S) -> float:
    """Seconds to wait after so many failures in a row: doubling, the half of it by chance."""
    full: float = min(FIRST_PAUSE_S * 2 ** min(failures, 16), longest_s)
    return full * random.uniform(0.5, 1.0)  # noqa: S311  spreads retries, guards nothing


def success_with(success: float, taken: int, asked: int) -> float:
    """The share of recent success, with one more slice of which so many were taken."""
    return success if not asked else MEMORY * success + (1 - MEMORY) * taken / asked


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several gateways of a channel. left: the share of its rate that is free now, 0 to 1."""

    alias: str
    success: float = 1.0
    left: float = 1.0

    @property
    def weight(self) -> float:
        """Success counts twice; a spent rate halves. In tenths, so that trifles do not change gateways."""
        return round(self.success**2 * (1 + max(0.0, min(1.0, self.left))) / 2, 1)


def best(candidates: list[Candidate]) -> Candidate | None:
    """The heaviest; among equals the first, as the settings have them."""
    return max(candidates, key=lambda candidate: candidate.weight, default=None)
