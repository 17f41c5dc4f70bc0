"""A length of time before now: "il y a 10 minutes", "hadi sa3a", "قبل ساعتين", "half an hour ago". Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from tips.triage.spelling import Forms
from tips.triage.timewords import any_of, in_chat, lists, value_of

_HALF = r"(?: (?P<half>et demie?|و ?نصف?|w ?nss?|and a half))?"
_ABOUT = r"(?:(?:d|chi|شي|environ|about|حوالي|تقريبا|presque|a peu pres|plus d|peu|7wali|7awali) )?"
_SINCE = re.compile(r"(?:depuis|من|men|mn) ")  # may stand before an hour by the clock as well
_MOST_HOURS_SINCE = 5


def ago(forms: Forms) -> tuple[float, str] | None:
    """Return (minutes before the telling, the words); None where no such length is told."""
    told = [(forms.plain, str)] + ([(forms.chat, in_chat)] if forms.has_chat else [])
    for form, shape in told:
        for expression in _expressions(shape):
            for found in expression.finditer(form):
                minutes = _minutes(found, shape)
                if minutes is not None:
                    return minutes, found[0].strip()
    return None


def _minutes(found: re.Match[str], shape: Callable[[str], str]) -> float | None:
    if found["two"]:
        return value_of("two", found["two"], shape)
    number, word = found["number"], found["unit"]
    unit = value_of("unit", word, shape)
    if unit is None or (not number and len(word) < 3):
        return None
    if not number:
        return unit
    count = float(number) if number.isdigit() else value_of("number", number, shape)
    if count is None or (word == "h" and count > _MOST_HOURS_SINCE and _SINCE.match(found[0])):
        return None
    return count * unit + (unit / 2 if found["half"] else 0)


@cache
def _expressions(shape: Callable[[str], str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the expressions with a word before the length, and with one after it."""
    told = lists()
    before, after = (any_of(map(shape, told["ago"][key])) for key in ("before", "after"))
    units, numbers, twos = (
        any_of(shape(word) for words in told[key].values() for word in words)
        for key in ("unit", "number", "two")
    )
    length = rf"(?:(?:(?P<number>\d{{1,3}}|{numbers}) ?)?(?P<unit>{units})|(?P<two>{twos})){_HALF}"
    return (
        re.compile(rf"(?<!\w)(?:{before}) {_ABOUT}{length}(?!\w)"),
        re.compile(rf"(?<!\w){length} (?:{after})(?!\w)"),
    )
