"""What is known of a child and may be said: codes and numbers, from which every text is made. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

# The name of a value here -> the field of cases.fields that a guardian consents to.
CONSENTED = {
    "name": "name",
    "sex": "sex",
    "age": "age",
    "months": "age",
    "height": "height",
    "weight": "weight",
    "build": "build",
    "hair": "hair",
    "eyes": "eyes",
    "glasses": "glasses",
    "marks": "marks",
    "clothing": "clothing",
    "carried": "carried",
    "seen_at": "last_seen_at",
    "place": "last_seen_place",
    "has_photo": "photo",
}


@dataclass(frozen=True)
class Frame:
    """Hold what is said of the alert itself; nothing here comes from the case."""

    code: str
    kind: str
    url: str
    number: str  # E.164, for a link
    number_shown: str  # as people of the country dial it
    zone: ZoneInfo
    agency: Mapping[str, str]
    addition: Mapping[str, str] = field(default_factory=dict)  # an officer's sentence, by language
    is_update: bool = False  # those told before are told once more, and must see that it is not another child


@dataclass(frozen=True)
class Known:
    """Hold public facts, each empty where it is not known or not allowed. Names and places by language."""

    name: Mapping[str, str] = field(default_factory=dict)
    sex: str = ""
    age: int | None = None
    months: int | None = None  # of a baby, where they are known
    height: int | None = None
    weight: int | None = None
    build: str = ""
    hair: str = ""
    eyes: str = ""
    glasses: str = ""
    marks: tuple[str, ...] = ()
    clothing: tuple[tuple[str, str], ...] = ()  # (garment, colour)
    carried: tuple[tuple[str, str], ...] = ()  # (thing, colour)
    seen_at: datetime | None = None
    place: Mapping[str, str] = field(default_factory=dict)
    is_near_place: bool = False  # the place named is only the nearest one
    has_photo: bool = False

    def only(self, allowed: frozenset[str]) -> Known:
        """Return what remains when only these fields of cases.fields may be said."""
        gone: dict[str, Any] = {
            name: _EMPTY[name] for name, consented in CONSENTED.items() if consented not in allowed
        }
        return replace(self, **gone)


_EMPTY: dict[str, Any] = {
    "name": {}, "sex": "", "age": None, "months": None, "height": None, "weight": None, "build": "",
    "hair": "", "eyes": "", "glasses": "", "marks": (), "clothing": (), "carried": (), "seen_at": None,
    "place": {}, "has_photo": False,
}  # fmt: skip
