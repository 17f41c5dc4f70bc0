"""How many would be told, before anybody is: the same queries that target, counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from alerts.channels import is_direct, is_known
from alerts.fanout import rings
from alerts.forecast import Group
from alerts.models import Version
from alerts.targeting import Query, Ring
from cases.sheet import channel_name
from notifier import registry

# A person in two rings is told with the nearer one; who has several of the channels, on the first.
_FIRST = """
SELECT way, ring, language, following, COUNT(*) FROM (
  SELECT way, ring, language, {following} AS following FROM (
    SELECT subscription_id, MIN(way) AS way, MIN(ring) AS ring, MIN(language) AS language FROM ({parts}) parts
    GROUP BY subscription_id
  ) people
) told GROUP BY way, ring, language, following ORDER BY way, ring, language, following
"""
# The next of a person's own channels, in their order, as notifier.falling takes it; asked where a day may be
# full, for it is a look at the addresses of each.
_NEXT = """CASE WHEN way IN ({limited}) THEN COALESCE((
    SELECT a.channel FROM alerts_address a
    WHERE a.subscription_id = people.subscription_id AND a.confirmed_at IS NOT NULL
    AND a.channel IN ({channels}) AND NOT ({same})
    ORDER BY a.position, a.id LIMIT 1), '') ELSE '' END"""


@dataclass(frozen=True)
class Reach:
    """Hold what one channel would do: so many people, or one post for everyone (None).

    `groups`: people by the ring in which they are told, their language and the channel that is next for them.
    """

    channel: str
    people: int | None
    code: str = ""
    groups: tuple[Group, ...] = ()


def reach(
    version: Version, found: Sequence[Ring] | None = None, *, limited: Collection[str] = ()
) -> list[Reach]:
    """Return people by channel, each on the first channel of the version that they have (one query).

    found: rings(version). limited: the channels for whose people the next one is asked too.
    """
    held = rings(version) if found is None else found
    direct = [channel for channel in version.channels if is_direct(channel)]
    groups = _count(held, direct, [channel for channel in direct if channel in limited])
    return [_reach(channel, groups) for channel in version.channels if is_known(channel)]


def people_by_ring(told: Iterable[Reach]) -> dict[int, int]:
    """Return how many different people are told in each ring, by whatever channel."""
    people: dict[int, int] = {}
    for line in told:
        for group in line.groups:
            people[group.ring] = people.get(group.ring, 0) + group.people
    return dict(sorted(people.items()))


def _reach(channel: str, groups: Iterable[Group]) -> Reach:
    if not is_direct(channel):
        return Reach(channel_name(channel), None, channel)
    own = tuple(group for group in groups if group.channel == channel)
    return Reach(channel_name(channel), sum(group.people for group in own), channel, own)


def _count(found: Sequence[Ring], channels: Sequence[str], limited: Sequence[str]) -> list[Group]:
    ways = [(way, ring.number, *ring.people(name)) for way, name in enumerate(channels) for ring in found]
    if not ways:
        return []
    parts = " UNION ALL ".join(
        f"SELECT subscription_id, language, {way} AS way, {number} AS ring FROM ({sql}) q{n}"  # noqa: S608  constants
        for n, (way, number, sql, _params) in enumerate(ways)
    )
    following, named = _following(channels, limited)
    params: list[Any] = [*named, *(param for _way, _number, _sql, given in ways for param in given)]
    with connection.cursor() as cursor:
        cursor.execute(_FIRST.format(parts=parts, following=following), params)
        return [
            Group(channels[way], ring, language, people, then or _declared(channels[way], channels, limited))
            for way, ring, language, then, people in cursor.fetchall()
        ]


def _following(channels: Sequence[str], limited: Sequence[str]) -> Query:
    """Return the expression for a person's next channel, and its parameters."""
    if not limited:
        return "''", []
    places = [channels.index(name) for name in limited]
    same = " OR ".join(f"(way = {place} AND a.channel = %s)" for place in places)
    sql = _NEXT.format(
        limited=", ".join(map(str, places)), channels=", ".join(["%s"] * len(channels)), same=same
    )
    return sql, [*channels, *limited]


def _declared(channel: str, channels: Sequence[str], limited: Sequence[str]) -> str:
    """Return the channel the deployment declares for those who have no other way (notifier's falls_to)."""
    if channel not in limited:
        return ""
    return next((name for name in registry.declared_ways(channel) if name in channels), "")
