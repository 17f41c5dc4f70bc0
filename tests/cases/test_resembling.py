from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.resembling import Seen, resemble
from geo.points import Point

AT = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
RABAT, SALE, FES = Point(34.02, -6.84), Point(34.035, -6.82), Point(34.03, -5.0)
YASSINE = Seen(
    names=("Yassine El Amrani",),
    age_years=9,
    sex="boy",
    point=RABAT,
    phones=frozenset({"+212600000001"}),
    last_seen_at=AT,
)


def test_an_uncles_report_in_the_other_script_is_probable():
    told = Seen(names=("ياسين العمراني",), age_years=10, sex="boy", point=SALE, last_seen_at=AT)
    found = resemble(YASSINE, told)
    assert found.band == "probable"
    assert found.reasons == ("same_name", "near_place", "same_hours", "age_close")


def test_a_sibling_from_the_same_mother_is_never_probable():
    for name in ("Amine El Amrani", "أمين العمراني", "Yassir El Amrani"):
        found = resemble(YASSINE, replace(YASSINE, names=(name,)))
        assert found.band == "possible"
        assert found.reasons[-1] == "other_given_name"
        assert "same_phone" in found.reasons


def test_a_sister_of_another_age_is_nothing():
    sister = replace(YASSINE, names=("Yasmine El Amrani",), sex="girl", age_years=14, point=None)
    found = resemble(YASSINE, sister)
    assert found.band == ""
    assert {"other_given_name", "other_sex", "age_far", "same_phone"} <= set(found.reasons)


def test_the_same_phone_and_a_pet_name_is_probable():
    found = resemble(replace(YASSINE, names=("Mohamed Tazi",)), replace(YASSINE, names=("Simo Tazi",)))
    assert found.band == "probable"
    assert "name_sounds_alike" in found.reasons


def test_one_common_given_name_alone_says_little():
    assert resemble(Seen(names=("Mohamed",)), Seen(names=("محمد",))).band == ""


def test_a_whole_name_alone_is_possible():
    assert resemble(Seen(names=("Yassine El Amrani",)), Seen(names=("Yacine Amrani",))).band == "possible"


def test_a_whole_name_and_its_age_are_probable():
    here, there = Seen(names=("Obame Jean",), age_years=7), Seen(names=("Jean Obame",), age_years=7)
    assert resemble(here, there).band == "probable"


def test_the_best_of_several_spellings_counts():
    found = resemble(YASSINE, Seen(names=("Yoyo", "ياسين العمراني")))
    assert found.reasons == ("same_name",)


def test_nothing_known_is_no_reason():
    found = resemble(Seen(), Seen())
    assert found.reasons == ()
    assert found.band == ""


@pytest.mark.parametrize(
    "unknown",
    [
        {"age_years": None},
        {"sex": ""},
        {"point": None},
        {"phones": frozenset()},
        {"last_seen_at": None},
        {"names": ()},
    ],
)
def test_what_one_side_does_not_know_adds_no_reason(unknown):
    whole = resemble(YASSINE, YASSINE)
    less = resemble(YASSINE, replace(YASSINE, **unknown))
    assert set(less.reasons) < set(whole.reasons) or unknown == {"sex": ""}
    assert less.score <= whole.score


@pytest.mark.parametrize(
    ("years", "reason"),
    [(9.5, "same_age"), (11, "age_close"), (12, None), (13, "age_far")],
)
def test_ages_count_by_how_far_they_are_apart(years, reason):
    found = resemble(Seen(age_years=9), Seen(age_years=years)).reasons
    assert found == ((reason,) if reason else ())


def test_another_town_and_another_day_are_no_reason():
    other = Seen(point=FES, last_seen_at=AT + timedelta(days=1))
    assert resemble(YASSINE, other).reasons == ()


def test_a_mistyped_sex_does_not_hide_the_same_child():
    found = resemble(YASSINE, replace(YASSINE, sex="girl"))
    assert found.band == "probable"
    assert found.reasons[-1] == "other_sex"


def test_resembling_works_both_ways():
    other = replace(YASSINE, names=("Amine El Amrani", "Yassine"), age_years=12.0)
    assert resemble(YASSINE, other) == resemble(other, YASSINE)
