"""Words and sounds of a name, so that one child typed in two scripts can be found. Pure: no Django.

A sound is the row of consonants that Arabic and Latin spellings of Maghrebi, Egyptian and Gabonese names
share: vowels, doubled letters and a leading article are dropped. Own compilation; measured by bench.names.
"""

from __future__ import annotations

import re

from geo.names import normalise

_ARABIC = {
    "ب": "b", "پ": "b", "ت": "t", "ث": "t", "ط": "t", "ج": "g", "غ": "g", "ح": "h", "ه": "h", "خ": "k",
    "ق": "k", "ك": "k", "د": "d", "ذ": "d", "ض": "d", "ظ": "d", "ر": "r", "ز": "z", "س": "s", "ش": "s",
    "ص": "s", "ف": "f", "ڤ": "f", "ل": "l", "م": "m", "ن": "n", "ا": "", "و": "", "ي": "", "ع": "", "ء": "",
}  # fmt: skip
_LATIN = {
    "kh": "k", "gh": "g", "ch": "s", "sh": "s", "th": "t", "dh": "d", "dj": "g", "ph": "f", "qu": "k",
    "b": "b", "p": "b", "t": "t", "j": "g", "g": "g", "h": "h", "k": "k", "q": "k", "c": "k", "d": "d",
    "r": "r", "z": "z", "s": "s", "x": "ks", "f": "f", "v": "f", "l": "l", "m": "m", "n": "n",
}  # fmt: skip
_ARTICLE = re.compile(r"^(?:al|el|ال)(?=.{3})")
_PARTICLES = frozenset({"al", "el", "ben", "bin", "bent", "bint", "ibn", "بن", "بنت", "ابن", "ال"})


def words(name: str) -> tuple[str, ...]:
    """Return the normalised words of a name, particles left out, each once."""
    found = [_ARTICLE.sub("", word) for word in normalise(name).split() if word not in _PARTICLES]
    return tuple(dict.fromkeys(found))


def sound(word: str) -> str:
    """Return the consonants of a normalised word; "" where it has none to tell it by."""
    sounds, rest = "", word
    while rest:
        step = 2 if rest[:2] in _LATIN else 1
        sounds += _LATIN.get(rest[:step]) or _ARABIC.get(rest[:step], "")
        rest = rest[step:]
    bare = re.sub(r"(.)\1+", r"\1", sounds)
    return bare[:-1] if len(bare) > 2 and bare.endswith("h") else bare


def tokens(*names: str) -> set[tuple[str, str]]:
    """Return {("word", …), ("sound", …)} of all the names given."""
    found = {word for name in names for word in words(name)}
    heard = {sound(word) for word in found}
    return {("word", word) for word in found} | {("sound", told) for told in heard if len(told) > 1}
