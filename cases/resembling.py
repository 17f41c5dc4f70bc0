"""How far two reports may be of one child, with reasons for and against. Pure: no Django.

Each reason adds its weight to a sum; the score is the sum's logistic. What is unknown on either side adds
nothing. The weights are reasoned, not learnt: there is no data of real duplicates to learn from.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cases.names.likeness import DIFFERENT, IDENTICAL, SAME, likeness
from cases.names.parts import parts
from geo.geodesic import distance_m
from geo.points import Point

SAME_NAME = 4.0  # two reports of one whole name within a country's open cases are seldom two children
NAME_SOUNDS_ALIKE = 3.5  # the same in another script or spelling: a little less, for what spelling hides
ONE_WORD = 0.5  # of the weight of a name, where one side has a single word: many children are a Mohamed
SAME_PHONE = 3.0  # families and neighbours share phones, strangers do not
SAME_AGE = 1.0  # one child in about ten has the same age in years
AGE_CLOSE = 0.5  # an uncle guesses within two years
NEAR_PLACE = 1.0  # last seen in the same quarter
SAME_HOURS = 1.0  # last seen in the same part of the day
OTHER_SEX = -3.0  # seldom typed wrong, so a strong sign of a brother or sister
AGE_FAR = -3.0  # no guess is that far off for a child
OTHER_GIVEN_NAME = -2.5  # a sibling, unless one side gave a pet name
BIAS = -3.5  # before any reason two reports are of two children

SAME_AGE_YEARS, CLOSE_AGE_YEARS, FAR_AGE_YEARS = 1.0, 2.0, 4.0
NEAR_M = 3000.0
HOURS = timedelta(hours=6)
PROBABLE, POSSIBLE = 0.8, 0.5

Reasons = Iterator[tuple[str, float]]  # a code and its weight


@dataclass(frozen=True)
class Seen:
    """Hold what a report says of a child, as far as it can be compared; sex is "" where unknown."""

    names: tuple[str, ...] = ()  # whole names in every spelling, and nicknames; never a family name alone
    age_years: float | None = None
    sex: str = ""
    point: Point | None = None  # where last seen
    phones: frozenset[str] = frozenset()  # E.164, of the family
    last_seen_at: datetime | None = None
    child: UUID | None = None
    told: Mapping[str, Any] = field(default_factory=dict)  # newest values of document fields, as far as read


@dataclass(frozen=True)
class Resemblance:
    """Hold a score 0..1, its band ("probable", "possible" or "") and the codes of its reasons."""

    score: float
    band: str
    reasons: tuple[str, ...]


def resemble(a: Seen, b: Seen) -> Resemblance:
    """Weigh two reports; another given name is never "probable", whatever else agrees."""
    found = [*_names(a, b), *_phones(a, b), *_ages(a, b), *_places(a, b), *_hours(a, b), *_sexes(a, b)]
    score = 1 / (1 + math.exp(-(BIAS + sum(weight for _, weight in found))))
    reasons = tuple(code for code, _ in sorted(found, key=lambda item: -item[1]))
    band = "probable" if score >= PROBABLE else "possible" if score >= POSSIBLE else ""
    if "other_given_name" in reasons and band == "probable":
        band = "possible"
    return Resemblance(round(score, 3), band, reasons)


def _names(a: Seen, b: Seen) -> Reasons:
    pairs = [(likeness(one, other), one, other) for one in a.names for other in b.names]
    if not pairs:
        return
    best, one, other = max(pairs)
    share = ONE_WORD if min(len(parts(one)), len(parts(other))) < 2 else 1.0
    if best >= IDENTICAL:
        yield "same_name", SAME_NAME * share
    elif best >= SAME:
        yield "name_sounds_alike", NAME_SOUNDS_ALIKE * share
    elif best < DIFFERENT:
        yield "other_given_name", OTHER_GIVEN_NAME


def _phones(a: Seen, b: Seen) -> Reasons:
    if a.phones & b.phones:
        yield "same_phone", SAME_PHONE


def _ages(a: Seen, b: Seen) -> Reasons:
    if a.age_years is None or b.age_years is None:
        return
    apart = abs(a.age_years - b.age_years)
    if apart < SAME_AGE_YEARS:
        yield "same_age", SAME_AGE
    elif apart <= CLOSE_AGE_YEARS:
        yield "age_close", AGE_CLOSE
    elif apart >= FAR_AGE_YEARS:
        yield "age_far", AGE_FAR


def _places(a: Seen, b: Seen) -> Reasons:
    if a.point and b.point and distance_m(a.point, b.point) <= NEAR_M:
        yield "near_place", NEAR_PLACE


def _hours(a: Seen, b: Seen) -> Reasons:
    if a.last_seen_at and b.last_seen_at and abs(a.last_seen_at - b.last_seen_at) <= HOURS:
        yield "same_hours", SAME_HOURS


def _sexes(a: Seen, b: Seen) -> Reasons:
    if a.sex and b.sex and a.sex != b.sex:
        yield "other_sex", OTHER_SEX
