"""One spelling for names typed in many ways."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ڭ": "ك", "گ": "ك",
        "ؤ": "و", "ئ": "ي", "ـ": None, "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "ı": "i",
    }
)  # fmt: skip
_DROPPED = frozenset({"Mn", "Me", "Cf", "Cc"})  # accents and tashkeel; bidi and zero-width marks; controls
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—_'’‘ʼʿʾ`´.,;:/()،؛]+")


def normalise(text: str) -> str:
    """Return text for comparison: NFKC, case folded, without accents, tashkeel, tatweel and format marks.

    أ إ آ become ا, ى becomes ي, ة becomes ه; hyphens, apostrophes and the like become one space.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    letters = unicodedata.normalize("NFKD", folded)
    bare = "".join(c for c in letters if unicodedata.category(c) not in _DROPPED)
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFC", bare)).strip()
