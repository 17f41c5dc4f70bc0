"""When it was, as a caller says it and a call-taker types it: "10", "1h30", "16:30", "20/11 16:30". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from geo.names import normalise

MOST_AGO = timedelta(days=30)
LEAST_ERROR_MIN, HOUR_ERROR_MIN, DAY_ERROR_MIN = 5, 15, 720
JUST_NOW = timedelta(minutes=2)  # by so much a clock on a wall may be ahead
NOW = frozenset({"0", "now", "maintenant", "la", "الان", "دابا", "daba", "دلوقتي"})
_MINUTES = re.compile(r"(\d{1,4})\s*(?:m|min|mn|minutes?|د|دقيقة|دقيقه|دقائق)?")
_HOURS_AGO = re.compile(
    r"-?(\d{1,2})\s*(?:h|heures?|hours?|س|ساعة|ساعه|ساعات)(?:\s*(\d{1,2})\s*(?:m|min|mn)?)?"
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?(?:\s+(\d{1,2}:\d{2}))?")


@dataclass(frozen=True)
class When:
    """Hold an hour in UTC and by how many minutes it may be off."""

    at: datetime
    error_min: int


class WhenRefused(ValueError):  # noqa: N818  (an answer to whoever typed it)
    """Name why: unclear, future, long_ago."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(text: str, now: datetime, zone: ZoneInfo) -> When | None:
    """Return when it was, None for nothing typed. text: digits are 0-9 by now. Raise WhenRefused.

    A number alone is minutes ago; an hour of the clock is the last one that has been.
    """
    told = " ".join(text.split()).casefold()
    if not told:
        return None
    found = _ago(told, now) or _at(told, now, zone)
    if found is None:
        raise WhenRefused("unclear")
    if found.at > now + JUST_NOW:
        raise WhenRefused("future")
    if now - found.at > MOST_AGO:
        raise WhenRefused("long_ago")
    return When(min(found.at, now), found.error_min)


def _ago(told: str, now: datetime) -> When | None:
    if normalise(told) in NOW:
        return When(now, LEAST_ERROR_MIN)
    if (found := _MINUTES.fullmatch(told)) is not None:
        return _before(int(found[1]), now)
    if (found := _HOURS_AGO.fullmatch(told)) is not None:
        return _before(60 * int(found[1]) + int(found[2] or 0), now)
    return None


def _before(minutes: int, now: datetime) -> When:
    """Return so many minutes ago; the longer ago, the less sure."""
    return When(now - timedelta(minutes=minutes), max(LEAST_ERROR_MIN, minutes // 4))


def _at(told: str, now: datetime, zone: ZoneInfo) -> When | None:
    local = now.astimezone(zone)
    if (found := _CLOCK.fullmatch(told)) is not None:
        at = _moment(local.year, local.month, local.day, told, zone)
        if at is not None and at > now + JUST_NOW:
            at -= timedelta(days=1)
        return When(at, HOUR_ERROR_MIN) if at else None
    if (found := _DAY.fullmatch(told)) is not None:
        year = int(found[3]) if found[3] else local.year
        at = _moment(year, int(found[2]), int(found[1]), found[4] or "12:00", zone)
        if at is not None and not found[3] and at > now + JUST_NOW:
            at = _moment(year - 1, int(found[2]), int(found[1]), found[4] or "12:00", zone)
        return When(at, HOUR_ERROR_MIN if found[4] else DAY_ERROR_MIN) if at else None
    return None


def _moment(year: int, month: int, day: int, clock: str, zone: ZoneInfo) -> datetime | None:
    hour, minute = map(int, clock.split(":"))
    try:
        return datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
