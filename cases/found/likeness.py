"""How far a found child may be one that a report describes, with reasons and what to ask. Pure: no Django.

As in cases.resembling each reason adds its weight to a sum, and what is unknown on either side adds nothing.
The weights are reasoned, not learnt: there is no data of real pairs to learn from. No picture is compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cases.names.likeness import DIFFERENT, IDENTICAL, SAME, likeness
from cases.names.parts import parts
from cases.resembling import Seen
from geo.geodesic import distance_m
from geo.points import Point

BIAS = -4.0  # before any reason a found child is none of the many that are missed
SAME_NAME = 4.3  # the whole name
NAME_SOUNDS_ALIKE = 3.8  # the same in another script or spelling
ONE_WORD = 0.5  # of the weight of a name, where one side has a single word: a child says "Simo" or "Amina"
OTHER_NAME = -2.0  # mild: a child may say a pet name that no report holds
SAME_SEX, OTHER_SEX = 0.5, -6.0
AGE_FITS, AGE_CLOSE, AGE_WIDE = 1.0, 0.5, 0.4  # a guess of more than four years says little
AGE_OFF, AGE_FAR = -1.5, -4.0
NEAR_AND_SOON, NEAR, SAME_REGION, SOON = 3.0, 1.0, 0.7, 1.0
TOO_FAR, FOUND_BEFORE, LONG_AFTER = -4.0, -4.0, -0.2
SAME_HAIR, OTHER_HAIR = 0.5, -0.7  # hair is cut, dyed and covered
SAME_EYES, RARE_EYES, OTHER_EYES = 0.3, 1.5, -1.5
PLAIN_MARK, RARE_MARK, COMMON_MARK, MARK_MISSING = 3.0, 2.0, 0.4, -1.5
SAME_CLOTHES = 1.2  # each garment of one colour
SAME_LANGUAGE, OTHER_LANGUAGE = 0.8, -1.2
SAME_SPEECH, OTHER_SPEECH = 1.5, -1.0
SAME_HEIGHT, OTHER_HEIGHT = 0.6, -1.5
PROBABLE, POSSIBLE = 0.8, 0.4

NEVER_PROBABLE = frozenset(
    {"other_sex", "age_off", "age_far", "other_name", "found_before", "too_far", "mark_missing"}
)
AGAINST = NEVER_PROBABLE | {
    "other_hair", "other_eyes", "other_language", "other_speech", "other_height", "long_after",
}  # fmt: skip

GUESS_YEARS, WIDE_YEARS, FAR_YEARS = 1.0, 4.0, 3.0  # how far outside the guess, how wide it may be
NEAR_M, REGION_M, ROAD_M = 5_000.0, 50_000.0, 30_000.0
FASTEST_M_AN_HOUR = 130_000.0  # by road or train
HOURS_OFF = timedelta(hours=6)  # a family is seldom further off about when it saw the child last
SOON_AFTER, DAYS_AFTER, LONG = timedelta(hours=48), timedelta(days=7), timedelta(days=365)
CLOTHES_LAST, GROWS = timedelta(days=7), timedelta(days=180)
HEIGHT_CM, FAR_HEIGHT_CM = 6, 20
YEAR = timedelta(days=365.25)

# Marks that many children have, and those that nobody overlooks and no time takes away.
COMMON_MARKS = frozenset(
    {
        "freckles", "pierced_ears", "glasses", "braces", "henna", "mole_face", "gap_teeth", "missing_tooth",
        "spots",
    }
)  # fmt: skip
PLAIN_MARKS = frozenset(
    {
        "missing_finger", "missing_hand_left", "missing_hand_right", "missing_leg_left", "missing_leg_right",
        "burn_face", "birthmark_face", "cleft_lip_scar",
    }
)  # fmt: skip
DARK_EYES, LIGHT_EYES = frozenset({"brown", "black", "hazel"}), frozenset({"green", "blue", "grey"})
CHANGED_HAIR = frozenset({"dyed", "covered", "shaved"})
SHADES = {
    "dark_blue": "blue", "light_blue": "blue", "burgundy": "red", "khaki": "green", "turquoise": "blue",
    "beige": "brown", "silver": "grey", "gold": "yellow",
}  # fmt: skip
WIDELY_SPOKEN = frozenset({"ar", "darija", "masri", "fr", "other"})
TOPICS = (
    "name", "age", "sex", "marks", "hair", "eyes", "height", "clothing", "languages_spoken", "speech",
    "place",
)  # fmt: skip

Reasons = Iterator[tuple[str, float]]  # a code and its weight
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Found:
    """Hold what is known of a found child; ages are the guess in years, both ends included."""

    found_at: datetime
    names: tuple[str, ...] = ()
    age_low: float | None = None
    age_high: float | None = None
    sex: str = ""
    point: Point | None = None
    told: Mapping[str, Any] = field(default_factory=dict)  # document fields of cases.fields


@dataclass(frozen=True)
class Match:
    """Hold a score 0..1, its band ("probable", "possible" or ""), reasons as codes, what to ask of whom."""

    score: float
    band: str
    reasons: tuple[str, ...] = ()
    ask_child: tuple[str, ...] = ()  # what only the report tells: look at the child, or ask it
    ask_family: tuple[str, ...] = ()  # what only the child tells, or nobody


def compare(found: Found, seen: Seen) -> Match:
    """Weigh a found child against one of a report; a reason of NEVER_PROBABLE leaves "possible" at best.

    Names are the dearest (1 ms a pair of them): they are read only where they could still decide.
    """
    told = list(_but_names(found, seen))
    before = BIAS + sum(weight for _, weight in told)
    if _chance(before + SAME_NAME) < POSSIBLE:
        return Match(round(_chance(before), 3), "")
    told += _names(found.names, seen.names)
    score = _chance(BIAS + sum(weight for _, weight in told))
    reasons = tuple(code for code, _ in sorted(told, key=lambda reason: -reason[1]))
    band = "probable" if score >= PROBABLE else "possible" if score >= POSSIBLE else ""
    if band and NEVER_PROBABLE & set(reasons):
        band = "possible"
    return Match(round(score, 3), band, reasons, *_to_ask(found, seen))


def _chance(total: float) -> float:
    return 1 / (1 + math.exp(-total))


def _but_names(found: Found, seen: Seen) -> Reasons:
    yield from _sexes(found.sex, seen.sex)
    yield from _ages(found, seen)
    yield from _way(found, seen)
    yield from _looks(found.told, seen.told)
    yield from _marks(_codes(found.told, "marks"), _codes(seen.told, "marks"))
    yield from _clothes(found, seen)
    yield from _speech(found.told, seen.told)
    yield from _heights(found, seen)


def _names(said: Iterable[str], known: Iterable[str]) -> Reasons:
    pairs = [(likeness(one, other), one, other) for one in said for other in known]
    if not pairs:
        return
    best, one, other = max(pairs)
    is_one_word = min(len(parts(one)), len(parts(other))) < 2
    share = ONE_WORD if is_one_word else 1.0
    if best >= SAME and is_one_word:
        yield "same_first_name", NAME_SOUNDS_ALIKE * share
    elif best >= IDENTICAL:
        yield "same_name", SAME_NAME
    elif best >= SAME:
        yield "name_sounds_alike", NAME_SOUNDS_ALIKE
    elif best < DIFFERENT:
        yield "other_name", OTHER_NAME


def _sexes(one: str, other: str) -> Reasons:
    if one and other:
        yield ("same_sex", SAME_SEX) if one == other else ("other_sex", OTHER_SEX)


def _ages(found: Found, seen: Seen) -> Reasons:
    """Compare the guess with the age that the missing child has by now."""
    low, high = found.age_low, found.age_high
    if seen.age_years is None or low is None or high is None:
        return
    age = seen.age_years + max(_after(found, seen) or timedelta(0), timedelta(0)) / YEAR
    outside = max(low - age, age - high, 0.0)
    if outside <= 0:
        yield "age_fits", AGE_FITS if high - low <= WIDE_YEARS else AGE_WIDE
    elif outside > FAR_YEARS:
        yield "age_far", AGE_FAR
    elif outside > GUESS_YEARS:
        yield "age_off", AGE_OFF
    else:
        yield "age_close", AGE_CLOSE


def _after(found: Found, seen: Seen) -> timedelta | None:
    """Return how long after the child was last seen; None where the family is not sure when that was."""
    if seen.last_seen_at is None or seen.told.get("last_seen_sure") == "unsure":
        return None
    return found.found_at - seen.last_seen_at


def _way(found: Found, seen: Seen) -> Reasons:
    """Ask whether the child can have come from the one place to the other in that time."""
    after = _after(found, seen)
    if after is not None and after < -HOURS_OFF:
        yield "found_before", FOUND_BEFORE
        return
    away_m = distance_m(found.point, seen.point) if found.point and seen.point else None
    if after is not None and after > LONG:
        yield "long_after", LONG_AFTER
    if away_m is None:
        if after is not None and after <= SOON_AFTER:
            yield "soon", SOON
    elif after is None:
        if away_m <= NEAR_M:
            yield "near", NEAR
    else:
        yield from _ways(away_m, max(after, timedelta(0)))


def _ways(away_m: float, after: timedelta) -> Reasons:
    hours = max(after / timedelta(hours=1), 0.5)
    if away_m > ROAD_M and away_m / hours > FASTEST_M_AN_HOUR:
        yield "too_far", TOO_FAR
    elif away_m <= NEAR_M:
        yield ("near_and_soon", NEAR_AND_SOON) if after <= SOON_AFTER else ("near", NEAR)
    elif away_m <= REGION_M and after <= DAYS_AFTER:
        yield "same_region", SAME_REGION


def _looks(one: Mapping[str, Any], other: Mapping[str, Any]) -> Reasons:
    hair = one.get("hair") or "", other.get("hair") or ""
    if all(hair) and not CHANGED_HAIR & set(hair):
        colours = {code.partition("_")[0] for code in hair}
        yield ("same_hair", SAME_HAIR) if len(colours) == 1 else ("other_hair", OTHER_HAIR)
    eyes = {one.get("eyes") or "", other.get("eyes") or ""}
    if "" in eyes:
        return
    if len(eyes) == 1:
        yield "same_eyes", SAME_EYES if eyes <= DARK_EYES else RARE_EYES
    elif not (eyes <= DARK_EYES or eyes <= LIGHT_EYES):
        yield "other_eyes", OTHER_EYES


def _marks(one: frozenset[str], other: frozenset[str]) -> Reasons:
    """Compare marks; a list without a mark is silent about it, unless it is one that nobody overlooks."""
    both = one & other
    if both - COMMON_MARKS:
        weights = (PLAIN_MARK if mark in PLAIN_MARKS else RARE_MARK for mark in both - COMMON_MARKS)
        yield "same_rare_mark", sum(sorted(weights, reverse=True)[:2])
    if both & COMMON_MARKS:
        yield "same_mark", COMMON_MARK * min(len(both & COMMON_MARKS), 2)
    if one and other and PLAIN_MARKS & (one ^ other):
        yield "mark_missing", MARK_MISSING


def _clothes(found: Found, seen: Seen) -> Reasons:
    """Count garments of one colour; other clothes say nothing, and within a week all may be others."""
    count = min(len(_worn(found.told) & _worn(seen.told)), 2)
    if count:
        after = _after(found, seen)
        lasts = after is None or after <= CLOTHES_LAST
        yield "same_clothes", SAME_CLOTHES * count * (1.0 if lasts else 0.5)


def _worn(told: Mapping[str, Any]) -> set[tuple[str, str]]:
    items = [*(told.get("clothing") or ()), *(told.get("carried") or ())]
    return {(item["garment"], SHADES.get(item["colour"], item["colour"])) for item in items if item["colour"]}


def _speech(one: Mapping[str, Any], other: Mapping[str, Any]) -> Reasons:
    mine, theirs = _codes(one, "languages_spoken"), _codes(other, "languages_spoken")
    if mine & theirs - WIDELY_SPOKEN:
        yield "same_language", SAME_LANGUAGE
    elif mine and theirs and not mine & theirs:
        yield "other_language", OTHER_LANGUAGE
    ways = one.get("speech") or "", other.get("speech") or ""
    if all(ways) and ways[0] == ways[1] != "speaks":
        yield "same_speech", SAME_SPEECH
    elif set(ways) == {"speaks", "none"}:
        yield "other_speech", OTHER_SPEECH


def _heights(found: Found, seen: Seen) -> Reasons:
    one, other = found.told.get("height"), seen.told.get("height")
    if not one or not other:
        return
    after = _after(found, seen)
    if abs(one - other) <= HEIGHT_CM:
        yield "same_height", SAME_HEIGHT
    elif abs(one - other) > FAR_HEIGHT_CM and (after is None or after <= GROWS):
        yield "other_height", OTHER_HEIGHT


def _codes(told: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(told.get(name) or ())


def _to_ask(found: Found, seen: Seen) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the topics that the child's side lacks, and those that the report lacks."""
    here = {
        "name": found.names, "age": found.age_low is not None, "sex": found.sex, "place": found.point,
        **{name: found.told.get(name) for name in TOPICS if name in found.told},
    }  # fmt: skip
    there = {
        "name": seen.names, "age": seen.age_years is not None, "sex": seen.sex, "place": seen.point,
        **{name: seen.told.get(name) for name in TOPICS if name in seen.told},
    }  # fmt: skip
    ask_child = tuple(topic for topic in TOPICS if topic != "place" and not here.get(topic))
    return ask_child, tuple(topic for topic in TOPICS if not there.get(topic))
