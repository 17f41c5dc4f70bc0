"""How a normalised word sounds, in one alphabet for both scripts.

A sound is one character. Small letters are consonants and short vowels; S is sh, x is kh, G gh, T th, D dh,
Z the z of ظ, ~ a nasal before a consonant. @ is a final a and E a final -lle, -nne (the marks of a girl's
name), J a final i, V an ou in the last syllable, which Arabic would write. Arabic writes long vowels only:
A, I, U within, Y a final ya, W a final waw, Q a final ة or ه, O an opening alif, 3 the ayn.
Own compilation from public knowledge of Moroccan, Egyptian and Gabonese spellings.
"""

from __future__ import annotations

import re

from cases.names.parts import is_arabic

_ARABIC = {
    "ب": "b", "پ": "b", "ت": "t", "ث": "T", "ج": "j", "ح": "h", "خ": "x", "د": "d", "ذ": "D", "ر": "r",
    "ز": "z", "س": "s", "ش": "S", "ص": "s", "ض": "d", "ط": "t", "ظ": "Z", "ع": "3", "غ": "G", "ف": "f",
    "ڤ": "v", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ا": "A", "و": "U", "ي": "I",
}  # fmt: skip
_ENDING = {"ه": "Q", "ا": "@", "ي": "Y", "و": "W"}
_MANY = {
    "tch": "S", "sch": "S", "ch": "S", "sh": "S", "kh": "x", "gh": "G", "dj": "j", "th": "T", "dh": "D",
    "rh": "G", "ph": "f", "qu": "k", "ck": "k", "cc": "k", "ou": "u", "oo": "u", "ee": "i", "aa": "a",
    "ii": "i",
}  # fmt: skip
_ONE = {"c": "k", "x": "ks", "y": "i", "I": "J", "Y": "y"} | {
    letter: letter for letter in "abdefghijklmnopqrstuvwzEV@~"
}
_SOFT_C = re.compile(r"c(?=[eiy])")
_HARD_GU = re.compile(r"gu(?=[eiy])")
_GLIDE_W = re.compile(r"(?:ou|u)(?=[aeiyI])")
_GLIDE_Y = re.compile(r"y(?=[aeou])|(?<=[aeou])i(?=[aeou])|i(?=a{1,2}h?$|ae$)")
_FINAL_A = re.compile(r"(?:aa?|ae|eh)$")
_FINAL_I = re.compile(r"(?<=.)(?:ie?|y)$")
_FEMININE = re.compile(r"(?<=e[ln])[ln]e$")
_LATE_U = re.compile(r"(?<=..)(?:ou|oo|u)(?=[^aeiouy@]+$)")
_MUTE_E = re.compile(r"(?<=[^aeiou])e$")
_NASAL = re.compile(r"^[mn](?=[bdgkpstvz])")
_TOKEN = re.compile("|".join([*sorted(_MANY, key=len, reverse=True), "."]))
_SPLIT = re.compile(r"(?<=[dst])(?=h)|(?<=d)(?=j)")  # Ad-ham, Is-hak
_TWICE = re.compile(r"(.)\1+")
_LATIN_ARTICLE = re.compile(r"^[ea]?l(?=[^aeiou].{2})|^(?:el|al)(?=.{3})|^l(?=[aeio].{4})")


def sounds(word: str) -> tuple[str, ...]:
    """Return the ways a normalised word may sound, the likeliest first; () where it has no letter we know."""
    found = _arabic(word) if is_arabic(word) else _latin(word)
    return tuple(dict.fromkeys(filter(None, found)))


def _latin(word: str) -> list[str]:
    if word.startswith("abd") and len(word) > 5:  # Abdelhak without its article has no dh
        return [f"abd{rest}" for rest in _latin(word[3:])]
    found = [_latin_sound(word)]
    if word.endswith("ah"):  # Fatimah or Salah: a final a, or a true h
        found.append(_latin_sound(word[:-1]))
    if _SPLIT.search(word):
        found.append(_latin_sound(_SPLIT.sub("-", word)))
    if article := _LATIN_ARTICLE.match(word):
        found.append(_latin_sound(word[article.end() :]))
    return found


def _latin_sound(word: str) -> str:
    text = _FINAL_I.sub("I", _FEMININE.sub("E", word))
    text = _MUTE_E.sub("", text) if len(text) > 3 else text
    text = _HARD_GU.sub("g", _SOFT_C.sub("s", text))
    text = _LATE_U.sub("V", _GLIDE_Y.sub("Y", _GLIDE_W.sub("w", text)))
    text = _NASAL.sub("~", _FINAL_A.sub("@", text))
    told = "".join(_MANY.get(bit) or _ONE.get(bit, "") for bit in _TOKEN.findall(text))
    return _TWICE.sub(r"\1", told)


def _arabic(word: str) -> list[str]:
    found = [_arabic_sound(word)]
    if word[:2] in ("اي", "او"):  # Iman or Ayman, Oumar or Aouatif
        found.append(_arabic_sound(word[1:]))
    if word.startswith("ال") and len(word) > 4:
        found.insert(0, _arabic_sound(word[2:]))
    return found


def _arabic_sound(word: str) -> str:
    letters = [letter for letter in word if letter in _ARABIC]
    told = [_ARABIC[letter] for letter in letters]
    if told[:1] == ["A"]:
        told[0] = "O"
    if len(told) > 1:
        told[-1] = _ENDING.get(letters[-1], told[-1])
    if told[-2:-1] == ["I"] and told[-1] in "Q@":  # Samia: a consonant
        told[-2] = "y"
    return _TWICE.sub(r"\1", "".join(told))


_FOLD = str.maketrans(
    {
        "p": "b", "v": "f", "T": "t", "D": "d", "Z": "d", "S": "s", "j": "k", "g": "k", "G": "k", "q": "k",
        "x": "k", "~": None, "3": None, "A": None, "O": None, "@": None, "Q": None, "a": None, "e": None,
        "o": None, "u": None, "i": None, "y": None, "w": None, "I": None, "U": None, "Y": None, "W": None,
        "E": None, "V": None, "J": None,
    }
)  # fmt: skip
_FEW = str.maketrans(
    {"i": "y", "J": "y", "I": "y", "Y": "y", "u": "w", "o": "w", "U": "w", "V": "w", "W": "w"}
)
LONG_ENOUGH = 2  # consonants that tell a name; below it the glides count too


def skeletons(sound: str) -> set[str]:
    """Return the rows of consonants a sound shares with its other spellings, coarse on purpose."""
    found = {_row(sound)}
    if "T" in sound or "D" in sound or "Z" in sound:  # Othman, Osman; Dafer, Zafer
        found.add(_row(sound.replace("T", "s").replace("D", "z").replace("Z", "z")))
    return {row for row in found if row}


def _row(sound: str) -> str:
    bare = _TWICE.sub(r"\1", sound.translate(_FOLD))
    if len(bare) > LONG_ENOUGH and bare.endswith("h"):
        bare = bare[:-1]
    if len(bare) >= LONG_ENOUGH:
        return bare
    glides = "".join(s for s in sound.translate(_FEW) if s in "yw" or s.translate(_FOLD))
    return _TWICE.sub(r"\1", glides.translate({k: v for k, v in _FOLD.items() if chr(k) not in "yw"}))
