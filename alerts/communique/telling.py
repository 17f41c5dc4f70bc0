"""A communiqué's words in one language, from what was counted: languages/<code>.toml. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from alerts.communique.model import Act, Figures, count, parts, peak

FOLDER = Path(__file__).parent / "languages"
MINUTE_S, HOUR_S = 60, 3600
MOST_ACTS = 12
Words = Mapping[str, Any]


def text(figures: Figures, language: str, agency: str, address: str) -> dict[str, str]:
    """Return {title, body} in the language, empty where there is no file for it.

    agency: who says it. address: where alerts are checked. No name, reference or place is ever given to it.
    """
    words = load(language)
    if not words:
        return {"title": "", "body": ""}
    is_one = figures.scope.alert is not None
    days = _days(figures, words)
    values = {"agency": agency, "address": address, "days": days}
    kind = "alert" if is_one else "period"
    lines = [words[kind]["begin"], *_lines(figures, words, is_one=is_one), *_acts(figures, words)]
    return {
        "title": words[kind]["title"].format(**values),
        "body": "\n".join([*lines, words["end"]]).format(**values),
    }


@cache
def load(language: str) -> Words:
    path = FOLDER / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _lines(figures: Figures, words: Words, *, is_one: bool) -> Iterator[str]:
    said = words["line"]
    if not is_one:
        yield said["alerts"].format(count=_said(figures.alerts, words))
        yield from _split(said["ended"], figures.ended, words["ended"], words)
    if figures.people:
        yield said["people"].format(count=_said(figures.people, words))
    yield from _tips(figures, words)
    for code in ("sightings", "checks", "statements"):
        if number := getattr(figures, code):
            yield said[code].format(count=_said(number, words))


def _tips(figures: Figures, words: Words) -> Iterator[str]:
    tips, said = figures.tips, words["line"]
    _named, hides = parts(tips.by_door)
    yield said["tips"].format(count=_said(tips.total, words, about=hides))
    yield from _split(said["doors"], tips.by_door, words["door"], words)
    yield from _split(said["states"], tips.by_state, words["state"], words)
    if (hour := peak(tips.by_hour)) is not None:
        yield said["peak"].format(begins=f"{hour:02}:00", ends=f"{(hour + 1) % 24:02}:00")
    if tips.looked_s is not None:
        yield said["looked"].format(time=_time(tips.looked_s, words))


def _split(sentence: str, told: Mapping[str, int], names: Words, words: Words) -> Iterator[str]:
    """Yield the line of the parts that may be named; the small ones stand together, uncounted."""
    named, hides = parts({code: number for code, number in told.items() if code in names})
    if not named:
        return
    told_parts = [words["part"].format(name=names[code], count=number) for code, number in named]
    if hides:
        told_parts.append(words["part_few"])
    yield sentence.format(parts=words["comma"].join(told_parts))


def _acts(figures: Figures, words: Words) -> Iterator[str]:
    """Yield the time line, the first acts of a long one."""
    acts = figures.acts[:MOST_ACTS]
    if acts:
        yield words["acts"]
    for act in acts:
        yield words["act"].format(at=_moment(act, figures, words), what=words["what"][act.code])


def _said(number: int, words: Words, *, about: bool = False) -> str:
    told = count(number, about=about)
    return str(words["count"][told.how]).format(number=told.number)


def _time(seconds: int, words: Words) -> str:
    unit, size = ("minutes", MINUTE_S) if seconds < 2 * HOUR_S else ("hours", HOUR_S)
    return str(words["time"][unit]).format(number=max(1, -(-seconds // size)))


def _days(figures: Figures, words: Words) -> str:
    first, last = (_local(at, figures) for at in (figures.scope.begins, figures.scope.ends))
    one, other = _day(first, words), _day(last, words)
    return one if one == other else str(words["from_to"]).format(first=one, last=other)


def _day(at: datetime, words: Words) -> str:
    return str(words["day"]).format(day=at.day, month=words["months"][at.month - 1], year=at.year)


def _moment(act: Act, figures: Figures, words: Words) -> str:
    at = _local(act.at, figures)
    return f"{_day(at, words)}{words['comma']}{at:%H:%M}"


def _local(at: datetime, figures: Figures) -> datetime:
    return at.astimezone(figures.scope.zone)
