"""What the case knows and the public must not: addresses, phones, people, plates, health, worries. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alerts.lint.model import Draft, Finding, Text, every, found_in, free
from alerts.lint.numbers import alike, phone_numbers
from alerts.lint.tokens import (
    Token,
    flat,
    forms,
    listed,
    pairs,
    phrases,
    quoted,
    significant,
    small_words,
    street_words,
    tokens,
    without_urls,
    words_of,
)

_STREET = "rue|avenue|av|bd|boulevard|impasse|all[ée]e|ruelle|derb|lotissement|r[ée]sidence"
_STREET_AR = "زنقة|شارع|درب|نهج|زقاق"
_ADDRESS = re.compile(
    rf"\b\d{{1,4}}\s*(?:bis|ter)?\s*,?\s*(?:{_STREET})\b[^\n.,;]{{0,30}}"
    r"|\b\d{1,4}\s+(?:\w+\s+){1,2}(?:street|road|lane)\b"
    r"|\b(?:appartement|appt|apt|apartment|flat|immeuble|imm|villa|étage|floor|bloc)\.?\s*(?:n[°o]\s*)?\d+"
    rf"|\d{{1,4}}\s*،?\s*(?:{_STREET_AR})\s+\w+"
    rf"|(?:{_STREET_AR})\s+(?:\w+\s+){{1,3}}(?:،\s*)?(?:ال)?(?:رقم\s*)?\d{{1,4}}"
    r"|(?:عمارة|شقة|طابق|فيلا|بلوك|الطابق|الشقة|العمارة)\s*(?:رقم\s*)?\d+",
    re.IGNORECASE,
)
# Morocco: number | letter | province (Arrêté 2711-10 of 2010 (U)), also typed from the other end.
_MOROCCO = re.compile(
    r"(?<!\w)(?:\d{1,5}\s*[-|/–]?\s*[ء-ي]\s*[-|/–]?\s*\d{1,2}|\d{1,2}\s*[-|/–]\s*[ء-ي]\s*[-|/–]\s*\d{1,5})(?!\w)"
)
_MOROCCO_LATIN = re.compile(
    r"(?<!\w)(?:\d{3,5}\s*[-|/–]\s*[A-Z]\s*[-|/–]\s*\d{1,2}|\d{3,5} [A-Z] \d{1,2}|WW\s*[-|]?\s*\d{3,6})(?!\w)"
)
# Gabon: AB-123-CD, and before it 1234 G 1 or 123 A1 G (U).
_GABON = re.compile(r"(?<!\w)(?:[A-Z]{2}[\s-]?\d{3}[\s-]?[A-Z]{2}|\d{3,4}[\s-]?[A-Z]\d?[\s-]?[A-Z]\d?)(?!\w)")
# Egypt since 2008: two or three letters, three or four digits (U); in Latin letters as cameras write them.
_EGYPT = re.compile(
    r"(?<!\w)(?:[ء-ي][\s-]+){1,2}[ء-ي][\s|-]+\d{3,4}(?!\w)|(?<!\w)\d{3,4}[\s|-]+(?:[ء-ي][\s-]+){1,2}[ء-ي](?!\w)"
)
_EGYPT_LATIN = re.compile(r"(?<!\w)(?!UTC|GMT|SMS)[A-Z]{3}[\s-]\d{3,4}(?!\w)")
PLATES = (_MOROCCO, _MOROCCO_LATIN, _GABON, _EGYPT, _EGYPT_LATIN)
_SAYS_PLATE = re.compile(
    r"(?:لوحة|لوحتها|ترقيم|plaque|immatricul\w*|plate|registration)[^\d\n]{0,30}(\d[\w\s|-]{1,12}\w)",
    re.IGNORECASE,
)


def addresses(draft: Draft) -> Iterator[Finding]:
    """The family's address by two of its words that follow each other; what looks like any other."""
    public = _public(draft)
    for text in every(draft):
        found = [words for address in draft.secrets.addresses for words in _address(text, address, public)]
        if found:
            yield found_in(text, "home_address", "stop", found)
        elif text.is_free:
            like = [m[0].strip() for m in _ADDRESS.finditer(flat(without_urls(text.words)))]
            if like:
                yield found_in(text, "like_address", "warn", _as_typed(text.words, like))


def _address(text: Text, address: str, public: frozenset[str]) -> list[str]:
    known = {(a.said, b.said) for a, b in pairs(_street(address, public))}
    plain = {(a.said, b.said) for a, b in pairs(significant(address, public | street_words()))}
    said = [(a, b) for a, b in pairs(_street(text.words, public)) if (a.said, b.said) in known]
    said += [
        (a, b)
        for a, b in pairs(significant(text.words, public | street_words()))
        if (a.said, b.said) in plain
    ]
    return [text.words[a.start : b.end] for a, b in said]


def _street(text: str, public: frozenset[str]) -> list[Token]:
    return significant(text, public)


def phones(draft: Draft) -> Iterator[Finding]:
    for text in every(draft):
        found = [
            words
            for words, digits in phone_numbers(text.words)
            if any(alike(digits, phone) for phone in draft.secrets.phones)
        ]
        if found:
            yield found_in(text, "family_phone", "stop", found)


def siblings(draft: Draft) -> Iterator[Finding]:
    """Another child of the case, named beside or instead of this one."""
    public = words_of(*draft.names, *draft.places)
    named = {form for name in draft.secrets.siblings for form in words_of(name)} - public - small_words()
    for text in every(draft):
        found = _said(text, named)
        if found:
            yield found_in(text, "other_child", "stop", found)


def people(draft: Draft) -> Iterator[Finding]:
    """Whom the family named: the whole name stops, one word of it in an officer's sentence is a warning."""
    public = _public(draft)
    for text in every(draft):
        whole = [words for person in draft.secrets.people for words in _whole_name(text, person, public)]
        if whole:
            yield found_in(text, "person_named", "stop", whole)
        elif text.is_free:
            words = {
                t.said
                for person in draft.secrets.people
                for t in significant(person, public)
                if len(t.said) > 3
            }
            part = _said(text, words)
            if part:
                yield found_in(text, "like_person", "warn", part)


def _whole_name(text: Text, person: str, public: frozenset[str]) -> list[str]:
    name = [token.said for token in tokens(person)]
    if len(name) < 2 or set(name) <= public:
        return []
    return phrases(text.words, [" ".join(name)])


def plates(draft: Draft) -> Iterator[Finding]:
    known = [bare for plate in draft.secrets.plates if len(bare := _compact(plate)) > 3]
    for text in free(draft):
        bare = flat(without_urls(text.words))
        found = [m for pattern in PLATES for m in pattern.finditer(bare)]
        spans = [(m.start(), m.end()) for m in found] + [m.span(1) for m in _SAYS_PLATE.finditer(bare)]
        words = _widest(text.words, spans)
        if not words and any(plate in _compact(bare) for plate in known):
            words = [m[0] for m in re.finditer(r"\S*\d\S*", text.words)]
        if words:
            yield found_in(text, "plate", "stop", words)


def private_words(draft: Draft) -> Iterator[Finding]:
    """Health, family problems and companions, in an officer's sentence: by list, and as the file has them."""
    public = _public(draft)
    told = (
        ("health", draft.secrets.health),
        ("family", draft.secrets.family),
        ("suspect", draft.secrets.companion),
    )
    for text in free(draft):
        for code, sources in told:
            found = phrases(text.words, listed(code, text.language))
            found += [words for source in sources for words in quoted(text.words, source, public)]
            if found:
                yield found_in(text, code, "stop", found)
        vehicle = phrases(text.words, listed("vehicle", text.language))
        if vehicle:
            yield found_in(text, "vehicle", "warn", vehicle)


def _public(draft: Draft) -> frozenset[str]:
    return words_of(*draft.names, *draft.places, *draft.known_words)


def _said(text: Text, wanted: set[str]) -> list[str]:
    return [
        text.words[token.start : token.end]
        for token in tokens(text.words)
        if not token.number and set(forms(token.said)) & wanted
    ]


def _as_typed(text: str, found: list[str]) -> list[str]:
    bare = flat(text)
    return [text[at : at + len(words)] for words in found for at in [bare.find(words)] if at >= 0]


def _widest(text: str, spans: list[tuple[int, int]]) -> list[str]:
    kept = [s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]
    return list(dict.fromkeys(text[start:end].strip() for start, end in kept))


def _compact(text: str) -> str:
    """Return letters and digits alone, from the first digit's neighbours on."""
    return re.sub(r"[^0-9a-zء-ي]", "", flat(text).casefold())
