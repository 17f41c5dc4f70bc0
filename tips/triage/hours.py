"""The hour a message tells: "il y a 10 minutes", "l-bar7 f 8", "قبل ساعة", "hier soir vers 20h". Pure.

What is not told is not guessed: no words of time, no hour. Errors are a judgement, in minutes either way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tips.triage import clockhour
from tips.triage.ago import ago
from tips.triage.clockhour import Clock
from tips.triage.model import When
from tips.triage.spelling import Forms, western
from tips.triage.timewords import first, lists

_NOW_ERROR, _SOON_MIN, _SOON_ERROR = 5, 15, 15
_CLOCK_ERROR, _EITHER_ERROR, _DAY_ERROR = 20, 720, 720
_LONGEST = timedelta(days=60)
_NIGHT_ENDS = 6  # of two hours that may be meant, the one by day is taken
_SMALL_HOURS = 4  # "2 at night" is after midnight
_DATE = re.compile(r"(?<!\d)(?P<day>[0-3]?\d)[/.-](?P<month>[01]?\d)(?:[/.-](?P<year>20\d\d|\d\d))?(?!\d)")
_PARTS = ("night", "afternoon", "noon", "evening", "morning")


@dataclass(frozen=True)
class _Day:
    """Hold what is told of the day: how many days back, and the part of it."""

    back: int | None
    part: str
    words: str

    @property
    def is_told(self) -> bool:
        return self.back is not None or bool(self.part)


def when(text: str, forms: Forms, *, written_at: datetime, zone: ZoneInfo) -> When | None:
    """Return the moment told, in UTC, never after written_at; None where the words tell none."""
    local = written_at.astimezone(zone)
    found = _ago(forms, local) or _by_the_clock(text, forms, local) or _about_now(forms, local)
    if found is None or local - found.at > _LONGEST:
        return None
    return When(min(found.at, local).astimezone(UTC), found.error_min, found.words)


def _ago(forms: Forms, local: datetime) -> When | None:
    """Return the moment, off by a quarter of its distance and five minutes at least."""
    told = ago(forms)
    if told is None:
        return None
    minutes, words = told
    at = local.astimezone(UTC) - timedelta(minutes=min(minutes, 1e6))
    return When(at.astimezone(local.tzinfo), max(5, round(minutes / 4)), words)


def _about_now(forms: Forms, local: datetime) -> When | None:
    for name, minutes, error in (("soon", _SOON_MIN, _SOON_ERROR), ("now", 0, _NOW_ERROR)):
        listed = lists()[name]
        if words := first((*listed["words"], *listed["dj"]), forms):
            return When(local - timedelta(minutes=minutes), error, words)
    return None


def _by_the_clock(text: str, forms: Forms, local: datetime) -> When | None:
    day = _day(text, forms, local)
    clock = clockhour.find(text, forms, day_is_told=day.is_told)
    if clock:
        return _at_clock(clock, day, local)
    return _at_part(day, local) if day.is_told else None


def _at_part(day: _Day, local: datetime) -> When:
    """Return the middle of the part of the day, or of the day, as far as it has passed."""
    if day.part:
        part = lists()["part"][day.part]
        at = _on(local.date(), day.back or 0, time(part["hour"]), local)
        begins = at - timedelta(minutes=part["half_min"])
        if day.back is None and begins > local:  # "le soir", written in the morning
            at -= timedelta(days=1)
        return When(at, part["half_min"], day.words)
    if day.back:
        return When(_on(local.date(), day.back, time(12), local), _DAY_ERROR, day.words)
    passed = (local.hour * 60 + local.minute) // 2
    return When(local - timedelta(minutes=passed), max(passed, _CLOCK_ERROR), day.words)


def _at_clock(clock: Clock, day: _Day, local: datetime) -> When | None:
    """Return the latest moment before `local` that the hour may mean; "8" by itself may be either."""
    hours = _hours(clock, day.part)
    backs = (day.back,) if day.back is not None else (0, 1)
    told = [_on(local.date(), back, time(hour, clock.minute), local) for hour in hours for back in backs]
    past = [at for at in told if at <= local + timedelta(minutes=_CLOCK_ERROR)]
    if not past:
        return None
    by_day = [at for at in past if at.hour >= _NIGHT_ENDS or len(hours) == 1] or past
    near = [at for at in by_day if day.back is not None or local - at < timedelta(days=1)]
    unsure = len({at.hour for at in near}) > 1
    words = " ".join(filter(None, (day.words, clock.words)))
    return When(max(by_day), _EITHER_ERROR if unsure else _CLOCK_ERROR, words)


def _hours(clock: Clock, part: str) -> list[int]:
    """Return the hours of the day that are meant, one or two."""
    if clock.is_24 or clock.hour > 12:
        return [clock.hour]
    early, late = clock.hour % 12, clock.hour % 12 + 12
    if clock.is_pm is not None:
        return [late if clock.is_pm else early]
    if not part:
        return [early, late]
    is_small = part in ("night", "evening") and early <= _SMALL_HOURS
    return [late if lists()["part"][part]["pm"] and not is_small else early]


def _on(day: date, back: int, hour: time, local: datetime) -> datetime:
    return datetime.combine(day - timedelta(days=back), hour, local.tzinfo)


def _day(text: str, forms: Forms, local: datetime) -> _Day:
    back, day_words = _back(text, forms, local)
    part, part_words = next(
        ((name, words) for name in _PARTS if (words := first(lists()["part"][name]["words"], forms))),
        ("", ""),
    )
    return _Day(back, part, " ".join(filter(None, (day_words, part_words))))


def _back(text: str, forms: Forms, local: datetime) -> tuple[int | None, str]:
    """Return how many days back the words go, None where they do not say."""
    for found in _DATE.finditer(western(text)):
        if (days := _days_since(found, local)) is not None:
            return days, found[0]
    for told in ("2", "1", "0"):
        if words := first(lists()["day"][told], forms):
            return int(told), words
    for number in range(7):
        if words := first(lists()["weekday"][str(number)], forms):
            return (local.weekday() - number) % 7, words
    return None, ""


def _days_since(found: re.Match[str], local: datetime) -> int | None:
    year = int(found["year"] or local.year)
    try:
        told = date(year + 2000 if year < 100 else year, int(found["month"]), int(found["day"]))
        told = told.replace(year=told.year - 1) if told > local.date() and not found["year"] else told
    except ValueError:
        return None
    days = (local.date() - told).days
    return days if 0 <= days <= _LONGEST.days else None
