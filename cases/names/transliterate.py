"""Spellings of a name in the other script, proposed and never imposed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product

from cases.names.known import COUNTRIES, Known, Names, names
from cases.names.learnt import Speller, Unit, beside, graphemes
from cases.names.parts import MAX_LETTERS, MAX_WORDS, is_arabic, parts

PROPOSALS = 3
LONGEST = 3  # words of a known name: Fatima Ez Zahra
FIRST_SPELLING, OTHER_SPELLING = 3, 1  # weight in what is learnt: the likeliest counts more
_BREAKS = re.compile(r"[\s\-‐‑]+")
_SONS = {"ben": "بن", "bou": "بو", "بن": "ben", "بو": "bou"}
_ARTICLES = frozenset(("el", "al"))
_NOT_LETTERS = re.compile(r"[^\w]|\d|_")


def proposals(name: str, country: str) -> tuple[str, ...]:
    """Return up to three spellings of name in the other script, best first; country is ma, eg or ga.

    Latin becomes Arabic, Arabic becomes Latin in the country's habit. () where a word cannot be spelt.
    """
    if country not in COUNTRIES:
        raise ValueError(f"country must be one of {', '.join(COUNTRIES)}")
    words = _BREAKS.split(unicodedata.normalize("NFKC", name[:MAX_LETTERS]).strip())
    choices = list(_choices([word for word in words if parts(word)][:MAX_WORDS], country))
    if not choices or not all(choices):
        return ()  # half a name is worse than none
    ranked = sorted(product(*(list(enumerate(choice)) for choice in choices)), key=_rank)
    spelt = dict.fromkeys(" ".join(word for _, word in row) for row in ranked)
    return tuple(spelt)[:PROPOSALS]


def _rank(row: tuple[tuple[int, str], ...]) -> int:
    return sum(place for place, _ in row)


def _choices(words: list[str], country: str) -> Iterator[list[str]]:
    """Yield the spellings of each known name, or word, in turn."""
    while words:
        for size in range(min(LONGEST, len(words)), 0, -1):
            found = known_spellings(" ".join(words[:size]), country, names())
            if found:
                break
        else:
            size = 2 if words[0].lower() in _ARTICLES and len(words) > 1 else 1
            found = ruled(words[:size], country)
        yield found[:PROPOSALS]
        words = words[size:]


def known_spellings(name: str, country: str, known: Names) -> list[str]:
    """Return how the known names that name may spell are spelt in the other script."""
    arabic = is_arabic(name)
    entries = [known.entries[at] for at in sorted(known.find(" ".join(parts(name))))]
    spelt = (_latin(entry, country) if arabic else entry.arabic for entry in entries)
    return list(dict.fromkeys(spelling for each in zip_ranks(list(spelt)) for spelling in each))


def zip_ranks(rows: list[tuple[str, ...]]) -> Iterator[list[str]]:
    """Yield all the first ones, all the second ones, ..."""
    for place in range(max(map(len, rows), default=0)):
        yield [row[place] for row in rows if place < len(row)]


def _latin(entry: Known, country: str) -> tuple[str, ...]:
    order = (country, "ma", "ga", "eg")
    return next((entry.latin[habit] for habit in order if entry.latin[habit]), ())


def ruled(words: list[str], country: str) -> list[str]:
    """Return spellings of words that are no known name, an article first or alone."""
    arabic_to, latin_to = spellers(country)
    word = bare(words[-1])
    if son := _son(word, country):
        return son
    if is_arabic(word):
        found = [spelt.capitalize() for spelt in latin_to.spell(without_article(word))]
        return found if word == without_article(word) else [f"El {spelt}" for spelt in found]
    found = list(filter(None, arabic_to.spell(word)))
    return ["ال" + spelt for spelt in found] if len(words) > 1 else found


def _son(word: str, country: str) -> list[str]:
    """Return the spellings of a known name with ben or bou before it: Boukarim."""
    for prefix, other in _SONS.items():
        rest = word.removeprefix(prefix)
        if len(word) > len(rest) > 2 and (found := known_spellings(rest, country, names())):
            return [(other + without_article(spelt).lower()).capitalize() for spelt in found]
    return []


def without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def bare(word: str) -> str:
    """Return a word in lower case without accents, marks and digits; Arabic keeps its hamzas."""
    text = word.casefold()
    if not is_arabic(text):
        text = unicodedata.normalize("NFD", text.replace("œ", "oe"))
    return _NOT_LETTERS.sub("", "".join(letter for letter in text if not unicodedata.combining(letter)))


@cache
def spellers(country: str) -> tuple[Speller, Speller]:
    """Return who spells in Arabic and who spells in Latin, in a country's habit (0.5 s a country, once)."""
    return taught(names().entries, country)


def taught(entries: tuple[Known, ...], country: str) -> tuple[Speller, Speller]:
    to_arabic, to_latin = Speller(graphemes), Speller(list)
    for entry in entries:
        if country != "ga" and not (entry.latin["ma"] or entry.latin["eg"]):
            continue  # Gabon's names are spelt by French rules
        latin = dict.fromkeys(
            (*_latin(entry, country), *(s for habit in entry.latin.values() for s in habit))
        )
        for place, spelling in enumerate(latin):
            weight = OTHER_SPELLING if place else FIRST_SPELLING
            for units in _units(spelling, entry.arabic[0]):
                to_arabic.learn(units, weight)
                if spelling in _latin(entry, country)[:2]:
                    to_latin.learn(turned(units), weight)
    return to_arabic, to_latin


def _units(latin: str, arabic: str) -> Iterator[list[Unit]]:
    """Yield the letters of two words side by side; of names of several words nothing."""
    if " " in latin + arabic:
        return
    if units := beside(bare(latin), without_article(arabic)):
        yield units


def turned(units: list[Unit]) -> list[Unit]:
    """Return the same the other way: each Arabic letter with the Latin ones up to the next."""
    found: list[Unit] = []
    opening = ""
    for latin, arabic in units:
        if arabic:
            found += [(arabic[0], opening + latin), *((letter, "") for letter in arabic[1:])]
            opening = ""
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + latin)
        else:
            opening += latin
    return found
