"""The one clock: the database's."""

from datetime import UTC, datetime, timedelta

from django.db import connection

SHIFT = timedelta(0)  # what a test adds to make time pass


def now() -> datetime:
    """Return the database's time, aware, in UTC, also inside a long transaction (one small query)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment.astimezone(UTC) + SHIFT
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0]) + SHIFT
