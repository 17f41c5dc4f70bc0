"""Where to look first: named places in an order of likelihood, each with its reasons. Pure.

Shares of finds: missing children of 12 to 14 in the United Kingdom (Gibb & Woolnough, Missing Persons:
Understanding, Planning, Responding, Grampian Police 2007). They stand in for other ages too, and are then not
quoted. Every other number is a judgement and says so. Bands are for people; the weight only orders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Band = Literal["first", "likely", "possible", "unlikely"]
Result = Literal["child_found", "not_there", "seen_there", "nobody", "refused"]

AGES = range(12, 15)  # of the study
SHARES: Mapping[str, float] = {
    "home": 0.25, "friend": 0.24, "outside": 0.19, "relative": 0.12, "leisure": 0.11, "police": 0.02,
    "station": 0.02,
    # Judgement: what the study does not name shares the rest.
    "school": 0.02, "care": 0.01, "other": 0.02,
}  # fmt: skip
QUOTED = frozenset({"home", "friend", "outside", "relative", "leisure", "police", "station"})
_KINDS: Mapping[str, str] = {
    "home": "home", "friend": "friend", "relative": "relative", "other_parent": "relative",
    "former_home": "relative", "school": "school", "mosque_school": "school", "shop": "leisure",
    "cafe": "leisure", "internet_cafe": "leisure", "arcade": "leisure", "mall": "leisure",
    "sports": "leisure", "youth_club": "leisure", "mosque": "leisure", "church": "leisure",
    "work": "leisure", "station": "station", "bus_station": "station", "port": "station",
    "police": "police", "shelter": "care", "hospital": "care", "park": "outside", "street": "outside",
    "beach": "outside", "water": "outside", "forest": "outside", "field": "outside",
    "building_site": "outside", "roof": "outside", "empty_building": "outside", "car_park": "outside",
    "hotel": "other", "other": "other",
}  # fmt: skip
# Judgement: how much more likely a place becomes that fits what is known.
FOUND_BEFORE, SEEN_THERE, FITS_HOUR, FITS_DAY, FITS_HABIT, FITS_WORRY = 3.0, 3.0, 1.6, 1.2, 1.5, 1.6
OFTEN: Mapping[str, float] = {"every_day": 1.4, "each_week": 1.1, "sometimes": 0.9, "once": 0.5}
HOBBIES: Mapping[str, frozenset[str]] = {
    "football": frozenset({"sports", "park", "field"}), "basketball": frozenset({"sports", "park"}),
    "martial_arts": frozenset({"sports", "youth_club"}), "skating": frozenset({"park", "street", "car_park"}),
    "cycling": frozenset({"street", "park"}), "swimming": frozenset({"beach", "sports", "water"}),
    "fishing": frozenset({"beach", "water", "port"}), "beach": frozenset({"beach"}),
    "video_games": frozenset({"arcade", "internet_cafe", "cafe", "friend"}),
    "music": frozenset({"youth_club"}), "dance": frozenset({"youth_club"}),
    "drawing": frozenset({"youth_club"}), "animals": frozenset({"field", "park"}),
    "markets": frozenset({"shop", "mall"}), "prayer": frozenset({"mosque", "mosque_school", "church"}),
    "cinema": frozenset({"mall"}),
}  # fmt: skip
WORRIES: Mapping[str, frozenset[str]] = {
    "quarrel": frozenset({"friend", "relative", "other_parent", "former_home"}),
    "school_results": frozenset({"friend", "relative", "street", "park"}),
    "bullying": frozenset({"relative", "friend"}),
    "new_friend_online": frozenset({"station", "bus_station", "hotel", "cafe", "mall"}),
    "new_friend_older": frozenset({"friend", "cafe", "hotel"}),
    "sadness": frozenset({"roof", "water", "beach", "empty_building"}),
    "self_harm_talk": frozenset({"roof", "water", "beach", "empty_building", "building_site"}),
    "marriage_forced": frozenset({"friend", "relative", "shelter"}),
    "work_forced": frozenset({"shelter", "station", "bus_station"}),
    "abuse_feared": frozenset({"relative", "other_parent", "shelter", "police", "hospital"}),
    "travel_wish": frozenset({"station", "bus_station", "port"}),
    "love": frozenset({"friend", "park", "beach", "cafe"}),
}  # fmt: skip
CATEGORIES: Mapping[str, Mapping[str, float]] = {
    "family_abduction": {
        "other_parent": 6.0, "relative": 2.0, "former_home": 1.5, "station": 2.0, "port": 3.0,
    },
    "lost": {"outside": 1.5, "friend": 0.7},
    "runaway": {"friend": 1.3, "relative": 1.2, "school": 0.5},
}  # fmt: skip
YOUNG, YOUNG_LEANS = 7, {"home": 1.5, "outside": 1.3, "friend": 0.6}  # judgement: they stay close
A_DAY_H, AFTER_A_DAY = 24.0, {"outside": 0.6, "school": 0.5, "leisure": 0.8}  # judgement: a roof by then
# Judgement: how likely a check that found nobody would have found the child had it been there.
DETECTION: Mapping[str, float] = {"asked": 0.4, "looked": 0.6, "searched": 0.9, "": 0.5}
NOT_OPENED = 0.05  # nobody answered
RETURNS_WITHIN_H = 12.0  # after as long, half of what a check told is forgotten: a child moves
# Judgement: how likely the child was there at all, and still is; what was seen fades, for a child moves on.
SURE: Mapping[str, float] = {"certain": 0.5, "likely": 0.35, "possible": 0.15, "doubtful": 0.05}
SOURCES: Mapping[str, float] = {
    "officer": 1.1, "camera": 1.1, "family": 1.1, "phone": 1.0, "witness": 1.0, "media": 0.7,
}  # fmt: skip
SEEN_HALVES_H = 2.0
NOW = 0.2  # a sighting as likely as this is looked into before anything else
_PARTS = (("night", 0), ("morning", 6), ("noon", 11), ("afternoon", 14), ("evening", 18), ("night", 22))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIRST, _LIKELY, _POSSIBLE = 0.5, 0.25, 0.1  # judgement: of the weight of the likeliest


@dataclass(frozen=True)
class Seen:
    """Hold that the child was seen somewhere: codes of certainty and source, and how many hours ago."""

    certainty: str
    source: str
    hours_ago: float


@dataclass(frozen=True)
class Named:
    """Hold a place that somebody named; its codes: place_kind, often, weekday and day_part of vocabulary.

    With `seen` it is where the child was seen, and its weight comes from that alone.
    """

    key: Hashable
    kind: str
    often: str = ""
    days: frozenset[str] = frozenset()
    part: str = ""
    found_before: bool = False
    seen: Seen | None = None


@dataclass(frozen=True)
class Checked:
    """Hold what came of one check, and how many hours ago."""

    key: Hashable
    result: str
    thoroughness: str = ""
    hours_ago: float = 0.0


@dataclass(frozen=True)
class Child:
    """Hold what is known of whoever is missing: age in years, the hour at the place, codes of worries."""

    age: int | None = None
    hours_missing: float | None = None
    hour: int | None = None
    weekday: int | None = None  # Monday is 0
    category: str = "unknown"
    hobbies: frozenset[str] = frozenset()
    worries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ranked:
    """Hold a place with its band; reasons are codes, the share a whole number of percent or None."""

    key: Hashable
    band: Band
    reasons: tuple[str, ...]
    share: int | None
    weight: float


def order(named: Sequence[Named], child: Child, checks: Iterable[Checked] = ()) -> list[Ranked]:
    """Return every place once, the likeliest first.

    Where the child was just seen stands before all until somebody looked there, then an unchecked home. Equal
    places keep the order in which they were named.
    """
    places = list({place.key: place for place in named}.values())
    done: dict[Hashable, list[Checked]] = {}
    for check in checks:
        done.setdefault(check.key, []).append(check)
    in_class = Counter(class_of(place.kind) for place in places if not place.seen)
    weighed = [
        (place, *_weigh(place, child, done.get(place.key, []), in_class[class_of(place.kind)]))
        for place in places
    ]
    top = max((weight for _place, weight, _why in weighed), default=0.0)
    ranked = [
        (place, Ranked(place.key, _band(place, weight, top, done), why, share(place.kind, child.age), weight))
        for place, weight, why in weighed
    ]
    ranked.sort(key=lambda pair: (not _is_now(pair[0], pair[1].weight, done), *_rank(*pair)))
    return [one for _place, one in ranked]


def _rank(place: Named, one: Ranked) -> tuple[int, bool, float]:
    return _BANDS.index(one.band), place.kind != "home", -one.weight


def _is_now(place: Named, weight: float, done: Mapping[Hashable, list[Checked]]) -> bool:
    """Say whether the child was seen there so lately and surely that somebody has to go, and nobody did."""
    return place.seen is not None and weight >= NOW and not done.get(place.key)


def class_of(kind: str) -> str:
    """Return the heading of the study that a kind of place falls under."""
    return _KINDS.get(kind, "other")


def share(kind: str, age: int | None) -> int | None:
    """Return the study's percentage for such places, for a child of the ages it studied; else None."""
    heading = class_of(kind)
    if age is None or age not in AGES or heading not in QUOTED:
        return None
    return round(SHARES[heading] * 100)


def part_of_day(hour: int) -> str:
    return [part for part, start in _PARTS if start <= hour][-1]


_BANDS: tuple[Band, ...] = ("first", "likely", "possible", "unlikely")


def _band(place: Named, weight: float, top: float, done: Mapping[Hashable, list[Checked]]) -> Band:
    if place.kind == "home" and not done.get(place.key):
        return "first"
    if _is_now(place, weight, done):
        return "first"
    part = weight / top if top else 0.0
    if part >= _FIRST:
        return "first"
    if part >= _LIKELY:
        return "likely"
    return "possible" if part >= _POSSIBLE else "unlikely"


def _weigh(
    place: Named, child: Child, checks: Sequence[Checked], alike: int
) -> tuple[float, tuple[str, ...]]:
    """Return the weight and the reasons; several places of one heading share what is known of it."""
    weight, why = _seen(place.seen) if place.seen else _named(place, child, alike)
    for check in checks:
        factor, reason = _told(check, weight)
        weight, why = weight * factor, [*why, reason]
    return weight, tuple(dict.fromkeys(why))


def _seen(seen: Seen) -> tuple[float, list[str]]:
    """Return how likely the child is still where it was seen."""
    fades = 0.5 ** (max(seen.hours_ago, 0.0) / SEEN_HALVES_H)
    return SURE.get(seen.certainty, 0.0) * SOURCES.get(seen.source, 0.0) * fades, ["seen_here"]


def _named(place: Named, child: Child, alike: int) -> tuple[float, list[str]]:
    heading = class_of(place.kind)
    weight, why = SHARES[heading] / alike, [heading]
    leans = CATEGORIES.get(child.category, {})
    by_category = leans.get(place.kind, leans.get(heading, 1.0))
    if child.age is not None and child.age < YOUNG:
        weight *= YOUNG_LEANS.get(heading, 1.0)
    if child.hours_missing is not None and child.hours_missing >= A_DAY_H:
        weight *= AFTER_A_DAY.get(heading, 1.0)
    weight *= by_category
    if by_category > 1:
        why.append(f"category_{child.category}")
    for factor, reason in _fits(place, child):
        weight, why = weight * factor, [*why, reason]
    return weight, why


def _fits(place: Named, child: Child) -> Iterable[tuple[float, str]]:
    if place.found_before:
        yield FOUND_BEFORE, "found_before"
    if place.often in OFTEN:
        yield OFTEN[place.often], f"often_{place.often}"
    if child.hour is not None and place.part == part_of_day(child.hour):
        yield FITS_HOUR, "fits_hour"
    if child.weekday is not None and WEEKDAYS[child.weekday] in place.days:
        yield FITS_DAY, "fits_day"
    if any(place.kind in HOBBIES.get(hobby, ()) for hobby in child.hobbies):
        yield FITS_HABIT, "fits_habit"
    if any(place.kind in WORRIES.get(worry, ()) for worry in child.worries):
        yield FITS_WORRY, "fits_worry"


def _told(check: Checked, weight: float) -> tuple[float, str]:
    """Return how a check changes the weight (Bayes with detection; what it told fades)."""
    if check.result == "seen_there":
        return SEEN_THERE, "seen_there"
    if check.result in ("refused", "child_found"):
        return 1.0, f"was_{check.result}"
    found = NOT_OPENED if check.result == "nobody" else DETECTION.get(check.thoroughness, DETECTION[""])
    found *= 0.5 ** (max(check.hours_ago, 0.0) / RETURNS_WITHIN_H)
    held = min(weight, 1.0)
    return (1 - found) / (1 - held * found), "was_nobody" if check.result == "nobody" else "was_not_there"
