"""How many would be told, before anybody is: the same queries that target, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from alerts.channels import is_direct
from alerts.fanout import rings
from alerts.models import Version
from alerts.targeting import Ring
from cases.sheet import channel_name


@dataclass(frozen=True)
class Reach:
    """Hold what one channel would do: so many people, or one post for everyone."""

    channel: str
    people: int | None


def reach(version: Version) -> list[Reach]:
    """Return people by channel (one query a channel that reaches persons)."""
    found = rings(version)
    return [_channel(channel, found) for channel in version.channels]


def _channel(channel: str, found: list[Ring]) -> Reach:
    if not is_direct(channel):
        return Reach(channel_name(channel), None)
    queries = [ring.people(channel) for ring in found]
    if not queries:
        return Reach(channel_name(channel), 0)
    parts = (f"SELECT subscription_id FROM ({sql}) q{n}" for n, (sql, _p) in enumerate(queries))  # noqa: S608  constants
    union = " UNION ".join(parts)
    params: list[Any] = [param for _sql, given in queries for param in given]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({union}) people", params)  # noqa: S608  built from constants
        return Reach(channel_name(channel), int(cursor.fetchone()[0]))
