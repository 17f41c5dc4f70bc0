"""JSON that others wrote, read with care: what is absent or of another type is empty. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any


def dicts(told: object) -> Iterator[Mapping[str, Any]]:
    """The objects of a list; nothing where it is none."""
    if isinstance(told, list):
        yield from (one for one in told if isinstance(one, dict))


def part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object within an object."""
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def text(told: Mapping[str, Any], name: str) -> str:
    """A value as text that can be stored: no half of a surrogate pair, no NUL."""
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def phone(digits_and_more: str) -> str:
    """Digits as they come, with the plus people are known by; empty for what is no number (a user's id)."""
    if any(sign.isalpha() for sign in digits_and_more):
        return ""
    digits = "".join(sign for sign in digits_and_more if sign.isascii() and sign.isdigit())
    return f"+{digits}" if digits else ""
