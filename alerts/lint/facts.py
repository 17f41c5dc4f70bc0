"""Ages, sexes, dates and names that differ between languages, or from the case. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from alerts.lint.model import Draft, Finding, Text, every, found_in
from alerts.lint.tokens import flat, forms, lexicon, listed, tokens, without_urls, words_of

_DATE = re.compile(r"(?<!\d)(\d{2}/\d{2}/\d{4})(?!\d)")
_TIME = re.compile(r"(?<![\d:])(\d{2}:\d{2})(?![\d:])")
_UNITS: Mapping[str, tuple[str, str]] = {
    "fr": (r"\s*(?:ans|an)\b", r"\s*mois\b"),
    "en": (r"[\s-]*(?:years?[\s-]+old|years?[\s-]+of[\s-]+age|y/?o\b|yrs?\b|years?\b)", r"[\s-]*months?\b"),
    "ar": (r"\s*(?:سنوات|سنة|سنين|عاما|عامًا|أعوام|عام)(?!\w)", r"\s*(?:أشهر|شهرا|شهور|شهر)(?!\w)"),
}
_AGED: Mapping[str, str] = {
    "fr": r"âgée?\s+d[e’'][\s]*(\d{1,2})\b(?!\s*mois)",
    "en": r"\b(?:aged?|age)[\s:]+(\d{1,2})\b(?!\s*(?:months|cm|kg))",
    "ar": r"(?:عمره|عمرها|العمر|تبلغ|يبلغ)(?:\s+من العمر)?[\s:]+(\d{1,2})(?!\d|\s*(?:أشهر|شهر))",
}
_AGO_BEFORE = re.compile(r"(?:il y a|depuis|pendant|منذ|قبل|for|since|last)\s*$", re.IGNORECASE)
_AGO_AFTER = re.compile(r"\s*(?:ago|earlier|plus tôt|auparavant)\b", re.IGNORECASE)


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
    bare = flat(without_urls(text.words))
    for pattern, unit in _patterns(text.language):
        for found in pattern.finditer(bare):
            number = next(group for group in found.groups() if group is not None)
            if _AGO_BEFORE.search(bare[: found.start()]) or _AGO_AFTER.match(bare[found.end() :]):
                continue
            years = int(number) if number.isdigit() else _words(text.language)[" ".join(number.split())]
            written = text.words[found.start() : found.end()].strip()
            yield years // 12 if unit == "months" else years, written


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    if language not in _UNITS:
        return ()
    years, months = _UNITS[language]
    counted = "|".join(sorted(map(re.escape, _words(language)), key=len, reverse=True))
    whole = [word for word in _words(language) if language == "ar" and _is_dual(word)]
    made = [
        (rf"(?<![\d/:.])(\d{{1,2}}){years}", "years"),
        (rf"(?<!\w)({counted}){years}", "years"),
        (rf"(?<![\d/:.])(\d{{1,2}}){months}", "months"),
        (_AGED[language], "years"),
        *([(rf"(?<!\w)({'|'.join(whole)})(?!\w)", "years")] if whole else []),
    ]
    return tuple((re.compile(pattern, re.IGNORECASE), unit) for pattern, unit in made)


def _is_dual(word: str) -> bool:
    return word.startswith(("سنت", "عام"))


@cache
def _words(language: str) -> Mapping[str, int]:
    """Return {number in words: number}, Arabic ones by every usual spelling of their letters."""
    found: dict[str, int] = {}
    for at, words in enumerate(lexicon()["counted"].get(language, [])):
        for word in words:
            found[word] = at + 1
            found[word.replace("احدي", "إحدى").replace("اربع", "أربع").replace("ه", "ة")] = at + 1
    return found


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
        bare = flat(without_urls(text.words))
        found = [m[0] for m in _DATE.finditer(bare) if m[1] != day]
        found += [
            m[0] for m in _TIME.finditer(bare) if m[1] != hour and not bare[: m.start()].endswith(("+", "-"))
        ]
        if found:
            yield found_in(text, "date_differs", "stop", found)


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
