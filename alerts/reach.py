"""How many would be told, before anybody is: the same queries that target, counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from alerts.channels import is_direct
from alerts.fanout import rings
from alerts.models import Version
from alerts.targeting import Ring
from cases.sheet import channel_name

# A person in two rings is told with the nearer one.
_NEAREST = """
SELECT ring, language, COUNT(*) FROM (
  SELECT subscription_id, MIN(ring) AS ring, MIN(language) AS language FROM ({parts}) parts
  GROUP BY subscription_id
) nearest GROUP BY ring, language
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
    """Return people by channel (one query a channel that reaches persons); found: rings(version)."""
    held = rings(version) if found is None else found
    return [_channel(channel, held) for channel in version.channels]


def people_by_ring(channels: Sequence[str], found: Sequence[Ring]) -> dict[int, int]:
    """Return how many different people are told in each ring, by whatever channel (one query)."""
    counted = _count(found, [channel for channel in channels if is_direct(channel)])
    return {ring: sum(languages.values()) for ring, languages in sorted(counted.items())}


def _channel(channel: str, found: Sequence[Ring]) -> Reach:
    if not is_direct(channel):
        return Reach(channel_name(channel), None, channel)
    by_ring = _count(found, [channel])
    people = sum(sum(languages.values()) for languages in by_ring.values())
    return Reach(channel_name(channel), people, channel, by_ring)


def _count(found: Sequence[Ring], channels: Sequence[str]) -> dict[int, dict[str, int]]:
    queries = [(ring.number, *ring.people(channel)) for ring in found for channel in channels]
    if not queries:
        return {}
    parts = " UNION ALL ".join(
        f"SELECT subscription_id, language, {number} AS ring FROM ({sql}) q{n}"  # noqa: S608  constants
        for n, (number, sql, _params) in enumerate(queries)
    )
    params: list[Any] = [param for _number, _sql, given in queries for param in given]
    counted: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST.format(parts=parts), params)
        for ring, language, people in cursor.fetchall():
            counted.setdefault(ring, {})[language] = people
    return counted
