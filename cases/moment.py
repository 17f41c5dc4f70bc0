"""An hour as a family says it, in the agency's zone. Pure: no Django."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class MomentRefused(ValueError):  # noqa: N818  (a question to the family, not a fault)
    """Say "no_such_hour" (the clocks skipped it) or "twice" (they went back: ask which)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def moment(day: date, hour: time, zone: ZoneInfo, *, fold: int | None = None) -> datetime:
    """Return the moment in UTC; fold says which of a doubled hour, None that nobody was asked yet."""
    first = datetime.combine(day, hour, zone).replace(fold=0)
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != first.replace(tzinfo=None):
            raise MomentRefused("no_such_hour")
        if fold is None:
            raise MomentRefused("twice")
    return (second if fold else first).astimezone(UTC)


def is_doubled(day: date, hour: time, zone: ZoneInfo) -> bool:
    """Say whether that hour came twice."""
    try:
        moment(day, hour, zone)
    except MomentRefused as refused:
        return refused.code == "twice"
    return False


def offset(at: datetime, zone: ZoneInfo) -> str:
    """Return the zone's distance to UTC at that moment, as in "UTC+1" or "UTC+5:30"."""
    seconds = int((at.astimezone(zone).utcoffset() or at - at).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "-" if seconds < 0 else "+"
    return f"UTC{sign}{hours}:{minutes:02d}" if minutes else f"UTC{sign}{hours}"
