"""What a sending takes at the agreed rates: who falls over to which channel, what it costs, how long. Pure.

Each channel works by itself, the nearest ring first; the last phone is that of the slowest channel. Whom a
provider's day has no room for is told by their next channel, with those of their ring there. The engine's own
order is followed, so what is foretold here is what it does: notifier.rates counts, notifier.fallback moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal


@dataclass(frozen=True)
class Load:
    """Hold what one channel must send to one ring: `units` are what the gateway counts, parts of an SMS."""

    channel: str
    ring: int
    units: float


@dataclass(frozen=True)
class Group:
    """Hold people who are told alike; `then` is the channel that is next for them, empty: there is none."""

    channel: str
    ring: int
    language: str
    people: int
    then: str = ""


@dataclass(frozen=True)
class Terms:
    """Hold what the gateways of one channel agreed to, together.

    per_second: units, None is no limit. people_left: whom they may still reach today, None is no limit.
    parts and prices: of one message, by language; without a number it is one part, without a price unknown.
    """

    per_second: float | None = None
    people_left: int | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    prices: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Fall:
    """Hold how many people one channel's day has no room for; `then` tells them, empty: nobody does."""

    channel: str
    then: str
    people: int


@dataclass(frozen=True)
class Plan:
    """Hold who is told by what in the end, and the terms under which."""

    told: tuple[Group, ...]
    falls: tuple[Fall, ...]
    terms: Mapping[str, Terms]

    def people(self, channel: str) -> int:
        return sum(group.people for group in self.told if group.channel == channel)

    def loads(self, channel: str | None = None) -> list[Load]:
        """Return what each group is to its gateway, of one channel or of all."""
        return [
            Load(group.channel, group.ring, group.people * self._terms(group).parts.get(group.language, 1))
            for group in self.told
            if channel in (None, group.channel)
        ]

    def seconds(self, channel: str | None = None, *, last_ring: int | None = None) -> float | None:
        """Return the seconds until the last of the rings up to last_ring was told; None without any rate."""
        rates = {name: terms.per_second for name, terms in self.terms.items() if terms.per_second}
        loads = self.loads(channel)
        if not any(load.channel in rates for load in loads):
            return None
        return seconds(loads, rates, last_ring=last_ring)

    def cost(self, channel: str | None = None) -> Decimal | None:
        """Return what the people told cost, each in their language; None where no price is known."""
        priced = [
            price * group.people
            for group in self.told
            if channel in (None, group.channel)
            and (price := self._terms(group).prices.get(group.language)) is not None
        ]
        return sum(priced, Decimal(0)) if priced else None

    def untold_after(self, lasts_s: float) -> int:
        """Return how many people are not yet told when so many seconds have passed, and it ends."""
        return sum(self._late(channel, lasts_s) for channel in {group.channel for group in self.told})

    def _late(self, channel: str, lasts_s: float) -> int:
        rate = self.terms.get(channel, Terms()).per_second
        room = float("inf") if not rate else rate * lasts_s
        late = 0
        for group in sorted((one for one in self.told if one.channel == channel), key=lambda one: one.ring):
            parts = self._terms(group).parts.get(group.language, 1)
            in_time = group.people if room == float("inf") else min(group.people, int(room // parts))
            room = room - in_time * parts if in_time == group.people else 0  # nobody overtakes
            late += group.people - in_time
        return late

    def _terms(self, group: Group) -> Terms:
        return self.terms.get(group.channel, Terms())


def plan(groups: Iterable[Group], terms: Mapping[str, Terms]) -> Plan:
    """Return who is told by what: the nearest first, and beyond a day's people by their next channel.

    Nobody falls twice: whom the next channel has no room for either is told by none.
    """
    left = {name: agreed.people_left for name, agreed in terms.items() if agreed.people_left is not None}
    told: Counter[Group] = Counter()
    falls: Counter[tuple[str, str]] = Counter()
    waiting = sorted(groups, key=lambda group: group.ring)
    while waiting:
        beyond: list[Group] = []
        for group in waiting:
            here = min(group.people, max(0, left.get(group.channel, group.people)))
            if group.channel in left:
                left[group.channel] -= here
            told[replace(group, people=0, then="")] += here
            if group.people > here:
                falls[group.channel, group.then] += group.people - here
                beyond.append(replace(group, channel=group.then, people=group.people - here, then=""))
        waiting = [group for group in beyond if group.channel]
    return Plan(
        told=tuple(replace(group, people=people) for group, people in told.items() if people),
        falls=tuple(Fall(channel, then, people) for (channel, then), people in sorted(falls.items())),
        terms=terms,
    )


def seconds(
    loads: Iterable[Load], per_second: Mapping[str, float | None], *, last_ring: int | None = None
) -> float:
    """Return the seconds until the last one of the rings up to last_ring (all of them) has left.

    per_second: units a second by channel; None or a missing one is no limit.
    """
    counted: dict[str, float] = {}
    for load in loads:
        if last_ring is None or load.ring <= last_ring:
            counted[load.channel] = counted.get(load.channel, 0.0) + load.units
    times = (units / rate for channel, units in counted.items() if (rate := per_second.get(channel)))
    return max(times, default=0.0)
