"""Every point has a reason; more that speaks for a tip never lowers it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.geodesic import destination
from geo.points import Point
from tips.triage import DANGER_LIMIT, Circumstances, Read, Reason, Spot, score, totals, with_witnesses
from tips.triage.reach import SPEEDS, reached
from tips.triage.scoring import BASE

SALE = Point(34.04, -6.80)
SEVEN = datetime(2026, 11, 22, 19, tzinfo=UTC)
SIGHTING = Read(guess="sighting", why=(Reason("guess_sighting"),), danger=(Reason("danger_crying", 30),))
REPORT = Read(guess="report", why=(Reason("guess_report"),))


def spot(metres, minutes, error_m=0.0, error_min=0.0):
    return Spot(destination(SALE, 90, metres), error_m, SEVEN + timedelta(minutes=minutes), error_min)


HOME = spot(0, 0)


def test_three_kilometres_in_fourteen_minutes_is_no_walk():
    found = reached(spot(3200, 14), HOME, "on_foot")
    assert (found.answer, round(found.distance_m), found.minutes) == ("no", 3200, 14)
    assert reached(spot(3200, 14), HOME).answer == "by_vehicle"
    assert reached(spot(1000, 14), HOME).answer == "yes"
    assert reached(spot(60_000, 14), HOME).answer == "no"


def test_the_errors_of_place_and_hour_speak_for_the_tip():
    assert reached(spot(3200, 14, error_m=2000), HOME, "on_foot").answer == "yes"
    assert reached(spot(3200, 14, error_min=30), HOME, "on_foot").answer == "yes"


def test_without_an_hour_nothing_is_said():
    assert reached(replace(spot(3200, 14), at=None), HOME).answer == "unknown"


@given(st.floats(0, 2e5), st.floats(0, 600), st.floats(0, 5e4), st.sampled_from(sorted(SPEEDS)))
@settings(max_examples=80, deadline=None)
def test_what_can_be_reached_still_can_with_more_time_or_larger_errors(metres, minutes, error_m, how):
    if reached(spot(metres, minutes), HOME, how).answer == "yes":
        assert reached(spot(metres, minutes + 5), HOME, how).answer == "yes"
        assert reached(spot(metres, minutes, error_m, 10), HOME, how).answer == "yes"


def some_circumstances():
    return st.builds(
        Circumstances,
        spot=st.one_of(st.none(), st.builds(spot, st.floats(0, 1e5), st.floats(0, 600), st.floats(0, 2e4))),
        last_seen=st.one_of(st.none(), st.just(HOME)),
        witnesses=st.integers(0, 8),
        has_pin=st.booleans(),
        media=st.sampled_from([(), ("photo",), ("audio", "video")]),
        files=st.sampled_from([(), ("taken_before",), ("old_footage", "edited_by")]),
        is_copy=st.booleans(),
        names_alert=st.booleans(),
        lag_min=st.one_of(st.none(), st.floats(0, 5000)),
    )


def some_reading():
    signs = st.lists(st.sampled_from([Reason("danger_blood", 60), Reason("danger_crying", 30)]), unique=True)
    return st.builds(
        lambda guess, danger: Read(
            guess=guess, why=(Reason(f"guess_{guess}"),) if guess else (), danger=tuple(danger)
        ),
        st.sampled_from(["report", "sighting", "offence", "rumour", "threat", ""]),
        signs,
    )


@given(some_reading(), some_circumstances())
@settings(max_examples=150, deadline=None)
def test_every_point_has_its_reason(told, around):
    found = score(told, around)
    assert totals(found.as_json) == (found.score, found.danger)
    assert 0 <= found.score <= 100
    assert 0 <= found.danger <= 100


@given(some_reading(), some_circumstances())
@settings(max_examples=100, deadline=None)
def test_more_that_speaks_for_a_tip_never_lowers_it(told, around):
    before = score(told, around)
    for better in (
        replace(around, witnesses=around.witnesses + 1),
        replace(around, names_alert=True),
        replace(around, files=()),
        replace(around, is_copy=False),
        replace(around, media=(*around.media, "photo")),
    ):
        assert score(told, better).score >= before.score
        assert score(told, better).danger >= before.danger
    graver = replace(told, danger=(*told.danger, Reason("danger_weapon", 60)))
    assert score(graver, around).score >= before.score
    assert score(graver, around).danger >= before.danger


@given(some_reading(), some_circumstances(), st.integers(0, 8))
@settings(max_examples=100, deadline=None)
def test_a_later_witness_leaves_what_a_fresh_look_would_give(told, around, witnesses):
    kept = score(told, around).as_json
    fresh = score(told, replace(around, witnesses=witnesses))
    assert totals(with_witnesses(kept, witnesses)) == (fresh.score, fresh.danger)


def test_a_report_and_a_strong_sign_ask_for_a_second_reader():
    assert score(REPORT, Circumstances()).danger >= DANGER_LIMIT
    bleeding = replace(SIGHTING, danger=(Reason("danger_blood", 60),))
    assert score(bleeding, Circumstances()).danger >= DANGER_LIMIT
    assert score(SIGHTING, Circumstances()).danger < DANGER_LIMIT


def test_old_footage_lowers_and_says_why():
    plain = score(SIGHTING, Circumstances(media=("video",)))
    old = score(SIGHTING, Circumstances(media=("video",), files=("old_footage",)))
    assert old.score < plain.score
    assert "old_footage" in {reason.code for reason in old.reasons}


def test_nothing_said_is_the_base_alone():
    assert score(Read(), Circumstances()).score == BASE


@pytest.mark.parametrize("how", sorted(SPEEDS))
def test_standing_still_is_always_possible(how):
    assert reached(HOME, HOME, how).answer == "yes"
