"""Hours, places, plates, links and numbers out of a message; whatever is typed, nothing breaks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.gazetteer import Gazetteer
from geo.points import Point
from tips.triage import read
from tips.triage.named import link_key

ZONE = ZoneInfo("Africa/Casablanca")
AT = datetime(2026, 11, 22, 18, 30, tzinfo=ZONE)  # a Sunday
PACK = Path(__file__).parents[3] / "project" / "countries" / "ma"
GAZETTEER = Gazetteer.load(PACK / "places.tsv", PACK / "quarters.tsv")
RABAT = Point(34.02, -6.84)


def told(words, at=AT, near=None):
    return read(words, written_at=at, zone=ZONE, gazetteer=GAZETTEER, near=near)


@pytest.mark.parametrize(
    ("words", "hour", "most_error"),
    [
        ("je l'ai vue il y a 10 minutes", "22 18:20", 10),
        ("vu il y a une demi-heure", "22 18:00", 15),
        ("hier soir vers 20h", "21 20:00", 30),
        ("ce matin à 8h30", "22 08:30", 30),
        ("cheftha l-bar7 f 8 d lil", "21 20:00", 30),
        ("hadi sa3a", "22 17:30", 20),
        ("hadi nss sa3a", "22 18:00", 15),
        ("daba 7da la gare", "22 18:30", 5),
        ("قبل ساعة", "22 17:30", 20),
        ("منذ ساعتين", "22 16:30", 40),
        ("شفتها اليوم الساعة 3", "22 15:00", 30),
        ("البارح ف 8 د الليل", "21 20:00", 30),
        ("امبارح الساعة 9 الصبح", "21 09:00", 30),
        ("من ساعة", "22 17:30", 20),
        ("الساعة ٤ مساء", "22 16:00", 30),
        ("two hours ago", "22 16:30", 40),
        ("yesterday at 5 pm", "21 17:00", 30),
        ("le 20/11 à 14h", "20 14:00", 30),
        ("vendredi à 17h", "20 17:00", 30),
        ("il y a 3 jours", "19 18:30", 1200),
    ],
)
def test_an_hour_is_read_in_every_way_of_saying_it(words, hour, most_error):
    when = told(words).when
    assert when is not None
    assert when.at.astimezone(ZONE).strftime("%d %H:%M") == hour
    assert when.error_min <= most_error


@pytest.mark.parametrize(
    "words",
    [
        "j'ai vu la fille",
        "elle a 8 ans",
        "طفل عمره 9 سنوات",
        "12345-A-6",
        "3 personnes",
        "il a 200 dh",
        "bonjour",
    ],
)
def test_what_tells_no_hour_has_none(words):
    assert told(words).when is None


def test_an_hour_that_may_be_two_says_so():
    when = told("hier à 8").when
    assert when is not None
    assert when.error_min >= 600


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_is_read_and_no_hour_lies_ahead(words):
    found = told(words)
    assert found.when is None or found.when.at <= AT
    assert all(place.error_m > 0 for place in found.places)


@pytest.mark.parametrize("at", [datetime(2026, 3, 29, 3, tzinfo=UTC), datetime(2026, 1, 1, 0, 1, tzinfo=UTC)])
def test_midnight_and_the_new_year_are_no_trouble(at):
    when = told("hier soir vers 20h", at=at).when
    assert when is not None
    assert timedelta(0) <= at - when.at < timedelta(days=2)


@pytest.mark.parametrize(
    ("words", "most_m"),
    [
        ("cheft wa7d lbnt 7da la gare Rabat Ville", 1500),
        ("près de la gare de Salé", 1500),
        ("شفت طفلة حدا محطة القطار أكدال الرباط", 1500),
        ("daba f sala aljadida", 4000),
        ("hadi nss sa3a f marrakech", 15000),
    ],
)
def test_a_place_is_found_among_other_words_with_its_error(words, most_m):
    places = told(words).places
    assert places
    assert 0 < places[0].error_m <= most_m


@pytest.mark.parametrize(
    "words", ["la petite fille pleure", "weldi ma rj3ch", "شفت البنت مع أمها", "j'ai vu Mohamed"]
)
def test_words_that_are_names_elsewhere_are_no_place(words):
    assert told(words).places == ()


def test_the_station_is_the_one_near_the_alert_where_only_one_stands_there():
    assert told("cheftha f la gare", near=None).places == ()
    sale = told("7da la gare", near=Point(34.05, -6.80))
    assert all(place.error_m < 5000 for place in sale.places)


def test_a_plate_is_the_same_however_it_is_typed():
    ways = ("12345-أ-6", "12345 | أ | 6", "plaque 12345-A-6", "6 | أ | 12345")
    typed = {told(words).plates for words in ways}
    assert len(typed) == 1


@pytest.mark.parametrize("words", ["AB-123-CD", "ق ع ص 1234"])
def test_plates_of_gabon_and_egypt_are_read(words):
    assert told(words).plates


def test_one_post_has_one_key_whoever_shares_it():
    keys = {
        link_key(one)
        for one in (
            "https://www.facebook.com/groups/1/posts/77/?fbclid=abc",
            "https://m.facebook.com/groups/1/posts/77",
            "http://facebook.com/groups/1/posts/77?mibextid=x",
        )
    }
    assert keys == {"facebook.com/groups/1/posts/77"}
    assert link_key("https://www.facebook.com/") == ""


def test_a_number_is_the_same_with_and_without_its_country():
    assert told("appelez le 0661 12 34 56").phones == told("+212 661-123456").phones


def test_a_long_message_costs_no_more_than_its_beginning():
    assert told("mon fils n'est pas rentré. " + "bla " * 500_000).guess == "report"


def test_words_of_danger_in_hearsay_weigh_less():
    first_hand = told("un homme a enlevé une fillette de force").danger
    passed_on = told("on dit qu'un homme a enlevé une fillette de force, partagez").danger
    assert sum(r.points for r in passed_on) < sum(r.points for r in first_hand)
    assert {r.code for r in passed_on} == {r.code for r in first_hand}
