"""Where to look, the likeliest first: named places, the home, and where the child was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cases import likely
from cases.checking import HOME, SEEN
from cases.models import Case, Child, Place, PlaceCheck, Sighting


@dataclass(frozen=True)
class Spot:
    """Hold one line of the list: a place or a sighting (neither: the home), how likely, and its checks."""

    key: str
    place: Place | None
    sighting: Sighting | None
    ranked: likely.Ranked
    open: PlaceCheck | None
    done: tuple[PlaceCheck, ...]


def order(
    case: Case, places: Iterable[Place], child: likely.Child, checks: Iterable[PlaceCheck], now: datetime,
    sightings: Iterable[Sighting] = (),
) -> list[Spot]:  # fmt: skip
    """Return the places to check, the likeliest first; the home stands among them though nobody named it.

    sightings: all of the case; those that were taken back are left out.
    """
    named = {str(place.pk): place for place in places}
    seen = {str(row.pk): row for row in sightings if row.withdrawn_at is None}
    home = next((key for key, place in named.items() if place.kind == "home"), HOME)
    by_key: dict[str, list[PlaceCheck]] = {}
    for row in checks:
        key = home if row.is_home else str(row.sighting_id or row.place_id)
        by_key.setdefault(key, []).append(row)
    told = [_named(key, place) for key, place in named.items()]
    told = told if home in named else [likely.Named(HOME, "home"), *told]
    told += [_seen(key, row, now) for key, row in seen.items()]
    done = [_checked(key, row, now) for key, rows in by_key.items() for row in rows if row.result]
    return [
        _spot(ranked, named.get(str(ranked.key)), seen.get(str(ranked.key)), by_key.get(str(ranked.key), []))
        for ranked in likely.order(told, child, done)
    ]


def situation(
    case: Case, children: Iterable[Child], told: Mapping[str, Any], now: datetime, zone: ZoneInfo
) -> likely.Child:
    """Return what the order asks of the children; told: {field: codes} of all of them.

    Of several children the youngest counts.
    """
    ages = [age for child in children if (age := child.age_at(now)) is not None]
    local = now.astimezone(zone)
    return likely.Child(
        age=min(ages, default=None),
        hours_missing=(now - case.last_seen_at).total_seconds() / 3600,
        hour=local.hour,
        weekday=local.weekday(),
        category=case.category,
        hobbies=frozenset(told.get("hobby", ())),
        worries=frozenset(told.get("worry", ())),
    )


def _named(key: str, place: Place) -> likely.Named:
    told = place.details or {}
    days = told.get("days") or ()
    return likely.Named(
        key,
        place.kind or "other",
        often=str(told.get("often") or ""),
        days=frozenset([days] if isinstance(days, str) else days),
        part=str(told.get("part") or ""),
        found_before=told.get("found_before") in (True, "yes"),
    )


def _seen(key: str, row: Sighting, now: datetime) -> likely.Named:
    hours = (now - row.seen_at).total_seconds() / 3600
    return likely.Named(key, SEEN, seen=likely.Seen(row.certainty, row.source_class, hours))


def _checked(key: str, row: PlaceCheck, now: datetime) -> likely.Checked:
    hours = (now - row.done_at).total_seconds() / 3600 if row.done_at else 0.0
    thoroughness = row.thoroughness or ("asked" if row.how == PlaceCheck.How.CALLED else "")
    return likely.Checked(key, row.result, thoroughness, hours)


def _spot(ranked: likely.Ranked, place: Place | None, seen: Sighting | None, rows: list[PlaceCheck]) -> Spot:
    waits = next((row for row in rows if row.done_at is None), None)
    return Spot(str(ranked.key), place, seen, ranked, waits, tuple(row for row in rows if row.result))
