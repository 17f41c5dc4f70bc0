"""One key for the spellings of one name: French and English ways, articles, quarter words, chat digits.

Looser than names.normalise(), for places only: two people of one key are two people.
"""

from __future__ import annotations

import re

from geo.names import normalise
from geo.placefile import barred

_ARTICLES = frozenset(
    barred("el|al|l|la|le|les|ech|esh|ash|ach|es|as|ed|ad|er|ar|en|an|at|ez|az|de|du|des|d|of|the")
)
_QUARTER = frozenset(barred("hay|hai|hayy|hey|quartier|cartier|kartier|qartier|quarter|district|حي|الحي"))
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_CHAT = {"2": "", "3": "a", "5": "kh", "6": "t", "7": "h", "9": "k"}  # ء ع خ ط ح ق, as typed without Arabic
_CHAT_DIGIT = re.compile(r"(?<!\d)[235679](?=[a-z])|(?<=[a-z]{3})[379](?!\d)")
_SOUNDS = (
    ("tch", "sh"), ("ch", "sh"), ("ou", "u"), ("oo", "u"), ("w", "u"), ("o", "u"), ("y", "i"), ("ee", "i"),
    ("ph", "f"), ("dj", "j"), ("rh", "gh"), ("ck", "k"), ("qu", "k"), ("q", "k"), ("th", "t"), ("dh", "d"),
)  # fmt: skip
_SOFT_C = re.compile(r"c(?=[ei])")
_DOUBLED = re.compile(r"(\D)\1+")
_SILENT = re.compile(r"(?<=[a-z]{3}[b-df-hj-np-tv-xz])e$|(?<=[a-z]{2}[aeiu])h$")


def loose(text: str) -> str:
    """Return the key of a place's name: "7ay Ryad", "Hay Riad" and "quartier Riyadh" have one.

    What holds articles and quarter words alone keeps them.
    """
    tokens = normalise(text).translate(_DIGITS).split()
    tokens = [_unchat(token) for token in tokens]
    kept = [token for token in tokens if token not in _ARTICLES and token not in _QUARTER] or tokens
    return " ".join(filter(None, (_token(token) for token in kept)))


def _unchat(token: str) -> str:
    return _CHAT_DIGIT.sub(lambda digit: _CHAT[digit.group()], token)


def _token(token: str) -> str:
    return _latin(token) if token.isascii() else _arabic(token)


def _latin(token: str) -> str:
    for written, heard in _SOUNDS:
        token = token.replace(written, heard)
    token = _SOFT_C.sub("s", token).replace("c", "k")
    return _DOUBLED.sub(r"\1", _SILENT.sub("", _DOUBLED.sub(r"\1", token)))


def _arabic(token: str) -> str:
    if token.startswith("ال") and len(token) > 4:
        token = token[2:]
    token = token.replace("ء", "").replace("ڤ", "ف").replace("چ", "ج").replace("پ", "ب")
    return token[:-1] + "ا" if token.endswith("ه") and len(token) > 3 else token
