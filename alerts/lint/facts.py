"""Ages, sexes, dates and names that differ between languages, or from the case. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from alerts.lint.model import Draft, Finding, Text, every, found_in
from alerts.lint.plain import View, folded, plain, without_urls
from alerts.lint.tokens import forms, lexicon, listed, tokens, words_of

_DATE = re.compile(r"(?<!\d)(\d{2}/\d{2}/\d{4})(?!\d)")
_TIME = re.compile(r"(?<![\d:])(\d{2}:\d{2})(?![\d:])")
# All below is sought in folded text: small letters, no accents, one alif, ه for ة.
_UNITS: Mapping[str, tuple[str, str]] = {
    "fr": (r"\s*(?:ans|an)\b", r"\s*mois\b"),
    "en": (r"[\s-]*(?:years?[\s-]+old|years?[\s-]+of[\s-]+age|y/?o\b|yrs?\b|years?\b)", r"[\s-]*months?\b"),
    "ar": (r"\s*(?:سنوات|سنه|سنين|عاما|اعوام|عام)(?!\w)", r"\s*(?:اشهر|شهرا|شهور|شهر)(?!\w)"),
}
_NO_UNIT = r"(?!\d|\s*(?:mois|months?|اشهر|شهر|شهور|cm|kg|km|m\b|h\b|%|سم|كلم|متر|دقي))"
_AGED: Mapping[str, str] = {
    "fr": r"(?:\bagee?\s+d[e’'][\s]*|\bage\s*[:=]?\s*)",
    "en": r"\b(?:aged?|age)[\s:=]+",
    "ar": r"(?:عمره|عمرها|العمر|تبلغ|يبلغ|سنها|بعمر|في عمر|في سن)(?:\s+من العمر)?[\s:=]+",
}
_IS_ALONE = r"\b(?:s?he\s+is|s?he\s*[’']s)\s+"  # "she is 10.", not "she is 10 minutes away"
_STANDS_ALONE = r"(?=\s*(?:[.,;!)]|$|and\b))"
_BIRTHDAY = r"(?<!\d)(\d{1,2})\s*(?:e|eme|th)\s+(?:anniversaire|birthday)\b"
_BESIDE_CHILD = r"\b(?:girl|boy|fille|fillette|garcon|بنت|طفله|طفل|ولد|فتاه)\s*[,(]\s*"
_BORN = re.compile(
    r"\bnee?\s+(?:le\s+[\d/ .-]+|en\s+(?:\w+\s+)?)?((?:19|20)\d\d)\b"
    r"|\bborn\s+(?:in|on)\s+[\w ,/.-]{0,12}?((?:19|20)\d\d)\b"
    r"|(?:مولوده?|مواليد|ولدت|ازدادت|مزداده?)\s+(?:\w+\s+){0,2}?((?:19|20)\d\d)(?!\d)"
)
_AGO_BEFORE = re.compile(r"(?:il y a|depuis|pendant|منذ|قبل|for|since|last)\s*$")
_AGO_AFTER = re.compile(r"\s*(?:ago|earlier|plus tot|auparavant)\b")


def ages(draft: Draft) -> Iterator[Finding]:
    """Every age that is told, in digits of either script or in words, is the child's."""
    told = [(text, years, words) for text in every(draft) for years, words in told_ages(text)]
    if draft.age is not None:
        wrong = [(text, words) for text, years, words in told if years != draft.age]
    else:
        all_told = {years for _text, years, _words in told}
        wrong = [(text, words) for text, _years, words in told] if len(all_told) > 1 else []
    for text, words in wrong:
        yield found_in(text, "age_differs", "stop", [words])


def told_ages(text: Text) -> Iterator[tuple[int, str]]:
    """Yield (whole years, as written); of a baby's months their years."""
    view = folded(without_urls(text.words))
    for pattern, unit in _patterns(text.language):
        for found in pattern.finditer(view.words):
            before, after = view.words[: found.start()], view.words[found.end() :]
            if _AGO_BEFORE.search(before) or _AGO_AFTER.match(after):
                continue
            number = next(group for group in found.groups() if group is not None)
            years = int(number) if number.isdigit() else _words(text.language)[" ".join(number.split())]
            yield years // 12 if unit == "months" else years, view.of(found)


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    if language not in _UNITS:
        return ()
    years, months = _UNITS[language]
    number = r"(?<![\d/:.])(\d{1,2})(?!\d)"
    counted = "|".join(sorted(map(re.escape, _words(language)), key=len, reverse=True))
    said = rf"(?<!\w)(?:ال)?({counted})(?!\w)"
    whole = [word for word in _words(language) if language == "ar" and word.startswith(("سنت", "عام"))]
    made = [
        (rf"(?<![\d/:.])(\d{{1,2}}){years}", "years"),
        (rf"(?<!\w)(?:ال)?({counted}){years}", "years"),
        (rf"(?<![\d/:.])(\d{{1,2}}){months}", "months"),
        (_AGED[language] + number + _NO_UNIT, "years"),
        (rf"{_AGED[language]}(?:ال)?({counted})(?!\w){_NO_UNIT}", "years"),
        (_BESIDE_CHILD + number + _NO_UNIT, "years"),
        (_BIRTHDAY, "years"),
        *((pattern, "years") for pattern in _ordinals(language)),
        *([(rf"(?<!\w)({'|'.join(whole)})(?!\w)", "years")] if whole else []),
        *(((_IS_ALONE + one + _STANDS_ALONE, "years") for one in (number, said)) if language == "en" else ()),
    ]
    return tuple((re.compile(pattern), unit) for pattern, unit in made)


@cache
def _words(language: str) -> Mapping[str, int]:
    """Return {number in words, folded: number}, and what is called the nth."""
    counted, nth = lexicon()["counted"].get(language, []), lexicon()["ordinal"].get(language, [])
    names = {word: at + 1 for at, words in enumerate(counted) for word in words}
    return names | {word: at + 1 for at, word in enumerate(nth)}


def _ordinals(language: str) -> Iterator[str]:
    """Yield "she reached the tenth (year)", "the tenth of her life": no hour is told so."""
    nth = "|".join(lexicon()["ordinal"].get(language, []))
    if nth:
        yield rf"(?:بلغت|بلغ|اتمت|اتم)\s+(?:ال)?({nth})(?!\w)"
        yield rf"(?:ال)?({nth})\s+من\s+عمر"


def born(draft: Draft) -> Iterator[Finding]:
    """A year of birth that does not make the child's age; years are told in the year last seen."""
    if draft.age is None or draft.seen_at is None:
        return
    fits = {draft.seen_at.year - draft.age, draft.seen_at.year - draft.age - 1}
    for text in every(draft):
        view = folded(without_urls(text.words))
        told = [view.of(found) for found in _BORN.finditer(view.words) if int(_group(found)) not in fits]
        if told:
            yield found_in(text, "age_differs", "stop", told)


def _group(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group)


def sexes(draft: Draft) -> Iterator[Finding]:
    """A word for a girl where the case says a boy stops; beside the right word it may be somebody else."""
    told = [(text, sex, words) for text in every(draft) for sex, words in _told_sexes(text)]
    known = {draft.sex} if draft.sex else {sex for _text, sex, _words in told}
    for text, sex, words in told:
        own = {other for same, other, _words in told if same is text}
        if draft.sex and sex == draft.sex:
            continue
        if draft.sex or len(known) > 1:
            yield found_in(text, "sex_differs", "warn" if draft.sex in own else "stop", [words])


def _told_sexes(text: Text) -> Iterator[tuple[str, str]]:
    for token in tokens(text.words):
        for sex in ("girl", "boy"):
            if set(forms(token.said)) & set(listed(sex, text.language)):
                yield sex, text.words[token.start : token.end]


def dates(draft: Draft) -> Iterator[Finding]:
    """What the texts are made of tells one day and one hour, in either script."""
    if draft.seen_at is None:
        return
    day, hour = f"{draft.seen_at:%d/%m/%Y}", f"{draft.seen_at:%H:%M}"
    for text in draft.messages:
        view = plain(without_urls(text.words))
        found = [view.of(m) for m in _DATE.finditer(view.words) if m[1] != day]
        found += [view.of(m) for m in _TIME.finditer(view.words) if m[1] != hour and not _is_zone(view, m)]
        if found:
            yield found_in(text, "date_differs", "stop", found)


def _is_zone(view: View, found: re.Match[str]) -> bool:
    return view.words[: found.start()].endswith(("+", "-"))


def names(draft: Draft) -> Iterator[Finding]:
    """The child's name stands in its own line, which consent can take back; a free sentence cannot be."""
    own = words_of(*draft.names) - words_of(*draft.places)
    for text in every(draft):
        if not text.is_free:
            continue
        found = [
            text.words[token.start : token.end]
            for token in tokens(text.words)
            if len(token.said) > 2 and set(forms(token.said)) & own
        ]
        if found:
            yield found_in(text, "name_repeated", "stop", found)
