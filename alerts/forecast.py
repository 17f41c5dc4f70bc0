"""How long a sending takes at the rates the gateways agreed to. Pure.

Each channel works by itself, the nearest ring first; the last phone is that of the slowest channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """Hold what one channel must send to one ring: `units` are what the gateway counts, parts of an SMS."""

    channel: str
    ring: int
    units: float


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
