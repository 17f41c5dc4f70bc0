"""The plan before the signature: who falls over, what it costs, how long it takes. Pure."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as any_of

from alerts.forecast import Fall, Group, Load, Plan, Terms, plan, seconds

SMS = Terms(
    per_second=30,
    parts={"ar": 3, "fr": 2},
    prices={"ar": Decimal("0.15"), "fr": Decimal("0.10")},
)
WHATSAPP = Terms(per_second=80, people_left=250, prices={"ar": Decimal("0.02"), "fr": Decimal("0.02")})
EMAIL = Terms()
TERMS = {"whatsapp": WHATSAPP, "sms": SMS, "email": EMAIL}


def whatsapp(ring: int, people: int, *, language: str = "fr", then: str = "sms") -> Group:
    return Group("whatsapp", ring, language, people, then)


def test_the_251st_falls_to_the_sms_with_cost_minutes_and_load():
    made = plan([whatsapp(0, 200), whatsapp(1, 100, language="ar"), Group("sms", 1, "fr", 40)], TERMS)
    assert made.falls == (Fall("whatsapp", "sms", 50),)
    assert (made.people("whatsapp"), made.people("sms")) == (250, 90)
    assert made.cost("sms") == Decimal("0.10") * 40 + Decimal("0.15") * 50
    by_sms = made.cost("sms")
    assert by_sms is not None
    assert made.cost() == by_sms + Decimal("0.02") * 250
    assert made.seconds("sms") == (40 * 2 + 50 * 3) / 30
    assert made.seconds("whatsapp") == 250 / 80
    assert made.seconds() == made.seconds("sms")


def test_the_nearest_keep_their_channel_and_who_falls_is_told_in_their_own_ring():
    made = plan([whatsapp(5, 300), whatsapp(0, 240)], TERMS)
    assert Group("whatsapp", 0, "fr", 240) in made.told
    assert Group("whatsapp", 5, "fr", 10) in made.told
    assert made.seconds("sms", last_ring=4) == 0
    assert made.seconds("sms") == 290 * 2 / 30


def test_who_has_no_other_way_is_told_nothing_and_it_is_said():
    made = plan([whatsapp(0, 260, then="")], TERMS)
    assert made.falls == (Fall("whatsapp", "", 10),)
    assert sum(group.people for group in made.told) == 250


def test_nobody_falls_twice_where_the_next_day_is_full_too():
    full = {**TERMS, "sms": replace(SMS, people_left=5)}
    made = plan([whatsapp(0, 260)], full)
    assert made.falls == (Fall("sms", "", 5), Fall("whatsapp", "sms", 10))
    assert (made.people("whatsapp"), made.people("sms")) == (250, 5)


def test_a_day_that_is_spent_reaches_nobody_more():
    made = plan([whatsapp(0, 3)], {**TERMS, "whatsapp": replace(WHATSAPP, people_left=0)})
    assert made.people("whatsapp") == 0
    assert made.falls == (Fall("whatsapp", "sms", 3),)


def test_without_any_rate_or_price_nothing_is_made_up():
    made = plan([Group("email", 0, "fr", 1_000_000)], TERMS)
    assert (made.seconds(), made.cost(), made.falls) == (None, None, ())
    assert plan([], TERMS).told == ()


def test_whoever_is_not_reached_before_the_end_is_counted_the_outermost_first():
    people = [Group("sms", 0, "fr", 100), Group("sms", 3, "ar", 100), Group("email", 0, "fr", 9)]
    made = plan(people, TERMS)
    assert made.seconds() == 500 / 30
    assert [made.untold_after(lasts_s) for lasts_s in (60, 10, 5, 0)] == [0, 67, 125, 200]


@pytest.mark.parametrize("last_ring", [None, 2, 0])
def test_the_slowest_channel_says_when_it_is_over(last_ring):
    loads = [Load("sms", 0, 300), Load("sms", 3, 3000), Load("email", 2, 900)]
    took = seconds(loads, {"sms": 30, "email": 10}, last_ring=last_ring)
    assert took == {None: 110, 2: 90, 0: 10}[last_ring]


CHANNELS = ("whatsapp", "sms", "email", "webpush")
groups = any_of.lists(
    any_of.builds(
        Group,
        channel=any_of.sampled_from(CHANNELS),
        ring=any_of.integers(0, 8),
        language=any_of.sampled_from(("ar", "fr", "en")),
        people=any_of.integers(0, 5_000),
        then=any_of.sampled_from(("", *CHANNELS)),
    ),
    max_size=30,
)
agreed = any_of.builds(
    Terms,
    per_second=any_of.none() | any_of.floats(0.1, 1_000),
    people_left=any_of.none() | any_of.integers(0, 3_000),
    parts=any_of.dictionaries(any_of.sampled_from(("ar", "fr", "en")), any_of.integers(1, 10)),
    prices=any_of.just({}),
)
terms = any_of.fixed_dictionaries(dict.fromkeys(CHANNELS, agreed))


def alone(made: Plan) -> int:
    return sum(fall.people for fall in made.falls if not fall.then)


@given(groups, terms)
def test_everybody_is_told_once_or_said_to_be_told_nothing(people, agreed_to):
    made = plan(people, agreed_to)
    assert sum(group.people for group in made.told) + alone(made) == sum(group.people for group in people)
    assert all(group.people > 0 for group in made.told)
    assert all(fall.people > 0 for fall in made.falls)
    assert (made.seconds() or 0) >= 0
    for name, one in agreed_to.items():
        assert one.people_left is None or made.people(name) <= one.people_left


@given(groups, terms, any_of.data())
def test_one_person_more_never_makes_it_shorter(people, agreed_to, data):
    """Where one channel alone counts its people, as to none of whom a message is longer than to another."""
    agreed_to = {name: replace(one, people_left=None) for name, one in agreed_to.items()} | {
        "whatsapp": replace(agreed_to["whatsapp"], parts={})
    }
    people = [replace(group, then="sms" if group.channel == "whatsapp" else "") for group in people]
    if not people:
        return
    place = data.draw(any_of.integers(0, len(people) - 1))
    more = [replace(one, people=one.people + int(n == place)) for n, one in enumerate(people)]
    before, after = plan(people, agreed_to), plan(more, agreed_to)
    for channel in CHANNELS:
        for ring in (0, 2, 8):
            was, now = (made.seconds(channel, last_ring=ring) or 0 for made in (before, after))
            assert now >= was - 1e-9
    assert after.untold_after(600) >= before.untold_after(600)


@given(groups, terms)
def test_the_near_are_told_no_later_than_all(people, agreed_to):
    made = plan(people, agreed_to)
    times = [made.seconds(last_ring=ring) or 0 for ring in range(9)]
    assert times == sorted(times)
    assert (made.seconds() or 0) == times[-1]
