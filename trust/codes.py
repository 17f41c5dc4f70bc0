"""Codes that people read aloud and type: no look-alikes, the last character checks the others. Pure.

The alphabet has 29 characters, a prime: a sum with weights 1, 2, 3... finds every single wrong
character and every swap of two neighbours (the argument of ISO 7064).
"""

import secrets
import unicodedata

from trust.digits import western

ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
_LOOK_ALIKES = str.maketrans("OILZSBU", "011258V")
_SEPARATORS = " -‐‑‒–—_./\u00a0\t"
CODE_LENGTH = 8


class CodeError(ValueError):
    """Not a code: a wrong length, a foreign character, or a mistyped one."""


def new_code(length: int = CODE_LENGTH) -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + check_character(body)


def normalise_code(text: str, length: int = CODE_LENGTH) -> str:
    """Return the code as it was issued: any script's digits, any case, look-alikes and separators mended.

    Raises CodeError when it is none.
    """
    plain = unicodedata.normalize("NFKC", western(text)).upper()
    code = "".join(c for c in plain.translate(_LOOK_ALIKES) if c not in _SEPARATORS)
    if len(code) != length or any(c not in ALPHABET for c in code):
        raise CodeError("not a code")
    if check_character(code[:-1]) != code[-1]:
        raise CodeError("mistyped code")
    return code


def check_character(body: str) -> str:
    total = sum(weight * ALPHABET.index(c) for weight, c in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]
