"""The hours in which people sleep. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo


def until(at: datetime, zone: tzinfo, hours: tuple[int, int]) -> datetime | None:
    """Return when the quiet hours end that `at` lies in, in UTC; None where it lies in none.

    hours: the first hour of the night and the first of the day, as the zone's clocks show them; equal ones
    are no night.
    """
    first, last = hours
    local = at.astimezone(zone)
    is_quiet = first <= local.hour < last if first < last else local.hour >= first or local.hour < last
    if first == last or not is_quiet:
        return None
    day = local.date() if local.hour < last else local.date() + timedelta(days=1)
    return datetime.combine(day, time(last), zone).astimezone(UTC)
