"""How many would be told, before anybody is: the same queries that target, counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from alerts.channels import is_direct
from alerts.fanout import rings
from alerts.models import Version
from alerts.targeting import Ring
from cases.sheet import channel_name

# A person in two rings is told with the nearer one; who has several of the channels, on the first.
_FIRST = """
SELECT way, ring, language, COUNT(*) FROM (
  SELECT subscription_id, MIN(way) AS way, MIN(ring) AS ring, MIN(language) AS language FROM ({parts}) parts
  GROUP BY subscription_id
) told GROUP BY way, ring, language
"""


@dataclass(frozen=True)
class Reach:
    """Hold what one channel would do: so many people, or one post for everyone (None).

    `by_ring`: people by the ring in which they are told, and by their language.
    """

    channel: str
    people: int | None
    code: str = ""
    by_ring: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


def reach(version: Version, found: Sequence[Ring] | None = None) -> list[Reach]:
    """Return people by channel, each on the first channel of the version that they have (one query).

    found: rings(version).
    """
    held = rings(version) if found is None else found
    counted = _count(held, [channel for channel in version.channels if is_direct(channel)])
    return [_channel(channel, counted.get(channel, {})) for channel in version.channels]


def people_by_ring(told: Iterable[Reach]) -> dict[int, int]:
    """Return how many different people are told in each ring, by whatever channel."""
    people: dict[int, int] = {}
    for line in told:
        for ring, languages in line.by_ring.items():
            people[ring] = people.get(ring, 0) + sum(languages.values())
    return dict(sorted(people.items()))


def _channel(channel: str, by_ring: Mapping[int, Mapping[str, int]]) -> Reach:
    if not is_direct(channel):
        return Reach(channel_name(channel), None, channel)
    people = sum(sum(languages.values()) for languages in by_ring.values())
    return Reach(channel_name(channel), people, channel, by_ring)


def _count(found: Sequence[Ring], channels: Sequence[str]) -> dict[str, dict[int, dict[str, int]]]:
    ways = [(way, ring.number, *ring.people(name)) for way, name in enumerate(channels) for ring in found]
    if not ways:
        return {}
    parts = " UNION ALL ".join(
        f"SELECT subscription_id, language, {way} AS way, {number} AS ring FROM ({sql}) q{n}"  # noqa: S608  constants
        for n, (way, number, sql, _params) in enumerate(ways)
    )
    params: list[Any] = [param for _way, _number, _sql, given in ways for param in given]
    counted: dict[str, dict[int, dict[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FIRST.format(parts=parts), params)
        for way, ring, language, people in cursor.fetchall():
            counted.setdefault(channels[way], {}).setdefault(ring, {})[language] = people
    return counted
