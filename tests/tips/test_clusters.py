"""Runs of words, spots and the first of a cluster, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from geo.geodesic import destination
from geo.points import Point
from tips import clusters

AT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
SALE = Point(34.04, -6.80)
CHAIN = (
    "attention aux parents une camionnette blanche prend des enfants devant les écoles de la ville partagez"
)


def shared(one, other):
    return len(set(clusters.runs(one)) & set(clusters.runs(other)))


def test_a_text_that_is_passed_on_is_known_with_a_word_before_it():
    own = len(clusters.runs(CHAIN))
    assert clusters.same_text(shared(CHAIN, f"Transféré : {CHAIN}!!"), own)
    assert not clusters.same_text(
        shared(CHAIN, "j'ai vu une camionnette blanche devant l'école hier soir vers 20h"), own
    )


def test_a_short_text_has_no_runs():
    assert clusters.runs("j'ai vu la fille") == ()
    assert not clusters.same_text(0, 0)


@pytest.mark.parametrize(
    ("metres", "hours", "meet"),
    [(0, 0, True), (1500, 1, True), (9000, 0, False), (0, 3, False), (0, -1, True)],
)
def test_near_and_soon_meet_and_far_or_late_do_not(metres, hours, meet):
    other = destination(SALE, 45, metres) if metres else SALE
    own = clusters.spot("", clusters.place_cell(SALE), AT)
    round_ = clusters.spots_round([""], clusters.place_cell(other), AT + timedelta(hours=hours))
    assert (own in round_) is meet


def test_another_event_does_not_meet():
    own = clusters.spot("one", clusters.place_cell(SALE), AT)
    assert own not in clusters.spots_round(["two", ""], clusters.place_cell(SALE), AT)


def test_a_whole_town_or_a_whole_day_meets_nobody():
    assert clusters.meets(300, 20)
    assert not clusters.meets(8100, 20)
    assert not clusters.meets(300, 720)


def test_a_cluster_has_the_name_of_its_first_tip():
    assert clusters.first([(AT, "b"), (AT - timedelta(hours=1), "z"), (AT, "a")]) == "z"


def test_copies_of_one_witness_are_one_witness_and_nobody_is_their_own():
    assert clusters.further(["w1", "w1", "w2", None, None], "w1") == 2
    assert clusters.further([], "w1") == 0
