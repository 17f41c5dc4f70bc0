"""A message in the two forms its words are compared in: as names are, and as chat Arabic sounds. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from geo.names import normalise
from tips.triage.lists import read

MOST_LETTERS = 4_000  # of a message that are read; the rest is for people
_NOT_WORD = re.compile(r"[^\w]+")
_ARABIC, _LATIN = re.compile("[ء-ي]"), re.compile("[a-z]")
_REPEATED = re.compile(r"([a-z])\1+")
_LONG = re.compile(r"([^\W\d])\1{2,}")  # عااااجل, heeelp
_DIGIT_INSIDE = re.compile(
    r"(?<!\w)(?:[a-z]+[235679]\w*"
    r"|[3579](?!h\d?|eme|ans?\b|e\b|km\b|m\b|pm\b|am\b|min|dh|fcfa|th\b|heures?|jours?|days?|hours?)[a-z]\w*)"
)
_VOWELS = str.maketrans("", "", "aeiouy")
_HEARD = (
    ("sh", "ch"), ("kh", "x"), ("5", "x"), ("gh", "r"), ("8", "r"), ("ou", "o"), ("oo", "o"), ("u", "o"),
    ("7", "h"), ("q", "9"), ("'", ""),
)  # fmt: skip
_LEAST_MENDED, _LONG_WORD = 5, 8
# Without these words nobody sees that a child is missing, so they are known with a slip too.
_MEANT = (
    "fille", "garcon", "enfant", "enfants", "petite", "frere", "soeur", "neveu", "niece", "cousine",
    "voisine", "disparu", "disparue", "disparition", "introuvable", "perdu", "perdue", "rentre", "rentree",
    "retrouve", "enleve", "enlevee", "kidnappe", "kidnappee", "nouvelle", "daughter", "brother", "sister",
    "nephew", "missing", "disappeared", "kidnapped", "abducted", "vanished", "school",
)  # fmt: skip
_NO_SLIPS = frozenset(
    (
        "faille", "folle", "famille", "fiole", "filles", "garcons", "perdre", "perds", "perdus", "pendu",
        "rendre", "rentrer", "rentrez", "rencontre", "cousin", "cousins", "voisin", "voisins", "voiture",
        "sitter", "bother", "petits", "petites", "retrouver", "retrouvez", "nouvel", "nouveau", "neveux",
        "sueur", "niche",
    )
)  # fmt: skip
_SHORT = {"ptit": "petit", "ptite": "petite", "pti": "petit", "ptits": "petits", "tite": "petite"}
_LAST = {"i": "i", "y": "i", "a": "a", "o": "o"}


@dataclass(frozen=True)
class Forms:
    """Hold a message as words between single blanks: plain, and as chat() leaves its Latin ones."""

    plain: str
    chat: str
    has_arabic: bool
    has_latin: bool
    has_chat: bool  # some word is Arabic in Latin letters


@lru_cache(maxsize=64)
def forms(text: str) -> Forms:
    """Return both forms of the first letters of a message; digits of any script are 0-9."""
    folded = _LONG.sub(r"\1\1", western(normalise(text[:MOST_LETTERS])))
    plain = _NOT_WORD.sub(" ", folded).replace("_", " ").strip()
    latin = bool(_LATIN.search(plain))
    chatted = latin and is_chat(plain)
    if latin and not chatted:
        plain = " ".join(map(_mended, plain.split()))
    heard = " ".join(map(chat, plain.split())) if chatted else plain
    return Forms(plain, heard, bool(_ARABIC.search(plain)), latin, chatted)


def is_chat(plain: str) -> bool:
    """Say whether normalised words hold Arabic in Latin letters: digits inside words, or its common words.

    Else French and English words would be heard as others: "dame" sounds as "dem", blood.
    """
    return bool(_DIGIT_INSIDE.search(plain)) or not _common().isdisjoint(plain.split())


@lru_cache(maxsize=16_384)
def chat(word: str) -> str:
    """Return the key of a Latin word of chat Arabic: "weldi", "wlidi" and "ouldi" have one.

    Vowels inside do not count, those at its ends do; sh is ch, 7 is h, 5 is kh, q is 9, gh is r.
    """
    if not word.isascii() or word.isdigit():
        return word
    heard = word
    for written, said in _HEARD:
        heard = heard.replace(written, said)
    heard = "w" + heard[1:] if heard[:1] == "o" and len(heard) > 3 else heard
    last = _LAST.get(heard[-1:], "")
    inner = heard[1:-1] if last else heard[1:]
    return _REPEATED.sub(r"\1", heard[:1] + inner.translate(_VOWELS)) + (last if len(heard) > 1 else "")


@lru_cache(maxsize=16_384)
def _mended(word: str) -> str:
    """Return the word of a report that a word typed in haste most likely is; any other as it is.

    One slip, two in words from eight letters on, and the first letter right (OSA: a swap is one slip).
    """
    if word in _SHORT:
        return _SHORT[word]
    if len(word) < _LEAST_MENDED or not (word.isascii() and word.isalpha()) or word in _known():
        return word
    slips = 2 if len(word) >= _LONG_WORD else 1
    near = [(OSA.distance(word, meant, score_cutoff=slips), meant) for meant in _MEANT if meant[0] == word[0]]
    best = min(near, default=(slips + 1, word))
    return best[1] if best[0] <= slips else word


@cache
def _known() -> frozenset[str]:
    """Return what is no slip: all Latin words of the lists, and those near a word of _MEANT."""
    files = (read("words.toml"), read("danger.toml"), read("hours.toml"))
    phrases = str([section for file in files for section in file.values()])
    return frozenset(re.findall("[a-z]+", phrases)) | _NO_SLIPS


def western(text: str) -> str:
    """Return the text with digits of any script as 0-9; its length stays."""
    return text if text.isascii() else "".join(map(_digit, text))


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


@cache
def _common() -> frozenset[str]:
    return frozenset(read("words.toml")["common_chat"]["dj"])
