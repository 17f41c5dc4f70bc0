"""Could the child be there by then: distance on the ellipsoid, time, and the errors of both. Pure.

A "no" is said only where even the fastest way, the shortest distance and the longest time that the errors
leave do not do. Straight lines are shorter than roads, so that a "no" is safer than a "yes".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from geo.geodesic import distance_m
from tips.triage.model import Spot

Answer = Literal["yes", "by_vehicle", "no", "unknown"]
# The most in a straight line, km/h, that a transport of cases/vocabulary.toml comes to over some minutes.
SPEEDS: Mapping[str, float] = {
    # Comfortable gait 4.6-5.3, fastest gait of adults 6.3-9.1 km/h (Bohannon, Age and Ageing 26, 1997).
    # Judgement: 8 for a child in a hurry, who does not run for long.
    "on_foot": 8.0,
    # Judgement, all below: what traffic, roads and stops leave of the speed that is allowed.
    "bicycle": 20.0, "cart": 12.0, "tuktuk": 40.0, "motorbike": 80.0, "tram": 35.0, "metro": 60.0,
    "bus": 90.0, "minibus": 100.0, "truck": 90.0, "car": 110.0, "taxi": 110.0, "shared_taxi": 110.0,
    "hitchhiking": 110.0, "boat": 40.0,
    "train": 320.0,  # Al Boraq, Tangier to Kenitra (ONCF); others are slower
    "plane": 850.0,
}  # fmt: skip
_VEHICLE = "car"  # what is asked where nobody says how the child moves
_KM = 1000.0


@dataclass(frozen=True)
class Reached:
    """Hold the answer with what it rests on: metres and minutes as told, and the transport it was asked of.

    "by_vehicle": not on foot, and by car. Of a spot at an earlier hour than the other, minutes are negative.
    """

    answer: Answer
    distance_m: float
    minutes: float | None
    transport: str


def reached(spot: Spot, known: Spot, transport: str = "") -> Reached:
    """Say whether a child at `known` can be at `spot`; "unknown" where either hour is."""
    apart_m = distance_m(known.point, spot.point)
    how = transport if transport in SPEEDS else ""
    if spot.at is None or known.at is None:
        return Reached("unknown", apart_m, None, how or "on_foot")
    minutes = (spot.at - known.at).total_seconds() / 60
    least_m = max(0.0, apart_m - spot.error_m - known.error_m)
    longest_min = abs(minutes) + spot.error_min + known.error_min
    if how:
        return Reached("yes" if _can(how, least_m, longest_min) else "no", apart_m, minutes, how)
    if _can("on_foot", least_m, longest_min):
        return Reached("yes", apart_m, minutes, "on_foot")
    if _can(_VEHICLE, least_m, longest_min):
        return Reached("by_vehicle", apart_m, minutes, "on_foot")
    return Reached("no", apart_m, minutes, _VEHICLE)


def _can(transport: str, metres: float, minutes: float) -> bool:
    return metres <= SPEEDS[transport] * _KM / 60 * minutes
