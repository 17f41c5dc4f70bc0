"""How often something may be tried: fixed windows in the database, shared by every process.

Guessing secrets and codes is refused; a report or a tip never is, whatever the network: whole operators
share one address. Call it outside a transaction that may be rolled back, or the hit is forgotten with it.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from trust import clock, keys
from trust.models.throttle import ThrottleHit


def hit(scope: str, key: str, *, limit: int, period_s: int) -> bool:
    """Count one use of `key`; return whether it is within `limit` a window of `period_s` (2-4 queries).

    At the edge of two windows up to twice the limit passes.
    """
    now_s = int(clock.now().timestamp())
    window = now_s // period_s
    row: dict[str, Any] = {"scope": scope, "key": keys.token(f"throttle {scope}", key), "window": window}
    if _count(row, limit):
        return True
    ends_at = datetime.fromtimestamp((window + 1) * period_s, UTC)
    try:
        with transaction.atomic():
            ThrottleHit.objects.create(**row, ends_at=ends_at)
    except IntegrityError:  # the row is there: full, or made by another process a moment ago
        return _count(row, limit)
    return limit > 0


def purge(*, dry_run: bool = False) -> int:
    """Delete the windows that are over; return how many rows."""
    over = ThrottleHit.objects.filter(ends_at__lt=clock.now())
    if dry_run:
        return over.count()
    return over.delete()[0]


def _count(row: dict[str, Any], limit: int) -> bool:
    return bool(ThrottleHit.objects.filter(**row, count__lt=limit).update(count=F("count") + 1))
