"""How a gateway misbehaves: a mode set from outside, magic addresses, and the rate of a contract."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from notifier.simulators.server import Answered, Asked

Mode = Literal["ok", "refuse", "later", "lose_answer", "hang", "close", "500", "denied"]
MODES: frozenset[str] = frozenset({"ok", "refuse", "later", "lose_answer", "hang", "close", "500", "denied"})


@dataclass(slots=True)
class Switch:
    """The mode of one gateway. `times` counts down to "ok"; None keeps the mode."""

    mode: str = "ok"
    times: int | None = None

    def set(self, mode: str, times: int | None = None) -> None:
        """Change the mode. Raise ValueError for one that does not exist."""
        if mode not in MODES:
            raise ValueError(mode)
        self.mode, self.times = mode, times

    def take(self) -> str:
        """The mode for this request."""
        mode = self.mode
        if self.times is not None and mode != "ok":
            self.times -= 1
            if self.times <= 0:
                self.mode, self.times = "ok", None
        return mode

    def control(self, asked: Asked) -> Answered:
        """`POST /_sim/mode` with mode and, when it should end by itself, times."""
        fields = asked.fields()
        try:
            self.set(fields.get("mode", ""), int(fields["times"]) if fields.get("times") else None)
        except ValueError:
            return Answered(400, f"modes: {' '.join(sorted(MODES))}".encode())
        return Answered(200, self.mode.encode())


@dataclass(slots=True)
class Meter:
    """A bucket of a second's worth: `allows(n)` is False above `per_second`; None is no limit.

    `now` is in seconds of any clock that only goes forward.
    """

    per_second: float | None = None
    _left: float = 0.0
    now: Callable[[], float] = time.monotonic
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._at = self.now()

    def allows(self, units: int = 1) -> bool:
        """Take units, or leave them."""
        if self.per_second is None:
            return True
        now = self.now()
        self._left = min(self.per_second, self._left + (now - self._at) * self.per_second)
        self._at = now
        if self._left < units:
            return False
        self._left -= units
        return True
