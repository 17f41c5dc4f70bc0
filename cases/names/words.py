"""One word of a name beside one word of another: known names first, then sounds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from rapidfuzz.distance import OSA

from cases.names.distance import distance
from cases.names.known import Names
from cases.names.parts import is_arabic
from cases.names.sounds import sounds

SPELT_OTHERWISE = 0.98  # two spellings of one known name
SHORT_FORM = 0.86  # Simo for Mohamed, Hamid for Abdelhamid
OTHER_NAME = 0.4  # at most for two different known names, however near their sounds
PER_LETTER = 2.0  # likeness lost to a letter's cost in a word of one letter
TYPING_MISTAKE = 0.82  # one letter of a known name dropped, doubled, mistaken or in the wrong place
TYPED_TWICE = 0.75  # the same where neither is known: two families may be told apart by that letter
LONG_ENOUGH, LONG_ENOUGH_ARABIC = 5, 4  # letters, for one to be a mistake
LEAST_LIKE = 0.5  # words less alike are not alike at all

_MEANT = frozenset("aeioy\u0627\u0647\u064a\u0648")  # a last letter that makes another name: Karim, Karima
_CONSONANTS = frozenset("bpvftTdDjgGqkxhrzZsSlmnyw")
_STEMS = (("abd", "عبد"), ("abou", "ابو"), ("ben", "بن"), ("bel", "بل"), ("ait", "ايت"), ("bou", "بو"))
_STEM_LETTERS = 2  # that must be left of a word without its ben or abd


@dataclass(frozen=True)
class Word:
    """Hold one part of a name as it is compared; ids are the known names it may spell or be short for."""

    text: str
    arabic: bool
    sounds: tuple[str, ...]
    spelt: bool  # one of its known spellings
    ids: frozenset[int]
    short: frozenset[int]
    kinds: frozenset[str]

    @property
    def is_family(self) -> bool:
        return self.kinds == {"s"}

    @property
    def is_given(self) -> bool:
        return bool(self.kinds & {"m", "f"})


def word(text: str, known: Names) -> Word:
    """Return a part of a name, or several joined by a space, ready to compare."""
    arabic, ids = is_arabic(text), known.find(text)
    if not ids and arabic and text.startswith("ال"):
        ids = known.find(text[2:])
    short = known.short.get(text, frozenset())
    return Word(
        text, arabic, sounds(text.replace(" ", "")), text in known.spelt, ids, short, known.kinds(ids | short)
    )


def alike(a: Word, b: Word, known: Names) -> float:
    """Return 0..1 how alike two words are."""
    if a.text == b.text:
        return 1.0
    if min(len(a.text), len(b.text)) == 1:  # M. Alaoui
        return SHORT_FORM if a.text[0] == b.text[0] else 0.0
    if _is_girls_form(a, b, known) or _is_girls_form(b, a, known):
        return OTHER_NAME
    if a.ids & b.ids:
        return SPELT_OTHERWISE
    if a.ids & b.short or a.short & b.ids or a.short & b.short or _servant_of(a, b, known):
        return SHORT_FORM
    heard = _heard(a, b, known)
    if a.ids and b.ids:
        return min(heard, OTHER_NAME)
    return max(heard, _mistyped(a, b))


def _mistyped(a: Word, b: Word) -> float:
    short, long = sorted((a.text, b.text), key=len)
    if a.arabic != b.arabic or len(short) < _least_letters(a) or short[0] != long[0]:
        return 0.0
    if (long[:-1] == short and long[-1] in _MEANT) or OSA.distance(short, long, score_cutoff=1) > 1:
        return 0.0
    if a.ids or b.ids:
        return TYPING_MISTAKE
    substituted = len(short) == len(long) and sorted(short) != sorted(long)
    return 0.0 if substituted else TYPED_TWICE


def _least_letters(a: Word) -> int:
    return LONG_ENOUGH_ARABIC if a.arabic else LONG_ENOUGH


def _is_girls_form(a: Word, b: Word, known: Names) -> bool:
    """Return whether b, of no known spelling itself, is the French boy's name a with a mute e."""
    if b.text != a.text + "e" or b.spelt or not a.spelt:
        return False
    return any(known.entries[at].is_french_boy for at in a.ids)


def _servant_of(a: Word, b: Word, known: Names) -> bool:
    """Return whether one is the other with Abd before it."""
    (stem_a, rest_a), (stem_b, rest_b) = _stem(a.text), _stem(b.text)
    if (stem_a == "abd") == (stem_b == "abd"):
        return False
    rest, other = (rest_a, b) if stem_a == "abd" else (rest_b, a)
    return rest == other.text or bool(known.find(rest) & other.ids)


def _stem(text: str) -> tuple[str, str]:
    for latin, arabic in _STEMS:
        for prefix in (latin, arabic):
            if text.startswith(prefix) and len(text) - len(prefix) >= _STEM_LETTERS:
                return latin, text[len(prefix) :]
    return "", text


def _heard(a: Word, b: Word, known: Names) -> float:
    """Return how alike two words sound; of two sons of, or servants of, what comes after decides."""
    bare = (a.arabic, b.arabic)
    whole = max((_near(one, other, bare) for one, other in product(a.sounds, b.sounds)), default=0.0)
    (stem_a, rest_a), (stem_b, rest_b) = _stem(a.text), _stem(b.text)
    if stem_a != stem_b or not stem_a:
        return whole
    one, other = word(rest_a, known), word(rest_b, known)
    after = alike(one, other, known)
    return after if stem_a == "abd" or (one.ids and other.ids) else max(after, whole)


def _near(one: str, other: str, bare: tuple[bool, bool]) -> float:
    letters = max(len(one), len(other))
    limit = letters * (1 - LEAST_LIKE) / PER_LETTER
    apart = distance(one, other, bare=bare, limit=limit)
    if apart > limit:
        return 0.0
    near = 1 - PER_LETTER * apart / letters
    return min(near, OTHER_NAME) if _is_other_sex(one, other, bare) else near


def _is_other_sex(one: str, other: str, bare: tuple[bool, bool]) -> bool:
    """Return whether one ends in a girl's mark and the other in a consonant."""
    marks = "@Q" if any(bare) else "@QE"
    return (one[-1] in marks and other[-1] in _CONSONANTS) or (other[-1] in marks and one[-1] in _CONSONANTS)
