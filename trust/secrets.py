"""What a family or a witness comes back with: a reference, no secret, and a secret that is shown once."""

import secrets
import string

from django.contrib.auth.hashers import check_password, make_password

from trust.codes import CodeError, new_code, normalise_code
from trust.digits import western

PREFIX = "NJ"
REFERENCE_LENGTH = 6
SECRET_DIGITS = 20  # 66 bits; ASVS 6.5.2 asks for 64
GROUP = 4


class SecretError(ValueError):
    """Not a secret: it has twenty digits."""


def new_reference() -> str:
    """Return one such as NJ-4F7K-2Q, its last character a check; a unique column sees to repeats."""
    return _written(new_code(REFERENCE_LENGTH))


def normalise_reference(text: str) -> str:
    """Return the reference as issued, typed with or without prefix and dashes. Raises CodeError."""
    try:
        return _written(normalise_code(text, REFERENCE_LENGTH))
    except CodeError:
        bare = western(text).strip().upper()
        if not bare.startswith(PREFIX):
            raise
        return _written(normalise_code(bare.removeprefix(PREFIX), REFERENCE_LENGTH))


def new_secret() -> str:
    """Return twenty digits in groups of four."""
    digits = "".join(secrets.choice(string.digits) for _ in range(SECRET_DIGITS))
    return " ".join(digits[start : start + GROUP] for start in range(0, SECRET_DIGITS, GROUP))


def normalise_secret(text: str) -> str:
    """Return the twenty digits alone, whatever script and separators they came in. Raises SecretError."""
    digits = "".join(c for c in western(text) if not c.isspace() and c not in "-‐‑–—.")
    if len(digits) != SECRET_DIGITS or not digits.isascii() or not digits.isdigit():
        raise SecretError("a secret has twenty digits")
    return digits


def hash_secret(secret: str) -> str:
    """Return the slow hash (Argon2id) to keep. Raises SecretError."""
    return make_password(normalise_secret(secret))


def check_secret(text: str, kept: str | None) -> bool:
    """Say whether the text is the secret of that hash, with the same work for an unknown reference (None)."""
    try:
        typed = normalise_secret(text)
    except SecretError:
        typed = ""
    if not kept or not typed:
        make_password(typed or "0" * SECRET_DIGITS)
        return False
    return check_password(typed, kept)


def _written(code: str) -> str:
    return f"{PREFIX}-{code[:4]}-{code[4:]}"
