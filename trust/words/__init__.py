"""The words a secret is written in: 7,776 a language, in files beside this one. Pure.

Spelling does not count: accents, hamzas, taa marbuta, the Arabic article, case. Spelt so, a word stands in
one list only, once, so that a word alone says its language. bin/data/make_words.py writes the files.
"""

import functools
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

COUNT = 7776
LANGUAGES = ("ar", "fr", "en")
FOLDER = Path(__file__).parent
ARTICLE = "ال"
MAX_SLIPS = 2  # letters wrong, missing, too many or swapped, up to which a word is still guessed
# Letters that are written for each other, by habit or by a keyboard of another language.
_ALIKE = str.maketrans({
    "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ڪ": "ك", "ہ": "ه", "ھ": "ه", "ە": "ه", "ٱ": "ا",
    "ء": None, "ـ": None, "œ": "oe", "æ": "ae", "ß": "ss", "’": None, "'": None,
})  # fmt: skip


class WordsError(Exception):
    """A list is missing or not one of 7,776 different words; the text says which."""


@dataclass(frozen=True)
class Unknown:
    """A word that is not in the list, and the one that was probably meant ("" when none is near)."""

    word: str
    suggestion: str


def folded(word: str) -> str:
    """Return the word as it is compared: without case, accents, hamzas, vowel signs and Arabic article."""
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(_ALIKE)
    bare = "".join(c for c in plain if unicodedata.category(c) not in {"Mn", "Cf"})
    return bare.removeprefix(ARTICLE) if len(bare) > len(ARTICLE) + 1 else bare


@functools.cache
def listed(language: str) -> tuple[str, ...]:
    """Return a language's list; one without a list reads English. Raises WordsError."""
    path = FOLDER / f"{language if language in LANGUAGES else 'en'}.txt"
    try:
        words = tuple(path.read_text(encoding="utf-8").split())
    except (OSError, UnicodeError) as fault:
        raise WordsError(f"{path.name} in trust/words cannot be read") from fault
    if len(words) != COUNT or len(set(map(folded, words))) != COUNT:
        raise WordsError(f"{path.name} in trust/words does not hold {COUNT} different words")
    return words


def spell(numbers: list[int], language: str) -> str:
    """Return the words at these places of a language's list, with spaces between. Raises WordsError."""
    words = listed(language)
    return " ".join(words[number] for number in numbers)


def read(typed: list[str]) -> list[int] | None:
    """Return the places of words that all stand in one language's list, else None. Raises WordsError."""
    found = [_place(word) for word in typed]
    known = [place for place in found if place]
    if len(known) != len(typed) or len({language for language, _ in known}) != 1:
        return None
    return [number for _, number in known]


def first_unknown(typed: list[str]) -> Unknown | None:
    """Return the first word that is not in the language most of them are in; None when there is none."""
    if not typed:
        return None
    language = _language(typed)
    for word in typed:
        place = _place(word)
        if place is None or place[0] != language:
            return Unknown(word, _nearest(folded(word), language))
    return None


def _language(typed: list[str]) -> str:
    """Return the language of most known words; where none is known, that of the letters."""
    found = Counter(place[0] for word in typed if (place := _place(word)))
    if found:
        return found.most_common(1)[0][0]
    if any("ARABIC" in unicodedata.name(c, "") for c in "".join(typed)):
        return "ar"
    accents = any(c.isalpha() and not c.isascii() for c in "".join(typed))
    return "fr" if accents else ""


def _nearest(word: str, language: str) -> str:
    """Return the list's word within MAX_SLIPS of this one, of all Latin lists when the language is open."""
    slips = min(MAX_SLIPS, len(word) // 2)
    places = _spellings(language)
    best = process.extractOne(
        word, places.keys(), scorer=DamerauLevenshtein.distance, processor=None, score_cutoff=slips
    )
    return places[best[0]] if best else ""


def _place(word: str) -> tuple[str, int] | None:
    """Return language and number of a typed word; an article before a word that begins like one falls too."""
    spelt = folded(word)
    return _index().get(spelt) or _index().get(folded(spelt))


@functools.cache
def _spellings(language: str) -> dict[str, str]:
    languages = (language,) if language else ("fr", "en")
    return {folded(word): word for each in languages for word in listed(each)}


@functools.cache
def _index() -> dict[str, tuple[str, int]]:
    index: dict[str, tuple[str, int]] = {}
    for language in LANGUAGES:
        for number, word in enumerate(listed(language)):
            if index.setdefault(folded(word), (language, number)) != (language, number):
                raise WordsError(f"“{word}” stands in two lists of trust/words")
    return index


def check() -> None:
    """Raise WordsError unless every list is whole and no word stands in two."""
    _index()
