"""Numbers to call, and digits that two scripts tell differently. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from alerts.lint.model import ADDITION, Draft, Finding, Text, every, found_in, free
from alerts.lint.plain import View, plain, without_urls, zero_of
from alerts.lint.tokens import Token, all_listed, forms, tokens

SIGNIFICANT = 8  # the last digits of a number are the same with and without the country's code
SPOKEN = 5  # so many numbers in words, one after the other, are a number to call
_PHONE = re.compile(r"(?<![\w/:])\+?\(?\d(?:[ .\-()/_]{0,2}\d){6,14}(?![\w/:])")
_DATE = re.compile(
    r"(?<![\d.-])(?:(?:19|20)\d\d-\d{1,2}-\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)(?!\d)(?![.-]\d)"
)
_CALL = re.compile(
    r"(?:\bcall|\bphone|\bdial|appelez|appeler|composez|téléphonez|\btél\b\.?|اتصل\w*|اتصلوا|بالرقم|هاتف\w*)"
    r"[^\d\n.]{0,25}?(?<!\d)(\d{2,6})(?!\d|\s*(?:h\b|:|ans\b|years|سن|عام))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")
_AFTERNOON = re.compile(
    r"(\d{1,2})((?:[:.h]\d{2})?)\s*(?:p\.?m\b\.?|مساء|بعد الظهر|بعد الزوال)", re.IGNORECASE
)


def phone_numbers(text: str) -> list[tuple[str, str]]:
    """Return (as written, digits alone) of whatever may be dialled; dates and addresses of pages are none."""
    view = plain(without_urls(text))
    bare = _DATE.sub(lambda found: "x" * len(found[0]), view.words)
    return [(view.of(m), re.sub(r"\D", "", m[0])) for m in _PHONE.finditer(bare)]


def alike(digits: str, other: str) -> bool:
    """Say whether two numbers reach the same line, however the country's code is written."""
    theirs = _digits(other)
    if len(digits) < SIGNIFICANT or len(theirs) < SIGNIFICANT:
        return digits == theirs
    return digits[-SIGNIFICANT:] == theirs[-SIGNIFICANT:]


def foreign_numbers(draft: Draft) -> Iterator[Finding]:
    """A number that is not the one to call, nor a public one: whoever typed it, people will call it."""
    may = (draft.number, *draft.numbers)
    for text in every(draft):
        family = draft.secrets.phones
        found = [
            words
            for words, digits in phone_numbers(text.words)
            if not any(alike(digits, number) for number in (*may, *family))
        ]
        view = plain(without_urls(text.words))
        found += [
            view.of(m, 1)
            for m in _CALL.finditer(view.words)
            if not any(alike(m[1], number) for number in may)
        ]
        found += _spoken(text) if text.is_free else []
        if found:
            yield found_in(text, "foreign_number", "stop", found)


def _spoken(text: Text) -> list[str]:
    """Return the stretches in which a number is dictated in words."""
    runs: list[list[Token]] = [[]]
    for token in tokens(text.words):
        if token.number or set(forms(token.said)) & all_listed("dictated"):
            runs[-1].append(token)
        else:
            runs.append([])
    told = [run for run in runs if sum(not token.number for token in run) >= SPOKEN]
    return [text.words[run[0].start : run[-1].end] for run in told]


def number_missing(draft: Draft) -> Iterator[Finding]:
    """Every message says whom to call."""
    for text in draft.messages:
        bare, theirs = _digits(without_urls(text.words)), _digits(draft.number)
        if not theirs or theirs[-SIGNIFICANT:] not in bare:
            yield found_in(text, "number_missing", "stop", ())


def digits_differ(draft: Draft) -> Iterator[Finding]:
    """The same sentence in two languages tells the same numbers. A number in words is only asked about."""
    told = {text.language: text for text in free(draft)}
    if len(told) < 2:
        return
    counted = {language: _numbers(text.words) for language, text in told.items()}
    lone: dict[str, Counter[int]] = {language: Counter() for language in told}
    stops = False
    for one, other in combinations(told, 2):
        here, there = counted[one] - counted[other], counted[other] - counted[one]
        lone[one] |= here
        lone[other] |= there
        stops |= bool(here and there)
    for language, numbers in lone.items():
        if numbers:
            words = _written(told[language].words, numbers)
            yield Finding("digits_differ", "stop" if stops else "warn", language, (ADDITION,), tuple(words))


def digits_mixed(draft: Draft) -> Iterator[Finding]:
    """One number, two kinds of digits: who reads the one script misreads the other."""
    for text in every(draft):
        view = plain(text.words)
        found = [view.of(m) for m in _NUMBER.finditer(view.words) if len(_zeros(view, m)) > 1]
        if found:
            yield found_in(text, "digits_mixed", "stop", found)


def _zeros(view: View, found: re.Match[str]) -> set[int | None]:
    return {zero_of(character) for character in view.of(found)} - {None}


def _digits(text: str) -> str:
    return re.sub(r"\D", "", plain(text).words)


def _numbers(text: str) -> Counter[int]:
    bare = _AFTERNOON.sub(_to_24, plain(without_urls(text)).words)
    return Counter(int(m[0]) for m in _NUMBER.finditer(bare) if m[0] != "00")


def _to_24(found: re.Match[str]) -> str:
    hour = int(found[1])
    return f"{hour + 12 if hour < 12 else hour}{found[2]} "


def _written(text: str, numbers: Counter[int]) -> list[str]:
    view = plain(text)
    wanted = {*numbers, *(number - 12 for number in numbers if 12 < number < 24)}
    return [view.of(m) for m in _NUMBER.finditer(view.words) if int(m[0]) in wanted]
