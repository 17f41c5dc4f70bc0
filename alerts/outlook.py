"""What a sending would reach, cost and take, before anybody signs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from alerts import fanout, forecast
from alerts.channels import is_direct
from alerts.forecast import Plan, Terms
from alerts.models import Alert, Version
from alerts.preview import Column
from alerts.reach import Reach, people_by_ring, reach
from alerts.targeting import EDGES_M
from cases.sheet import channel_name
from geo.geodesic import distance_m
from geo.shapes import Area
from notifier import gateways
from trust import clock, desk

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
    """Hold what one channel does in the end; people: None is one post for everyone.

    rate: units a second, None is no limit. people_left: whom it may still reach today, None is no limit.
    """

    name: str
    people: int | None
    cost: Decimal | None
    rate: float | None
    minutes: int | None
    people_left: int | None = None


@dataclass(frozen=True)
class FallLine:
    """Hold how many a channel's day has no room for; `then` tells them, empty: nobody does."""

    name: str
    then: str
    people: int


@dataclass(frozen=True)
class Outlook:
    """Hold the whole; seconds and minutes are None where no gateway has a limit.

    begins_at: when quiet hours end, empty where it goes at once. late: whom it does not reach before its end.
    """

    people: int
    rings: tuple[RingLine, ...]
    channels: tuple[ChannelLine, ...]
    cost: Decimal | None
    seconds_near: float | None
    seconds_all: float | None
    falls: tuple[FallLine, ...] = ()
    late: int = 0
    begins_at: str = ""

    @property
    def minutes_near(self) -> int | None:
        return _minutes(self.seconds_near)

    @property
    def minutes_all(self) -> int | None:
        return _minutes(self.seconds_all)


def outlook(version: Version, columns: Sequence[Column]) -> Outlook:
    """Return reach, cost and time (one query for the people, two for each channel that counts its day)."""
    terms = _terms(version, columns)
    limited = [channel for channel, agreed in terms.items() if agreed.people_left is not None]
    told = reach(version, fanout.rings(version), limited=limited)
    plan = forecast.plan((group for line in told for group in line.groups), terms)
    people = people_by_ring(told)
    return Outlook(
        people=sum(people.values()),
        rings=tuple(_rings(version, people)),
        channels=tuple(_channel(line, plan) for line in told),
        cost=plan.cost(),
        seconds_near=plan.seconds(last_ring=NEAR_RINGS),
        seconds_all=plan.seconds(),
        falls=tuple(
            FallLine(channel_name(fall.channel), _then(fall.then), fall.people) for fall in plan.falls
        ),
        late=plan.untold_after(version.duration_s),
        begins_at=_begins_at(version),
    )


def ring_name(ring: int) -> str:
    """Return the distance a ring stands for; the last one holds those who follow a region."""
    if ring < len(EDGES_M):
        return _("up to %(km)s km") % {"km": f"{EDGES_M[ring] / 1000:g}"}
    return _("further away") if ring == len(EDGES_M) else _("followers of a region")


def _terms(version: Version, columns: Sequence[Column]) -> dict[str, Terms]:
    """Return by channel what its gateways agreed to, and what a message is to them in each language."""
    said = {(channel.code, column.code): channel for column in columns for channel in column.said}
    exercise = version.alert.kind != Alert.Kind.ACTUAL
    return {
        channel: Terms(
            per_second=gateways.per_second(channel),
            people_left=gateways.people_left(channel, exercise=exercise),
            parts={code: text.parts for (name, code), text in said.items() if name == channel},
            prices={
                code: text.price
                for (name, code), text in said.items()
                if name == channel and text.price is not None
            },
        )
        for channel in version.channels
        if is_direct(channel)
    }


def _channel(line: Reach, plan: Plan) -> ChannelLine:
    if line.people is None:
        return ChannelLine(line.channel, None, None, None, None)
    terms = plan.terms[line.code]
    return ChannelLine(
        line.channel, plan.people(line.code), plan.cost(line.code), terms.per_second,
        _minutes(plan.seconds(line.code)), terms.people_left,
    )  # fmt: skip


def _then(channel: str) -> str:
    return channel_name(channel) if channel else ""


def _minutes(seconds: float | None) -> int | None:
    """Return whole minutes, rounded up."""
    return None if seconds is None else ceil(seconds / 60)


def _begins_at(version: Version) -> str:
    morning = fanout.morning(version, clock.now())
    return desk.moment(morning, ZoneInfo(version.alert.case.agency.time_zone)) if morning else ""


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
