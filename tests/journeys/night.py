"""A night that is half an hour long and takes a few minutes: the world's clock, and who lives by it.

Time passes for somebody as it does while they work (by what this process is given of the processor: a busy
machine is no slow world), and jumps where they would only wait: for a rate, a pause, the next look round.
Everybody has a time of their own, as workers on machines of their own have, and whoever is furthest behind is
next. So a channel that works off ten thousand messages holds up no other, and half an hour of waiting for 30
parts a second costs little. The engine is the real one, so are the sockets; one process plays all workers.
"""

import heapq
import itertools
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from alerts import fanout
from notifier import dispatch, recovering, sending, slices
from trust import clock

IDLE_S = 1.0  # how soon somebody who found nothing to do looks again
Act = Callable[[], bool]


class WorldClock:
    """Stands in for the module `time` in the engine, and for the database's clock everywhere."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dawn, self.ahead_s = clock.now(), 0.0
        self.ahead_s = -self.reading()
        self.alarms: list[tuple[float, Callable[[], object]]] = []
        monkeypatch.setattr(clock, "now", self.now)
        for module in (dispatch, fanout, recovering, sending, slices):
            monkeypatch.setattr(module, "time", self)

    def now(self) -> datetime:
        """As trust.clock.now, in the world's time."""
        return self.dawn + timedelta(seconds=self.reading())

    def reading(self) -> float:
        """Seconds of the world's time, for whoever lives beside the engine (the gateways)."""
        return time.process_time() + self.ahead_s

    def monotonic(self) -> float:
        """As time.monotonic, in the world's time; what is to happen by then happens in this very moment."""
        if self.alarms and self.reading() >= self.alarms[0][0]:
            _, act = self.alarms.pop(0)
            now = self.reading()
            act()  # somebody else, elsewhere: whoever is interrupted goes on at the same moment
            self.go_to(now)
        return self.reading()

    def sleep(self, seconds: float) -> None:
        """As time.sleep, at once."""
        self.ahead_s += seconds

    def go_to(self, at: float) -> None:
        self.ahead_s += at - self.reading()

    def at(self, when: float, act: Callable[[], object]) -> None:
        """Have somebody act at a moment, whatever goes on: in the midst of a slice, most likely."""
        self.alarms.append((when, act))
        self.alarms.sort(key=lambda alarm: alarm[0])


class World:
    """Those who live by the clock: each acts, says if there is more to do now, and acts again."""

    def __init__(self, world_clock: WorldClock) -> None:
        self.clock = world_clock
        self.order = itertools.count()
        self.next: list[tuple[float, int, Act]] = []

    def enter(self, *acts: Act) -> None:
        for act in acts:
            heapq.heappush(self.next, (self.clock.reading(), next(self.order), act))

    def live(self, until: float, *, unless: Callable[[], bool] = lambda: False) -> float:
        """Let everybody live until then, or `unless`, asked every ten seconds; return the time it is."""
        look_at = self.next[0][0]
        while self.next[0][0] < until:
            at, _, act = heapq.heappop(self.next)
            if at >= look_at:
                look_at = at + 10
                if unless():
                    heapq.heappush(self.next, (at, next(self.order), act))
                    break
            self.clock.go_to(at)
            again = act()
            now = self.clock.reading()
            heapq.heappush(self.next, (now if again else now + IDLE_S, next(self.order), act))
        self.clock.go_to(self.next[0][0])
        return self.clock.reading()
