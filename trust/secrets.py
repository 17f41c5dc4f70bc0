"""What a family or a witness comes back with: a reference, no secret, and a secret that is shown once.

A secret is one number below 7,776⁵ (64.6 bits; ASVS 6.5.2 asks for 64). It is shown as five words of the
reader's language or as twenty digits, and typed back as either, in any of the languages.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field

from django.contrib.auth.hashers import check_password, make_password

from trust import keys, words
from trust.codes import CodeError, new_code, normalise_code
from trust.digits import western

PREFIX = "NJ"
REFERENCE_LENGTH = 6
SECRET_DIGITS = 20
SECRET_WORDS = 5
GROUP = 4
NUMBERS = words.COUNT**SECRET_WORDS
KEYED = "keyed$"  # before a keyed_hash(); what Django hashes begins with the name of its hasher
MAX_TYPED = 400  # characters; the longest five words with all their signs have a quarter of it
_BETWEEN_DIGITS = re.compile(r"[\s\-‐‑–—.]+")
_BETWEEN_WORDS = re.compile(r"[\s\d\-‐‑–—_.,;:/|+،؛·•()\[\]\"«»“”]+")


class SecretError(ValueError):
    """Not a secret: it has twenty digits, or five words of one of the lists."""


@dataclass(frozen=True)
class Secret:
    """One secret, whichever way it is written; as text it is its digits, and no log shows it."""

    number: int = field(repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.number < NUMBERS:
            raise SecretError("a secret is a number below 7776 to the power of five")

    def __str__(self) -> str:
        return self.digits

    @property
    def digits(self) -> str:
        """Return twenty digits in groups of four."""
        digits = f"{self.number:0{SECRET_DIGITS}d}"
        return " ".join(digits[start : start + GROUP] for start in range(0, SECRET_DIGITS, GROUP))

    def words(self, language: str) -> str:
        """Return five words of that language's list (ar, fr, en), the most significant first."""
        places, rest = [], self.number
        for _ in range(SECRET_WORDS):
            rest, place = divmod(rest, words.COUNT)
            places.append(place)
        return words.spell(places[::-1], language)


def new() -> Secret:
    return Secret(secrets.randbelow(NUMBERS))


def from_digest(digest: str) -> Secret:
    """Return the secret that a keyed digest of at least 128 bits (hex) stands for, always the same one."""
    if len(digest) < 32:
        raise SecretError("a digest of 128 bits has 32 hexadecimal characters")
    return Secret(int(digest, 16) % NUMBERS)


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
    """Return the digits of a new secret."""
    return new().digits


def normalise_secret(text: str) -> str:
    """Return the twenty digits alone, typed as digits or words of any script. Raises SecretError."""
    if len(text) > MAX_TYPED:
        raise SecretError("too long for a secret")
    typed = western(text)
    digits = _BETWEEN_DIGITS.sub("", typed)
    if len(digits) == SECRET_DIGITS and digits.isascii() and digits.isdigit():
        return digits  # also those from before the words, which may lie beyond NUMBERS
    places = words.read(_words(typed))
    if places is None or len(places) != SECRET_WORDS:
        raise SecretError("a secret has twenty digits, or five words")
    number = 0
    for place in places:
        number = number * words.COUNT + place
    return f"{number:0{SECRET_DIGITS}d}"


def unknown_word(text: str) -> words.Unknown | None:
    """Return the first typed word that no secret has, and the word that was probably meant.

    The lists are public: the answer tells nothing of anybody's secret. None for digits, or when all is known.
    """
    if len(text) > MAX_TYPED:
        return None
    return words.first_unknown(_words(western(text)))


def hash_secret(secret: Secret | str) -> str:
    """Return the slow hash (Argon2id) to keep. Raises SecretError."""
    return make_password(normalise_secret(str(secret)))


def keyed_hash(secret: Secret) -> str:
    """Return a quick hash to keep of a secret made here: HMAC under a key that lies outside the database.

    For where fifty thousand are made in an hour, which Argon2 takes three cores for. It protects as much: the
    secret is no person's choice but one of 2^64, and without the key none can even be tried.
    """
    return f"{KEYED}{keys.token('made secret', normalise_secret(secret.digits))}"


def check_secret(text: Secret | str, kept: str | None) -> bool:
    """Say whether the text is the secret of that hash, with the same work for an unknown reference (None)."""
    try:
        typed = normalise_secret(str(text))
    except SecretError:
        typed = ""
    if kept and typed and not kept.startswith(KEYED):
        return check_password(typed, kept)
    make_password(typed or "0" * SECRET_DIGITS)
    own = f"{KEYED}{keys.token('made secret', typed)}"
    return bool(kept and typed) and hmac.compare_digest(own, kept or "")


def _words(typed: str) -> list[str]:
    """Return the words alone: without separators, and without the numbers of a numbered list."""
    return [word for word in _BETWEEN_WORDS.split(typed) if word]


def _written(code: str) -> str:
    return f"{PREFIX}-{code[:4]}-{code[4:]}"
