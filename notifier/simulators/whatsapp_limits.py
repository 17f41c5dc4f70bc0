"""What a WhatsApp number may do: a pace, a pace to each person, and so many people in 24 hours.

Numbers after Meta's pages "Throughput" and "Messaging limits": 80 a second, one in 6 seconds to the same
person with a burst of 45 borrowed from later, 250 people outside their window in any 24 hours for a new
number.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from notifier.simulators.graph import GraphError

PER_SECOND, PAIR_S, PAIR_BURST = 80.0, 6.0, 45
PEOPLE_PER_DAY = 250
DAY_S = 24 * 3600.0
TOO_FAST, PAIR, DAY = 130429, 131056, 131048  # Meta names no code of its own for the day
DETAILS = {DAY: "The messaging limit of unique users in 24 hours is reached"}


class WhatsAppError(GraphError):
    """An error object with WhatsApp's details."""

    def __init__(self, code: int, subcode: int = 0, details: str = "") -> None:
        super().__init__(code, subcode)
        self.details = details or DETAILS.get(code, "simulated")


@dataclass(slots=True)
class Limits:
    """None lifts a limit. `now` is in seconds of any clock that only goes forward."""

    per_second: float | None = PER_SECOND
    pair_burst: int | None = PAIR_BURST
    people_per_day: int | None = PEOPLE_PER_DAY
    day_code: int = DAY
    now: Callable[[], float] = time.monotonic
    _left: float | None = None
    _at: float = 0.0
    _pairs: dict[str, tuple[float, float]] = field(default_factory=dict)
    _reached: dict[str, float] = field(default_factory=dict)
    _heard: dict[str, float] = field(default_factory=dict)

    def hear(self, person: str) -> None:
        """They wrote: for 24 hours they may be answered freely, and do not count."""
        self._heard[person] = self.now()

    def window_is_open(self, person: str) -> bool:
        """Whether they wrote within 24 hours."""
        return person in self._heard and self.now() - self._heard[person] < DAY_S

    def take(self, person: str) -> None:
        """Count one message. Raise WhatsAppError for the limit it would break, and count nothing."""
        now = self.now()
        pace = self._pace(now)
        if pace is not None and pace < 1:
            raise WhatsAppError(TOO_FAST)
        burst = self._burst(person, now)
        if burst is not None and burst < 1:
            raise WhatsAppError(PAIR)
        if self._is_new(person, now) and self.people_left(now) == 0:
            raise WhatsAppError(self.day_code, details=DETAILS[DAY])
        if pace is not None:
            self._left, self._at = pace - 1, now
        if burst is not None:
            self._pairs[person] = (burst - 1, now)
        if not self.window_is_open(person):
            self._reached.setdefault(person, now)

    def people_left(self, now: float | None = None) -> int | None:
        """How many more people may be reached in these 24 hours; None is no limit."""
        at = self.now() if now is None else now
        self._reached = {person: since for person, since in self._reached.items() if at - since < DAY_S}
        return None if self.people_per_day is None else max(0, self.people_per_day - len(self._reached))

    def _is_new(self, person: str, now: float) -> bool:
        since = self._reached.get(person)
        return not self.window_is_open(person) and (since is None or now - since >= DAY_S)

    def _pace(self, now: float) -> float | None:
        if self.per_second is None:
            return None
        if self._left is None:
            return self.per_second
        return min(self.per_second, self._left + (now - self._at) * self.per_second)

    def _burst(self, person: str, now: float) -> float | None:
        if self.pair_burst is None:
            return None
        left, at = self._pairs.get(person, (float(self.pair_burst), now))
        return min(float(self.pair_burst), left + (now - at) / PAIR_S)
