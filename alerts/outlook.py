"""What a sending would reach, cost and take, before anybody signs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from django.conf import settings
from django.utils.translation import gettext as _

from alerts import fanout, forecast
from alerts.channels import per_second
from alerts.forecast import Load
from alerts.models import Version
from alerts.preview import ChannelText, Column
from alerts.reach import Reach, people_by_ring, reach
from alerts.targeting import EDGES_M
from geo.geodesic import distance_m
from geo.shapes import Area

NEAR_RINGS = EDGES_M.index(5_000.0)  # the last ring of those within 5 km
TOWNS = frozenset({"city", "town", "village"})


@dataclass(frozen=True)
class RingLine:
    """Hold one ring; population: of the towns whose middle lies in it, None where none has a figure."""

    name: str
    people: int
    population: int | None


@dataclass(frozen=True)
class ChannelLine:
    """Hold what one channel does; people: None is one post for everyone; rate: a second, None no limit."""

    name: str
    people: int | None
    cost: Decimal | None
    rate: float | None
    minutes: int | None


@dataclass(frozen=True)
class Outlook:
    """Hold the whole; minutes are rounded up, None where no gateway has a limit."""

    people: int
    rings: tuple[RingLine, ...]
    channels: tuple[ChannelLine, ...]
    cost: Decimal | None
    minutes_near: int | None
    minutes_all: int | None


def outlook(version: Version, columns: Sequence[Column]) -> Outlook:
    """Return reach, cost and time (one query for the people)."""
    found = fanout.rings(version)
    told = reach(version, found)
    said = {(channel.code, column.code): channel for column in columns for channel in column.said}
    loads = [load for line in told for load in _loads(line, said)]
    rates = {line.code: per_second(line.code) for line in told if line.people is not None}
    people = people_by_ring(told)
    lines = tuple(_channel(line, said, loads, rates) for line in told)
    costs = [line.cost for line in lines if line.cost is not None]
    return Outlook(
        people=sum(people.values()),
        rings=tuple(_rings(version, people)),
        channels=lines,
        cost=sum(costs, Decimal(0)) if costs else None,
        minutes_near=_minutes(loads, rates, last_ring=NEAR_RINGS),
        minutes_all=_minutes(loads, rates),
    )


def ring_name(ring: int) -> str:
    """Return the distance a ring stands for; the last one holds those who follow a region."""
    if ring < len(EDGES_M):
        return _("up to %(km)s km") % {"km": f"{EDGES_M[ring] / 1000:g}"}
    return _("further away") if ring == len(EDGES_M) else _("followers of a region")


def _loads(line: Reach, said: Mapping[tuple[str, str], ChannelText]) -> Iterable[Load]:
    for ring, languages in line.by_ring.items():
        units = sum(count * _parts(said, line.code, language) for language, count in languages.items())
        yield Load(line.code, ring, units)


def _parts(said: Mapping[tuple[str, str], ChannelText], channel: str, language: str) -> int:
    text = said.get((channel, language))
    return text.parts if text else 1


def _channel(
    line: Reach,
    said: Mapping[tuple[str, str], ChannelText],
    loads: Sequence[Load],
    rates: Mapping[str, float | None],
) -> ChannelLine:
    rate = rates.get(line.code)
    own = [load for load in loads if load.channel == line.code]
    return ChannelLine(line.channel, line.people, _cost(line, said), rate, _minutes(own, rates))


def _cost(line: Reach, said: Mapping[tuple[str, str], ChannelText]) -> Decimal | None:
    """Return what all its people cost, each in their language; None where the deployment gave no price."""
    total, is_priced = Decimal(0), False
    for languages in line.by_ring.values():
        for language, count in languages.items():
            text = said.get((line.code, language))
            if text and text.price is not None:
                total, is_priced = total + text.price * count, True
    return total if is_priced else None


def _minutes(
    loads: Sequence[Load], rates: Mapping[str, float | None], *, last_ring: int | None = None
) -> int | None:
    if not any(rates.get(load.channel) for load in loads):
        return None
    return ceil(forecast.seconds(loads, rates, last_ring=last_ring) / 60)


def _rings(version: Version, people: Mapping[int, int]) -> Iterable[RingLine]:
    living = population_by_ring(version)
    for ring in sorted(people.keys() | living.keys()):
        yield RingLine(ring_name(ring), people.get(ring, 0), living.get(ring))


def population_by_ring(version: Version) -> dict[int, int]:
    """Return the people of the towns whose middle lies in the area, by ring; a town counts whole, once."""
    area = Area.from_json(version.area)
    origin = fanout.origin(version, area)
    found: dict[int, int] = {}
    for place in settings.COUNTRY.gazetteer.within(*area.bounds()):
        if place.population and place.kind in TOWNS and area.contains(place.point):
            away_m = distance_m(origin, place.point)
            ring = next((n for n, edge_m in enumerate(EDGES_M) if away_m <= edge_m), len(EDGES_M))
            found[ring] = found.get(ring, 0) + place.population
    return found
