"""JSON that others wrote, read with care: what is absent or of another type is empty. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from notifier.exceptions import HookUnreadable

Event = TypeVar("Event")


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


def gathered(readings: Iterable[Callable[[], Iterable[Event]]]) -> list[Event]:
    """The events of all readings: one that cannot be read must not cost the others. Raise HookUnreadable
    where nothing but such came, so that the whole is kept for a person.
    """
    events: list[Event] = []
    odd = ""
    for reading in readings:
        try:
            events += reading()
        except HookUnreadable as error:
            odd = str(error)
    if odd and not events:
        raise HookUnreadable(odd)
    return events
