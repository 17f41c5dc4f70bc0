"""How often a spelling in use is among those proposed for a name that the list of known names lacks.

Every second known name is hidden, the rest are learnt from, the hidden ones are spelt both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cases.names.known import COUNTRIES, Known, names
from cases.names.learnt import Speller
from cases.names.transliterate import PROPOSALS, bare, taught, without_article
from geo.names import normalise

Spell = Callable[[Speller, str], list[str]]


@dataclass(frozen=True)
class Asked:
    """Hold a word, who is to spell it, and the spellings that are in use."""

    speller: Speller
    word: str
    used: frozenset[str]


def rows() -> Iterator[tuple[str, str, int, float]]:
    """Yield (case, rival, n, share of words whose spelling was found)."""
    asked = {country: list(_asked(country)) for country in COUNTRIES}
    everyone = [one for each in asked.values() for one in each]
    yield "transliteration", "ours", len(everyone), _share(everyone, _learnt, PROPOSALS)
    yield "transliteration", "letter_by_letter", len(everyone), _share(everyone, _by_letter, PROPOSALS)
    yield "transliteration_first", "ours", len(everyone), _share(everyone, _learnt, 1)
    for country, each in asked.items():
        yield f"transliteration_{country}", "ours", len(each), _share(each, _learnt, PROPOSALS)


def _asked(country: str) -> Iterator[Asked]:
    to_arabic, to_latin = taught(names().entries[::2], country)
    for known in names().entries[1::2]:
        latin, arabic = known.latin[country], known.arabic[0]
        if not latin or " " in latin[0] + arabic:
            continue
        yield Asked(to_arabic, bare(latin[0]), _arabic(known))
        yield Asked(to_latin, without_article(bare(arabic)), frozenset(map(bare, latin)))


def _arabic(known: Known) -> frozenset[str]:
    return frozenset(without_article(normalise(spelling)) for spelling in known.arabic)


def _share(asked: list[Asked], spell: Spell, most: int) -> float:
    right = sum(not one.used.isdisjoint(_compared(spell(one.speller, one.word)[:most])) for one in asked)
    return right / len(asked)


def _compared(spellings: list[str]) -> set[str]:
    return {without_article(normalise(spelling)) for spelling in spellings}


def _learnt(speller: Speller, word: str) -> list[str]:
    return speller.spell(word)


def _by_letter(speller: Speller, word: str) -> list[str]:
    """Spell each letter as it is most often spelt, whatever stands beside it."""
    seen = speller.habits.seen
    counted = [seen.get((letter[0],)) for letter in speller.split(word)]
    return ["".join(counts.most_common(1)[0][0] for counts in counted if counts)]
