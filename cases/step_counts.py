"""How often a screen of the form is shown and left with an answer: a day, a screen, a language, no person.

The first screen is open to everybody, so of one network (/24, /48) only the first MOST_AN_HOUR of an hour
count: a crawler or a monitor cannot make it look as if all families gave up there. What that costs: where an
operator puts many families behind one network, or a proxy is not among TRUSTED_PROXIES, too few are counted.
The other screens open with a key, and somebody who loads one twice is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils.translation import get_language

from cases.models import StepCount
from trust import clock, throttle

PATIENCE_MS = 50  # a count is worth no more of a family's time
MOST_AN_HOUR = 12  # shown of one network: a family with two phones, and its neighbours
HOUR_S = 3600


def shown(screen: str, *, network: str = "") -> None:
    """Count that the screen was shown (one query as a rule); forgotten where the row is locked.

    With a network, not beyond MOST_AN_HOUR of it (two queries more); its keyed digest is kept for the hour.
    """
    _count(screen, "shown", network)


def answered(screen: str) -> None:
    """Count that it was left with an answer."""
    _count(screen, "answered")


def _count(screen: str, what: str, network: str = "") -> None:
    today = clock.now().astimezone(ZoneInfo(settings.AGENCY_TIME_ZONE)).date()
    row = {"day": today, "screen": screen, "language": (get_language() or "en").split("-")[0]}
    with suppress(DatabaseError), _impatient(), transaction.atomic():
        if network and not throttle.hit("shown", network, limit=MOST_AN_HOUR, period_s=HOUR_S):
            return
        if not StepCount.objects.filter(**row).update(**{what: F(what) + 1}):
            StepCount.objects.bulk_create([StepCount(**row)], ignore_conflicts=True)
            StepCount.objects.filter(**row).update(**{what: F(what) + 1})


@contextmanager
def _impatient() -> Iterator[None]:
    """Have the database give up on a locked row (PostgreSQL) or a busy file (SQLite) after PATIENCE_MS."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE_MS}")
            yield
        return
    usual_ms = round(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual_ms}")
