"""Read the words of a tip: what they tell of, danger, place, hour, plates, links, numbers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from geo.gazetteer import Gazetteer
from geo.points import Point
from tips.triage import lexicon, named, places
from tips.triage.guessing import guess
from tips.triage.hours import when
from tips.triage.model import Read, Reason
from tips.triage.spelling import MOST_LETTERS, Forms, forms

_ONLY_BESIDE = "now"  # a sign that counts beside another alone
_HEARSAY = 0.4  # judgement: of what a sign of danger weighs in words that only pass something on
_SHOWN = 3


def read(
    words: str,
    *,
    written_at: datetime,
    zone: ZoneInfo,
    gazetteer: Gazetteer | None = None,
    near: Point | None = None,
) -> Read:
    """Return what the words say; relative hours count from written_at, clock hours are those of the zone.

    near: where the child was last seen, for "the station". A few milliseconds, of MOST_LETTERS at most.
    """
    text = _ends(words)
    told = forms(text)
    if not told.plain:
        return Read(links=named.links(text), is_empty=not text.strip())
    signs = tuple(_danger(told))
    kind, why = guess(told, frozenset(sign.code.removeprefix("danger_") for sign in signs))
    return Read(
        guess=kind,
        why=why,
        danger=tuple(_weakened(signs) if kind == "rumour" else signs),
        places=places.places(told, gazetteer, near) if gazetteer else (),
        when=when(text, told, written_at=written_at, zone=zone),
        plates=named.plates(text),
        links=named.links(text),
        phones=named.phones(text),
    )


def _ends(words: str) -> str:
    """Return the words, of long ones their beginning and their end: "and then he screamed" comes last."""
    if len(words) <= MOST_LETTERS:
        return words
    half = MOST_LETTERS // 2 - 1
    return f"{words[:half]}\n{words[-half:]}"


def _danger(told: Forms) -> Iterator[Reason]:
    """Yield the signs of danger with the words that say so."""
    found = {
        name: words for name in lexicon.points() if (words := lexicon.said(name, told, file="danger.toml"))
    }
    if set(found) == {_ONLY_BESIDE}:
        return
    for name, words in found.items():
        yield Reason(f"danger_{name}", lexicon.points()[name], {"words": " … ".join(words[:_SHOWN])})


def _weakened(signs: Iterable[Reason]) -> Iterator[Reason]:
    for sign in signs:
        yield Reason(sign.code, round(sign.points * _HEARSAY), sign.values)
