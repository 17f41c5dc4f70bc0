"""What the case knows and the public must not: addresses, phones, people, plates, health, worries. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from alerts.lint.companions import companions
from alerts.lint.model import Draft, Finding, Text, every, found_in, free
from alerts.lint.numbers import alike, phone_numbers
from alerts.lint.plain import folded, without_urls
from alerts.lint.tokens import (
    Token,
    all_listed,
    forms,
    listed,
    near,
    phrases,
    quoted,
    said_in,
    significant,
    tokens,
    words_of,
)
from cases.names.known import names
from cases.names.parts import is_arabic
from cases.names.words import alike as alike_names
from cases.names.words import word

NAME_WITHIN = 2  # between two words of an address stand at most so many that tell nothing of it
LEAST_HEARD = 4  # letters of a name that is also sought in other spellings
SPELT = 0.95  # likeness of two spellings of one name: cases.names
_STREET = "rue|avenue|av|bd|boulevard|impasse|allee|ruelle|derb|lotissement|lot|residence|cite|hay|tajzia"
_STREET_AR = "زنقه|شارع|درب|نهج|زقاق|تجزءه|تجزيه|حي|اقامه|دوار"
_NO = r"(?:n\s?[o°]|numero|num|no\.?|number)\s*"
# Sought in folded text.
_ADDRESS = re.compile(
    rf"\b\d{{1,4}}\s*(?:bis|ter)?\s*,?\s*(?:{_STREET}|r\.)\s[^\n.,;]{{0,30}}"
    rf"|\b(?:{_STREET})\b[^\n.;\d]{{1,30}}?(?:{_NO})\d{{1,4}}"
    r"|\b\d{1,4}\s+(?!min|heur|metr|hour|year|ans\b)(?:\w+\s+){1,2}(?:street|road|lane|close|drive|court|square|avenue)\b"
    r"|\b(?:appartement|appt|apt|apartment|flat|immeuble|imm|villa|etage|floor|bloc|block|house|home)\.?"
    rf"\s*(?:{_NO})?\d+"
    rf"|\d{{1,4}}\s*،?\s*(?:ال)?(?:{_STREET_AR})\s+\w+"
    rf"|(?:{_STREET_AR})\s+(?:\w+\s+){{1,3}}(?:،\s*)?(?:ال)?رقم\s*\d{{1,4}}"
    r"|(?:زنقه|شارع|درب|نهج|زقاق)\s+(?:\w+\s+){1,2}(?:،\s*)?\d{1,4}"
    r"|(?:عماره|شقه|طابق|فيلا|بلوك|الطابق|الشقه|العماره|منزل|دار)\s*(?:رقم\s*)?\d+"
)


def addresses(draft: Draft) -> Iterator[Finding]:
    """The family's address by two of its words that follow each other; what looks like any other."""
    public = _public(draft)
    for text in every(draft):
        found = [words for address in draft.secrets.addresses for words in _address(text, address, public)]
        if found:
            yield found_in(text, "home_address", "stop", found)
        elif text.is_free:
            view = folded(without_urls(text.words))
            like = [view.of(found) for found in _ADDRESS.finditer(view.words)]
            if like:
                yield found_in(text, "like_address", "warn", like)


def _address(text: Text, address: str, public: frozenset[str]) -> Iterator[str]:
    """Yield where two telling words of the address stand near each other, or one beside a word for home."""
    known = {form for token in significant(address, public) for form in forms(token.said)}
    if not known & said_in(text.words):
        return
    streets = all_listed("street")
    said = significant(text.words, public)
    for one, other in near(said, NAME_WITHIN):
        told = [token for token in (one, other) if set(forms(token.said)) & known]
        names = [token for token in told if _is_name(token, streets)]
        is_pair = len(told) > 1 and bool(names) and one.said != other.said
        if is_pair or (_is_home(one) and other in names):
            yield text.words[one.start : other.end]


def _is_name(token: Token, streets: frozenset[str]) -> bool:
    """Say whether the word is more than a number or a word for a street: "12 rue" is in many addresses."""
    return not token.number and len(token.said) > 2 and not set(forms(token.said)) & streets


def _is_home(token: Token) -> bool:
    return bool(set(forms(token.said)) & all_listed("home"))


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
    """Another child of the case, named beside or instead of this one, however the name is spelt."""
    public = words_of(*draft.names, *draft.places)
    named = (
        {form for name in draft.secrets.siblings for form in words_of(name)} - public - all_listed("small")
    )
    for text in every(draft):
        found = _said(text, named)
        if found:
            yield found_in(text, "other_child", "stop", found)
        elif text.is_free and (heard := _heard(text, named, public)):
            yield found_in(text, "like_person", "warn", heard)


def people(draft: Draft) -> Iterator[Finding]:
    """Whom the family named: the whole name stops, one word of it in an officer's sentence is a warning."""
    public = _public(draft)
    for text in every(draft):
        whole = [words for person in draft.secrets.people for words in _whole_name(text, person, public)]
        if whole:
            yield found_in(text, "person_named", "stop", whole)
        elif text.is_free:
            words = {word for name in _names(draft) for word in _telling(name, public)}
            part = _said(text, words) or _heard(text, words, public)
            if part:
                yield found_in(text, "like_person", "warn", part)


def _whole_name(text: Text, person: str, public: frozenset[str]) -> Iterator[str]:
    """Yield where two telling words of the name stand together, in any order, script or spelling."""
    name = [token.said for token in significant(person) if len(token.said) > 1]
    if len(name) < 2 or not (text.is_free or said_in(text.words) & set(name)):
        return
    for one, other in near(significant(text.words), 1):
        first, second = _spelling(one, name, text), _spelling(other, name, text)
        both = {first, second} - {""}
        if len(both) > 1 and not both <= public:
            yield text.words[one.start : other.end]


def _spelling(token: Token, name: Iterable[str], text: Text) -> str:
    """Return which word of the name it is, "" for none; what was not typed is compared letter by letter."""
    same = (said for said in name if said in forms(token.said) or token.said in forms(said))
    if found := next(same, ""):
        return found
    wanted = (said for said in name if len(said) >= LEAST_HEARD and len(token.said) >= LEAST_HEARD)
    return next((said for said in wanted if text.is_free and _is_spelt(token.said, said)), "")


def _names(draft: Draft) -> Iterator[str]:
    """Yield the names the family told, and what a sentence about a companion writes with a capital."""
    yield from draft.secrets.people
    for source in draft.secrets.companion:
        yield " ".join(source[t.start : t.end] for t in tokens(source) if source[t.start].isupper())


def _telling(name: str, public: frozenset[str]) -> Iterator[str]:
    yield from (token.said for token in significant(name, public) if len(token.said) > 3 and not token.number)


def _heard(text: Text, named: Iterable[str], public: frozenset[str]) -> list[str]:
    """Return the words that are another spelling of a name, in either script; Latin ones with a capital."""
    wanted = [name for name in named if len(name) >= LEAST_HEARD]
    return [
        text.words[token.start : token.end]
        for token in tokens(text.words)
        if is_arabic(token.said) or text.words[token.start].isupper()
        if not set(forms(token.said)) & public and any(_is_spelt(token.said, name) for name in wanted)
    ]


@lru_cache(maxsize=4096)
def _is_spelt(said: str, name: str) -> bool:
    """Say whether a word is a spelling of the name: "youcef" of "youssef", "كريم" of "karim"."""
    known = names()
    return any(
        alike_names(word(form, known), word(name, known), known) >= SPELT
        for form in forms(said)
        if len(form) >= LEAST_HEARD
    )


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
            found += companions(text) if code == "suspect" else ()
            if found:
                yield found_in(text, code, "stop", _widest(found))
        vehicle = phrases(text.words, listed("vehicle", text.language))
        if vehicle:
            yield found_in(text, "vehicle", "warn", vehicle)


def _widest(found: list[str]) -> list[str]:
    """Return the stretches without those that stand inside another."""
    return [words for words in found if not any(words != other and words in other for other in found)]


def _public(draft: Draft) -> frozenset[str]:
    return words_of(*draft.names, *draft.places, *draft.known_words)


def _said(text: Text, wanted: set[str]) -> list[str]:
    return [
        text.words[token.start : token.end]
        for token in tokens(text.words)
        if not token.number and set(forms(token.said)) & wanted
    ]
