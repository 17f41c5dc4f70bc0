"""What a case says to each question of the country's checklist. Advice: a person decides. Pure.

A verdict is "yes" where the case says so, "no" where it says the contrary, else "unknown". Reasons and
questions are codes, worded in alerts.criteria_words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["yes", "no", "unknown"]
ADULT = 18  # CRC art. 1
TENDER_AGE = 12  # (U) below it, many forces take any disappearance for dangerous
GUARDIANS = frozenset({"mother", "father", "guardian"})
ADULT_COMPANIONS = frozenset({"unknown_adult", "known_adult"})
ENOUGH_TO_RECOGNISE = 2  # of looks and clothes, where there is no photo
URGENT_MEDICINE_H = 24


@dataclass(frozen=True)
class Known:
    """Hold what the case says that a criterion may ask; empty where nobody said it."""

    age: int | None = None
    category: str = "unknown"
    companions: frozenset[str] = frozenset()
    threat: str = ""  # yes, no, or not said
    has_vehicle: bool = False
    note_left: str = ""
    health: frozenset[str] = frozenset()
    medicine_h: int | None = None
    worries: frozenset[str] = frozenset()
    has_photo: bool = False
    described: int = 0  # how many looks and garments are known
    has_place: bool = False
    has_direction: bool = False
    spoken: bool = False
    relation: str = ""
    places_named: int = 0
    places_given: int = 0  # how many of them somebody checked or is to check
    custody: str = ""
    conflict: bool = False
    accepted: bool = False
    hours_missing: float | None = None


@dataclass(frozen=True)
class Judged:
    """Hold what speaks for a criterion, what against, and what to ask the family next."""

    code: str
    verdict: Verdict
    speaks_for: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


def judge(codes: Iterable[str], known: Known) -> tuple[Judged, ...]:
    """Return a verdict on each question; one that no rule here computes is for the person alone."""
    return tuple(_JUDGES.get(code, _by_person)(code, known) for code in codes)


def _by_person(code: str, known: Known) -> Judged:
    return Judged(code, "unknown", ask=("decide_yourself",))


def _minor(code: str, known: Known) -> Judged:
    if known.age is None:
        return Judged(code, "unknown", ask=("age",))
    is_minor = known.age < ADULT
    return Judged(code, "yes" if is_minor else "no", ("minor",) * is_minor, ("adult",) * (not is_minor))


def _abduction(code: str, known: Known) -> Judged:
    told = {
        "category_abduction": known.category in {"stranger_abduction", "family_abduction"},
        "unknown_adult": "unknown_adult" in known.companions,
        "known_adult": "known_adult" in known.companions,
        "threat": known.threat == "yes",
        "vehicle": known.has_vehicle,
    }
    against = {
        "category_lost": known.category == "lost",
        "category_runaway": known.category == "runaway",
        "alone": "alone" in known.companions,
        "note_left": known.note_left == "yes",
    }
    ask = {"companion": not known.companions, "threat": not known.threat, "vehicle": not known.has_vehicle}
    return _weighed(code, told, against, ask)


def _danger(code: str, known: Known) -> Judged:
    told = {
        "tender_age": known.age is not None and known.age < TENDER_AGE,
        "health": bool(known.health - {"other"}),
        "medicine": known.medicine_h is not None and known.medicine_h <= URGENT_MEDICINE_H,
        "self_harm": "self_harm_talk" in known.worries,
        "threat": known.threat == "yes" or "threat" in known.worries,
        "violence": bool(known.worries & {"abuse_feared", "marriage_forced", "work_forced"}),
        "stranger": known.category == "stranger_abduction" or "unknown_adult" in known.companions,
        "a_day": known.hours_missing is not None and known.hours_missing >= 24,
    }
    ask = {"health": not known.health, "worries": not known.worries, "threat": not known.threat}
    return _weighed(code, told, {}, ask)


def _description(code: str, known: Known) -> Judged:
    told = {"photo": known.has_photo, "described": known.described >= ENOUGH_TO_RECOGNISE}
    ask = {"photo": not known.has_photo, "clothes": known.described < ENOUGH_TO_RECOGNISE}
    return _weighed(code, told, {}, ask)


def _locate(code: str, known: Known) -> Judged:
    told = {
        "photo": known.has_photo,
        "described": known.described >= ENOUGH_TO_RECOGNISE,
        "place": known.has_place,
        "direction": known.has_direction,
    }
    if not known.has_place or not (told["photo"] or told["described"]):
        ask = ("place",) * (not known.has_place) + ("photo",) * (not known.has_photo)
        return Judged(code, "unknown", _true(told), ask=(*ask, "direction"))
    return Judged(code, "yes", _true(told), ask=("direction",) * (not known.has_direction))


def _registered(code: str, known: Known) -> Judged:
    return Judged(code, "yes" if known.accepted else "no", ("accepted",) * known.accepted)


def _guardian(code: str, known: Known) -> Judged:
    is_guardian = known.relation in GUARDIANS
    told = {"guardian": is_guardian, "spoken": known.spoken}
    if is_guardian and known.spoken:
        return Judged(code, "yes", _true(told))
    against = ("not_guardian",) * bool(known.relation and not is_guardian)
    ask = ("speak",) * (not known.spoken) + ("who_reports",) * (not is_guardian)
    return Judged(code, "unknown", _true(told), against, ask)


def _known_places(code: str, known: Known) -> Judged:
    if not known.places_named:
        return Judged(code, "unknown", ask=("places",))
    if known.places_given >= known.places_named:
        return Judged(code, "yes", ("places_given",))
    return Judged(code, "unknown", ("places_named",), ask=("check_places",))


def _no_conflict(code: str, known: Known) -> Judged:
    if known.conflict or known.custody in {"dispute", "order", "protection_order"}:
        return Judged(code, "no", against=("conflict",))
    if known.custody == "none":
        return Judged(code, "yes", ("no_dispute",))
    return Judged(code, "unknown", ask=("custody",))


def _weighed(
    code: str, told: Mapping[str, bool], against: Mapping[str, bool], ask: Mapping[str, bool]
) -> Judged:
    """One reason is a yes; none, with something against, a no; a yes asks nothing more."""
    speaks, counter = _true(told), _true(against)
    verdict: Verdict = "yes" if speaks else "no" if counter else "unknown"
    return Judged(code, verdict, speaks, counter, () if speaks else _true(ask))


def _true(told: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(code for code, holds in told.items() if holds)


_JUDGES: Mapping[str, Callable[[str, Known], Judged]] = {
    "minor": _minor,
    "abduction": _abduction,
    "danger": _danger,
    "description": _description,
    "public_help": _description,
    "locate": _locate,
    "registered": _registered,
    "guardian": _guardian,
    "known_places": _known_places,
    "no_conflict": _no_conflict,
}
