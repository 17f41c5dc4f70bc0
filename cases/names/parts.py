"""The words a name is compared by: particles joined to what they belong to, articles and titles left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from geo.names import normalise

MAX_LETTERS, MAX_WORDS = 120, 6  # of one name; what is longer is no name

_LATIN = re.compile(r"[a-z]")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘ʼʿʾ`´](?=\w)")
_NASAL = re.compile(r"\b([mn]) (?=[bdghkpstvz])", re.IGNORECASE)  # M hamed, N dong
_MORE_LETTERS = str.maketrans(
    {"چ": "ج", "ɛ": "a", "ε": "a", "ɣ": "gh", "γ": "gh"}
    | dict(zip("ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵄⵇⵉⵊⵍⵎⵏⵔⵕⵙⵚⵜⵟⵡⵢⵣⵥ", "abgddefkhhaqijlmnrrssttwyzz", strict=True))
    | {"ⵅ": "kh", "ⵓ": "ou", "ⵖ": "gh", "ⵛ": "ch", "ⵯ": "w", "ⵒ": "p", "ⵞ": "tch"}
)  # Tifinagh, and the Latin letters of Tamazight
_DIGITS = str.maketrans({"2": "", "5": "kh", "6": "t", "7": "h", "8": "gh", "9": "q"})  # as typed in chats
_OPEN_3 = re.compile(r"(?:^3|(?<=[^aeiou])3)(?=[^aeiou]|$)")  # an ayn that stands for its vowel


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ARTICLES = _set("el al l ul il er es ez en ed et ech esh ash as ar ad at an az de du des da la le ال")
_TITLES = _set("moulay my lalla lala sidi si haj hadj hajj hajja hadja mr mme mlle")
_TITLES |= _set("سيدي مولاي لاله حاج الحاج الحاجه")
_KIN = {  # by each spelling, the one compared
    spelling: kin
    for kin, spellings in {
        "ben": "ben bin ibn",
        "bel": "bel",
        "bent": "bent bint",
        "ould": "ould oulad ouled wuld",
        "ait": "ait ayt",
        "bou": "bou",
        "abou": "abou abu abi aboul abul abo",
        "oum": "oum umm om umu",
        "بن": "بن ابن",
        "بل": "بل",
        "بنت": "بنت",
        "ولد": "ولد",
        "ايت": "ايت",
        "بو": "بو",
        "ابو": "ابو ابي",
        "ام": "ام",
    }.items()
    for spelling in spellings.split()
}
_SERVANT = _set("abd abdel abdul abdoul abdal abder abdes abden abdur عبد")
_FAITH = _set(
    "din dine deen eddine eddin eddeen addin addine eldin eldine eldeen aldin aldeen uddin الدين دين"
)
_GOD = _set("allah ullah الله")

_ABD = re.compile(r"^abd(?:[aeou]{1,2}(?:l|([rsnztdj])(?=\1))?)?(?=.{3})(.*)$")
_ABD_ARABIC = re.compile(r"^عبد(?:ال(?!ه$))?(?=..)(.*)$")
_EDDINE = re.compile(r"^(.{3,}?)[aeiou]{0,2}(?:dd|ld)[iey]+ne?$")
_EDDINE_ARABIC = re.compile(r"^(.{2,})الدين$")


def parts(name: str) -> tuple[str, ...]:
    """Return the normalised words of a name in their order; () where it holds no letter."""
    bare = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", name[:MAX_LETTERS]).translate(_MORE_LETTERS))
    bare = _NASAL.sub(r"\1", bare)
    words = [word for word in map(_letters, normalise(bare).split()) if word]
    return tuple(_joined(map(canonical, _without_titles(words))))[:MAX_WORDS]


def is_arabic(word: str) -> bool:
    return bool(_ARABIC.search(word))


def canonical(word: str) -> str:
    """Return a word with the article inside it left out: abdelhak as abdhak, nour-eddine as nourdin."""
    if is_arabic(word):
        if found := _ABD_ARABIC.match(word):
            return "عبد" + found[1]
        found = _EDDINE_ARABIC.match(word)
        return found[1] + "دين" if found else word
    if found := _ABD.match(word):
        return "abd" + found[2]
    found = _EDDINE.match(word)
    return found[1] + "din" if found else word


def _letters(word: str) -> str:
    if _LATIN.search(word):
        word = _OPEN_3.sub("a", word.translate(_DIGITS)).replace("3", "")
    return "".join(letter for letter in word if letter.isalpha())


def _without_titles(words: list[str]) -> list[str]:
    kept = [word for word in words if word not in _ARTICLES] or words
    while len(kept) > 1 and kept[0] in _TITLES:
        kept = kept[1:]
    return kept


def _joined(words: Iterable[str]) -> list[str]:
    """Return the words with ben, abou, abd, ... before and din, allah after joined to their neighbours."""
    done: list[str] = []
    for word in reversed(list(words)):
        after = done.pop() if done else ""
        if after in _FAITH:
            done.append(word + ("دين" if is_arabic(word) else "din"))
        elif after in _GOD:
            done.append(_with_god(word, after))
        elif after and word in _SERVANT:
            done.append(("عبد" + _bare(after)) if is_arabic(word) else f"abd{after}")
        elif after and word in _KIN:
            done.append(_KIN[word] + _bare(after))
        else:
            done.extend(filter(None, (after, word)))
    return done[::-1]


def _with_god(word: str, god: str) -> str:
    if word in _SERVANT:
        return "عبدله" if is_arabic(word) else "abdlah"
    return word + god


def _bare(word: str) -> str:
    """Return an Arabic word without its article."""
    return word[2:] if word.startswith("ال") and len(word) > 4 else word
