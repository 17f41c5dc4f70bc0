"""From the case file to what may be known."""

from dataclasses import replace

import pytest
from django.conf import settings

from alerts import facts
from cases.report import receive
from geo.points import Point
from tests import people
from tests.alerts import scene
from trust import clock


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+212537000000", "0537000000"),
        ("+33140000000", "+33140000000"),
        ("19", "19"),
        ("0537 00", "0537 00"),
        ("", ""),
    ],
)
def test_a_number_is_shown_as_people_of_the_country_dial_it(number, shown):
    assert facts._as_dialled(number) == shown


@pytest.mark.django_db
def test_a_quarter_is_named_with_its_town():
    about = scene.case()
    known = facts.known(about, about.children.get(), None, clock.now())
    assert known.place["fr"] == "Agdal, Rabat"
    assert known.place["ar"] == "أكدال، الرباط"
    assert not known.is_near_place


@pytest.mark.django_db
def test_far_from_any_place_it_is_said_to_be_near_it():
    about = scene.case()
    desert = Point(29.0, -7.5)
    about.last_seen_place = {"lat": desert.lat, "lon": desert.lon}
    known = facts.known(about, about.children.get(), None, clock.now())
    assert known.is_near_place
    assert known.place["fr"]


@pytest.mark.django_db
def test_without_a_point_the_region_is_named_and_never_the_familys_words():
    about = scene.case()
    about.last_seen_place, about.last_seen_region = {}, "MA-04"
    known = facts.known(about, about.children.get(), None, clock.now())
    region = settings.COUNTRY.outlines.get("MA-04")
    assert region
    assert known.place == dict(region.names)
    assert "Orangers" not in str(known)


@pytest.mark.django_db
def test_a_stored_name_that_turns_what_follows_or_breaks_the_line_is_said_plainly():
    told = scene.report()
    marked = "\u202eAmina\n\u2067El\u200b\r\n Idrissi\u2028\u200f"
    people.unit()
    made = receive(replace(told, children=(replace(told.children[0], name_latin=marked),))).case
    known = facts.known(made, made.children.get(), None, clock.now())
    assert known.name["fr"] == "Amina El Idrissi"
