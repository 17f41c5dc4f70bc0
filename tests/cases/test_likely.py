"""The order in which named places are checked, and why."""

import random

import pytest

from cases import likely
from cases.likely import Checked, Child, Named, Ranked, order

TEEN = Child(age=13)
HOME, FRIEND, UNCLE, ARCADE, STATION = (
    Named("home", "home"),
    Named("friend", "friend"),
    Named("uncle", "relative"),
    Named("arcade", "arcade"),
    Named("station", "bus_station"),
)
ALL = [STATION, ARCADE, UNCLE, FRIEND, HOME]


def keys(ranked: list[Ranked]) -> list[object]:
    return [one.key for one in ranked]


def of(ranked: list[Ranked], key: str) -> Ranked:
    return next(one for one in ranked if one.key == key)


def test_home_stands_first_then_what_studies_say() -> None:
    assert keys(order(ALL, TEEN)) == ["home", "friend", "uncle", "arcade", "station"]
    assert order(ALL, TEEN)[0].band == "first"
    assert of(order(ALL, TEEN), "station").band == "unlikely"


def test_a_share_is_quoted_for_the_ages_that_were_studied_alone() -> None:
    assert of(order(ALL, TEEN), "friend").share == 24
    assert of(order(ALL, Child(age=5)), "friend").share is None
    assert of(order([Named("x", "school")], TEEN), "x").share is None


def test_the_shares_of_the_study_and_of_the_judgement_are_a_whole() -> None:
    assert sum(likely.SHARES.values()) == pytest.approx(1)


def test_several_friends_share_what_friends_weigh() -> None:
    friends = [Named(n, "friend") for n in range(4)]
    assert sum(one.weight for one in order(friends, TEEN)) == pytest.approx(likely.SHARES["friend"])


@pytest.mark.parametrize(
    ("place", "child", "reason"),
    [
        (Named("x", "arcade", part="evening"), Child(13, hour=19), "fits_hour"),
        (Named("x", "arcade", days=frozenset({"sat"})), Child(13, weekday=5), "fits_day"),
        (Named("x", "arcade"), Child(13, hobbies=frozenset({"video_games"})), "fits_habit"),
        (Named("x", "bus_station"), Child(13, worries=frozenset({"travel_wish"})), "fits_worry"),
        (Named("x", "relative", found_before=True), TEEN, "found_before"),
        (Named("x", "other_parent"), Child(13, category="family_abduction"), "category_family_abduction"),
        (Named("x", "shop", often="every_day"), TEEN, "often_every_day"),
    ],
)
def test_what_fits_raises_a_place_and_says_so(place: Named, child: Child, reason: str) -> None:
    plain = order([Named("x", place.kind)], TEEN)[0]
    fitting = order([place], child)[0]
    assert fitting.weight > plain.weight
    assert reason in fitting.reasons
    assert reason not in plain.reasons


def test_what_does_not_fit_the_hour_is_not_said_to() -> None:
    ranked = order([Named("x", "arcade", part="morning")], Child(13, hour=19))
    assert "fits_hour" not in ranked[0].reasons


def test_a_checked_home_gives_way_and_the_more_so_the_better_it_was_searched() -> None:
    def weight(thoroughness: str) -> float:
        return of(order(ALL, TEEN, [Checked("home", "not_there", thoroughness)]), "home").weight

    assert weight("searched") < weight("looked") < weight("asked") < of(order(ALL, TEEN), "home").weight
    ranked = order(ALL, TEEN, [Checked("home", "not_there", "searched")])
    assert keys(ranked)[0] == "friend"
    assert "was_not_there" in of(ranked, "home").reasons


def test_a_check_of_long_ago_tells_less() -> None:
    def weight(hours: float) -> float:
        return order([FRIEND], TEEN, [Checked("friend", "not_there", "searched", hours)])[0].weight

    assert weight(0) < weight(12) < weight(48) < order([FRIEND], TEEN)[0].weight


def test_nobody_at_the_door_tells_little_and_a_refusal_nothing() -> None:
    plain = order([FRIEND], TEEN)[0].weight
    nobody = order([FRIEND], TEEN, [Checked("friend", "nobody")])[0]
    refused = order([FRIEND], TEEN, [Checked("friend", "refused")])[0]
    assert plain * 0.9 < nobody.weight < plain
    assert (refused.weight, "was_refused" in refused.reasons) == (plain, True)


def test_where_the_child_was_seen_comes_before_other_places_of_its_kind() -> None:
    other = Named("other", "bus_station")
    ranked = order([other, STATION], TEEN, [Checked("station", "seen_there")])
    assert keys(ranked) == ["station", "other"]


def test_after_a_day_a_child_is_under_a_roof() -> None:
    street = Named("street", "street")
    assert keys(order([street, UNCLE], Child(13, hours_missing=2))) == ["street", "uncle"]
    assert keys(order([street, UNCLE], Child(13, hours_missing=30))) == ["uncle", "street"]


def test_an_unlooked_for_place_never_rises_by_being_checked() -> None:
    chance = random.Random(4)
    kinds = list(likely._KINDS)
    for _round in range(300):
        places = [Named(n, chance.choice(kinds), found_before=chance.random() < 0.3) for n in range(6)]
        child = Child(chance.choice([None, 0, 5, 13, 17]), category=chance.choice(["lost", "unknown"]))
        checks: list[Checked] = []
        before = {one.key: one.weight for one in order(places, child)}
        for _again in range(4):
            result = chance.choice(["not_there", "nobody", "refused"])
            done = Checked(chance.randrange(6), result, chance.choice(["", "asked", "searched"]), 0.1)
            checks.append(done)
            after = {one.key: one.weight for one in order(places, child, checks)}
            assert all(0 < after[key] <= before[key] for key in before)
            before = after


def test_the_order_of_checks_does_not_matter() -> None:
    checks = [
        Checked("friend", "nobody"),
        Checked("friend", "not_there", "looked"),
        Checked("home", "refused"),
    ]
    one, other = order(ALL, TEEN, checks), order(ALL, TEEN, checks[::-1])
    assert keys(one) == keys(other)
    assert of(one, "friend").weight == pytest.approx(of(other, "friend").weight)


@pytest.mark.parametrize(
    "named",
    [
        [],
        [Named("x", "")],
        [Named("x", "no such kind")],
        [HOME] * 5,
        [Named(n, "friend") for n in range(500)],
    ],
)
def test_odd_lists_get_a_sane_answer(named: list[Named]) -> None:
    ranked = order(named, Child(age=None, hour=None), [Checked("not on the list", "not_there")])
    assert len(ranked) == len({one.key for one in named})
    assert all(0 < one.weight <= 1 for one in ranked)


def test_every_kind_of_place_of_the_form_has_a_heading() -> None:
    from cases import vocabulary

    assert set(vocabulary.codes("place_kind")) == set(likely._KINDS)
    assert set(likely._KINDS.values()) <= set(likely.SHARES)
    for listed, known in (
        ("hobby", likely.HOBBIES),
        ("worry", likely.WORRIES),
        ("category", likely.CATEGORIES),
    ):
        assert set(known) <= set(vocabulary.codes(listed))
    for kinds in (*likely.HOBBIES.values(), *likely.WORRIES.values()):
        assert kinds <= set(vocabulary.codes("place_kind"))


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "night"), (5, "night"), (6, "morning"), (13, "noon"), (19, "evening"), (23, "night")],
)
def test_each_hour_has_its_part_of_the_day(hour: int, part: str) -> None:
    assert likely.part_of_day(hour) == part


SEEN = Named("seen", "seen", seen=likely.Seen("likely", "witness", 14 / 60))


def test_where_the_child_was_just_seen_goes_before_everything() -> None:
    known = Named("friend", "friend", found_before=True, often="every_day")
    ranked = order([HOME, known, SEEN], TEEN)
    assert keys(ranked) == ["seen", "home", "friend"]
    assert (ranked[0].band, ranked[0].reasons, ranked[0].share) == ("first", ("seen_here",), None)


def test_a_sighting_weighs_by_how_sure_it_is_by_its_source_and_by_its_age() -> None:
    def weight(sure: str, source: str, hours: float) -> float:
        return order([Named("x", "seen", seen=likely.Seen(sure, source, hours))], TEEN)[0].weight

    by_certainty = [weight(sure, "witness", 1) for sure in ("certain", "likely", "possible", "doubtful")]
    assert by_certainty == sorted(by_certainty, reverse=True)
    assert weight("likely", "camera", 1) > weight("likely", "witness", 1) > weight("likely", "media", 1)
    assert weight("likely", "witness", 3) == pytest.approx(weight("likely", "witness", 1) / 2)
    assert weight("certain", "camera", -1) == weight("certain", "camera", 0) < 1


def test_a_sighting_gives_way_to_the_home_once_it_is_old_or_was_looked_into() -> None:
    old = Named("seen", "seen", seen=likely.Seen("likely", "witness", 6))
    assert keys(order([HOME, FRIEND, old], TEEN))[:2] == ["home", "friend"]
    looked = order([HOME, FRIEND, SEEN], TEEN, [Checked("seen", "not_there", "looked")])
    assert keys(looked) == ["home", "friend", "seen"]
    again = order([HOME, FRIEND, SEEN], TEEN, [Checked("seen", "seen_there")])
    assert keys(again)[1] == "seen"


def test_sightings_take_nothing_from_what_named_places_weigh() -> None:
    alone = of(order([Named("x", "other")], TEEN), "x").weight
    assert of(order([Named("x", "other"), SEEN], TEEN), "x").weight == alone
