# ruff: noqa: E501  (a case a line)
"""The country's checklist held against what a case says."""

import pytest

from alerts.criteria import Known, judge
from alerts.criteria_words import ASK, REASONS, VERDICTS
from tests.geo.test_gazetteer import PACKS

CODES = (
    "minor",
    "abduction",
    "danger",
    "description",
    "registered",
    "locate",
    "public_help",
    "guardian",
    "known_places",
    "no_conflict",
)


def one(code: str, **known):
    return judge([code], Known(**known))[0]


@pytest.mark.parametrize(
    ("code", "known", "verdict", "reason"),
    [
        ("minor", {"age": 17}, "yes", "minor"),
        ("minor", {"age": 18}, "no", "adult"),
        ("minor", {}, "unknown", "age"),
        ("abduction", {"category": "stranger_abduction"}, "yes", "category_abduction"),
        ("abduction", {"companions": frozenset({"unknown_adult"})}, "yes", "unknown_adult"),
        ("abduction", {"category": "runaway"}, "no", "category_runaway"),
        ("abduction", {}, "unknown", "companion"),
        ("danger", {"age": 6}, "yes", "tender_age"),
        ("danger", {"medicine_h": 24}, "yes", "medicine"),
        ("danger", {"medicine_h": 25, "age": 15}, "unknown", "health"),
        ("danger", {"worries": frozenset({"self_harm_talk"})}, "yes", "self_harm"),
        ("description", {"has_photo": True}, "yes", "photo"),
        ("description", {"described": 1}, "unknown", "clothes"),
        ("public_help", {"described": 2}, "yes", "described"),
        ("locate", {"has_photo": True, "has_place": True}, "yes", "place"),
        ("locate", {"has_photo": True}, "unknown", "place"),
        ("registered", {"accepted": True}, "yes", "accepted"),
        ("registered", {}, "no", None),
        ("guardian", {"relation": "mother", "spoken": True}, "yes", "guardian"),
        ("guardian", {"relation": "mother"}, "unknown", "speak"),
        ("guardian", {"relation": "neighbour", "spoken": True}, "unknown", "not_guardian"),
        ("known_places", {}, "unknown", "places"),
        ("known_places", {"places_named": 2, "places_given": 1}, "unknown", "check_places"),
        ("known_places", {"places_named": 2, "places_given": 2}, "yes", "places_given"),
        ("no_conflict", {"custody": "none"}, "yes", "no_dispute"),
        ("no_conflict", {"custody": "none", "conflict": True}, "no", "conflict"),
        ("no_conflict", {}, "unknown", "custody"),
        ("a_question_of_the_force", {}, "unknown", "decide_yourself"),
    ],
)
def test_a_question_is_answered_with_its_reason_or_what_to_ask(code, known, verdict, reason) -> None:
    judged = one(code, **known)
    assert judged.verdict == verdict
    if reason:
        assert reason in (*judged.speaks_for, *judged.against, *judged.ask)


def test_what_speaks_on_both_sides_is_shown_on_both() -> None:
    judged = one("abduction", category="runaway", companions=frozenset({"unknown_adult"}))
    assert (judged.verdict, judged.speaks_for, judged.against) == (
        "yes",
        ("unknown_adult",),
        ("category_runaway",),
    )


def test_a_case_that_says_nothing_is_never_a_no_but_for_the_register() -> None:
    assert {j.code for j in judge(CODES, Known()) if j.verdict == "no"} == {"registered"}


@pytest.mark.parametrize("country", ["ma", "ga", "eg"])
def test_every_question_of_a_pack_is_computed(country: str) -> None:
    asked = [criterion.code for criterion in PACKS[country].criteria]
    assert asked[:5] == ["minor", "abduction", "danger", "description", "registered"]
    assert not any("decide_yourself" in judged.ask for judged in judge(asked, Known()))


def test_every_code_has_its_words() -> None:
    for known in (
        Known(), Known(age=20, category="runaway", companions=frozenset({"alone"}), note_left="yes", conflict=True),
        Known(
            age=5, category="family_abduction", companions=frozenset({"known_adult", "unknown_adult"}), threat="yes",
            has_vehicle=True, health=frozenset({"asthma"}), medicine_h=1, has_photo=True, described=5, has_place=True,
            worries=frozenset({"self_harm_talk", "abuse_feared"}), hours_missing=30, has_direction=True, spoken=True,
            relation="uncle_aunt", places_named=1, accepted=True, custody="none",
        ),
        Known(relation="father", spoken=True, places_named=1, places_given=1, category="lost"),
    ):  # fmt: skip
        for judged in judge([*CODES, "other"], known):
            assert judged.verdict in VERDICTS
            assert set(judged.speaks_for) | set(judged.against) <= set(REASONS)
            assert set(judged.ask) <= set(ASK)
