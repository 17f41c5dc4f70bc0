"""Digits of any script: Arabic-Indic, Persian, full-width and others become 0-9. Pure."""

import unicodedata

# Marks that a phone's keyboard or a copied page leaves inside a number, invisible.
_MARKS = "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_INVISIBLE = dict.fromkeys(map(ord, _MARKS))


def western(text: str) -> str:
    """Return the text with every decimal digit written 0-9, and without direction marks."""
    return "".join(map(_digit, text.translate(_INVISIBLE)))


def _digit(character: str) -> str:
    if character.isascii():
        return character
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
