"""Writing what became of messages, in sets: one statement a state, whatever the number of rows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import F

from notifier import suppressing
from notifier.models import Delivery
from notifier.models.delivery import BEFORE

_POSTGRESQL = """
    UPDATE notifier_delivery AS delivery
    SET state = %s, state_at = %s, provider_id = fresh.provider_id, error_kind = fresh.error_kind,
        lost_answers = delivery.lost_answers + fresh.lost, not_before = fresh.not_before,
        falls_at = fresh.falls_at
    FROM unnest(%s::bigint[], %s::varchar[], %s::varchar[], %s::integer[], %s::timestamptz[],
                %s::timestamptz[])
         AS fresh(id, provider_id, error_kind, lost, not_before, falls_at)
    WHERE delivery.id = fresh.id AND delivery.state = ANY(%s)
"""
_SQLITE = """
    UPDATE notifier_delivery
    SET state = %s, state_at = %s, provider_id = fresh.provider_id, error_kind = fresh.error_kind,
        lost_answers = lost_answers + fresh.lost, not_before = fresh.not_before,
        falls_at = fresh.falls_at
    FROM (SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS provider_id,
                 json_extract(value, '$[2]') AS error_kind, json_extract(value, '$[3]') AS lost,
                 json_extract(value, '$[4]') AS not_before, json_extract(value, '$[5]') AS falls_at
          FROM json_each(%s)) AS fresh
    WHERE notifier_delivery.id = fresh.id
      AND notifier_delivery.state IN (SELECT value FROM json_each(%s))
"""
PROVIDER_ID_LENGTH = 128
ERROR_KIND_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Result:
    """What is to be written about one delivery; `not_before` belongs to one that is queued again, from
    `falls_at` on another way to the person is looked for.
    """

    delivery: int
    state: str
    provider_id: str = ""
    error_kind: str = ""
    lost: int = 0
    not_before: datetime | None = None
    falls_at: datetime | None = None


def write(results: Iterable[Result], at: datetime) -> None:
    """Move deliveries as their rank allows, in the caller's transaction; a statement a state.

    Addresses that end by what was answered are told of after its commit.
    """
    by_state = sorted(results, key=attrgetter("state"))
    refused = {one.delivery: one.error_kind for one in by_state if one.state == Delivery.State.FAILED}
    suppressing.after_commit(refused, len(by_state))
    for state, group in groupby(by_state, key=attrgetter("state")):
        _write(state, list(group), at)


def put_back(deliveries: Sequence[int], at: datetime) -> None:
    """Queue again what was marked and never handed to the gateway: no attempt was made."""
    from_sending = Delivery.objects.filter(pk__in=deliveries, attempts__gt=0)
    from_sending.move(Delivery.State.QUEUED, at, attempts=F("attempts") - 1)


def _write(state: str, results: list[Result], at: datetime) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns: list[list[Any]] = [
                [result.delivery for result in results],
                [result.provider_id[:PROVIDER_ID_LENGTH] for result in results],
                [result.error_kind[:ERROR_KIND_LENGTH] for result in results],
                [result.lost for result in results],
                [result.not_before for result in results],
                [result.falls_at for result in results],
            ]
            cursor.execute(_POSTGRESQL, [state, at, *columns, list(BEFORE[state])])
            return
        rows = json.dumps([_json_row(result) for result in results])
        cursor.execute(_SQLITE, [state, _text(at), rows, json.dumps(BEFORE[state])])


def _json_row(result: Result) -> list[object]:
    return [
        result.delivery,
        result.provider_id[:PROVIDER_ID_LENGTH],
        result.error_kind[:ERROR_KIND_LENGTH],
        result.lost,
        _text(result.not_before) if result.not_before else None,
        _text(result.falls_at) if result.falls_at else None,
    ]


def _text(moment: datetime) -> str:
    """A moment as Django writes it on SQLite."""
    return str(connection.ops.adapt_datetimefield_value(moment))
