"""What differs: words, ground, hours of the night, minutes; and what a signer reads of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from alerts import comparing, differences, forecast, issue, quiet, suggesting
from alerts.comparing import Piece
from alerts.forecast import Load
from geo.points import Point
from geo.shapes import Area, Circle, Polygon
from tests import people
from tests.alerts import scene

RABAT = ZoneInfo("Africa/Casablanca")
SENTENCE = {"ar": "معها حقيبة حمراء.", "fr": "Elle a un sac rouge.", "en": "She has a red bag."}


def circle(radius_m: float, lat: float = 34.0) -> Area:
    return Area((Circle(Point(lat, -6.85), radius_m),))


def test_words_are_compared_one_by_one_and_what_is_gone_stands_first():
    found = comparing.words("Porte une robe rouge.", "Porte une robe bleue, un sac.")
    assert found == (
        Piece("Porte une robe "), Piece("rouge.", "del"), Piece("bleue, un sac.", "ins"),
    )  # fmt: skip
    assert comparing.words("", "") == ()
    assert comparing.words("", "a") == (Piece("a", "ins"),)


@pytest.mark.parametrize("text", ["شوهدت قرب المحطة، ترتدي فستانا أحمر.", "a\n\nb  c", "\u2066060\u2069 "])
def test_nothing_is_lost_of_either_text(text):
    found = comparing.words("Un autre texte\nici", text)
    assert "".join(piece.words for piece in found if piece.change != "del") == text
    assert "".join(piece.words for piece in found if piece.change != "ins").split() == [
        "Un",
        "autre",
        "texte",
        "ici",
    ]


def test_only_the_lines_that_changed_are_shown():
    pieces = comparing.words(
        "Nom : A\nLieu : Rabat\nÂge : 9", "Nom : A\nLieu : Salé\nÂge : 9\nÀ savoir : un sac"
    )
    shown = comparing.changed_lines(pieces)
    assert (
        "".join(piece.words for piece in shown if piece.change != "del") == "Lieu : Salé\nÀ savoir : un sac"
    )
    assert comparing.changed_lines((Piece("a\nb"),)) == ()


def test_ground_is_measured_on_the_earth():
    ground = comparing.ground(circle(10_000), circle(20_000))
    assert ground.before == pytest.approx(314.16, rel=0.003)
    assert ground.added == pytest.approx(3 * ground.before, rel=0.003)
    assert ground.removed == 0
    # One degree by one degree at 60° north (Snyder: R² · Δλ · (sin 61° - sin 60°)).
    far = Area(polygons=(Polygon((Point(60, 10), Point(61, 10), Point(61, 11), Point(60, 11))),))
    assert comparing.km2(far.planar) == pytest.approx(6_088, rel=0.01)
    assert comparing.ground(circle(10_000), circle(10_000)).is_same
    assert comparing.ground(circle(10_000), circle(10_000, lat=34.01)).removed > 1


@pytest.mark.parametrize(
    ("local", "morning"),
    [
        ("2026-11-22T23:15", "2026-11-23T07:00"),
        ("2026-11-22T22:00", "2026-11-23T07:00"),
        ("2026-11-23T06:59", "2026-11-23T07:00"),
        ("2026-11-23T07:00", ""),
        ("2026-11-22T21:59", ""),
    ],
)
def test_the_night_ends_in_the_morning_of_the_place(local, morning):
    at = datetime.fromisoformat(local).replace(tzinfo=RABAT)
    found = quiet.until(at.astimezone(UTC), RABAT, (22, 7))
    assert found == (datetime.fromisoformat(morning).replace(tzinfo=RABAT) if morning else None)


def test_a_night_may_lie_within_a_day_or_not_be():
    noon = datetime(2026, 1, 5, 13, tzinfo=UTC)
    assert quiet.until(noon, UTC, (12, 14)) == noon + timedelta(hours=1)
    assert quiet.until(noon, UTC, (7, 7)) is None


def test_minutes_follow_the_slowest_channel_and_the_nearest_rings():
    loads = [Load("sms", 0, 600), Load("sms", 5, 3_000), Load("email", 0, 100), Load("wall", 0, 1)]
    rates = {"sms": 30.0, "email": 1.0, "wall": None}
    assert forecast.seconds(loads, rates) == 120
    assert forecast.seconds(loads, rates, last_ring=2) == 100
    assert forecast.seconds(loads[:2], rates, last_ring=2) == 20
    assert forecast.seconds(loads, {}) == 0
    assert forecast.seconds([], rates) == 0


@pytest.mark.parametrize(("hours", "km"), [(0, 5), (1, 5), (2.1, 9), (24, 96), (30, 100), (-3, 5)])
def test_a_suggested_radius_is_a_walk_within_bounds(hours, km):
    at = datetime(2026, 1, 5, tzinfo=UTC)
    assert suggesting.radius_km(at - timedelta(hours=hours), at) == km
    assert suggesting.radius_km(None, at) == 5


@pytest.mark.django_db
def test_a_first_version_differs_from_nothing_and_an_update_from_what_is_in_force():
    scene.neighbours(2)
    first = scene.signed(channels=["sms"])
    assert differences.of(scene.stored(first)) == []
    same = issue.update(first.alert, people.ines())
    with translation.override("en"):
        unchanged = differences.of(same)
    assert [line.sentence for line in unchanged] == ["Nothing differs from version 1."]
    changed = issue.revise(
        same,
        people.ines(),
        area=circle(40_000, scene.AGDAL.lat),
        channels=["sms", "email"],
        duration_s=6 * 3600,
        tier="notice",
        additions=SENTENCE,
    )
    with translation.override("en"):
        found = differences.of(scene.stored(changed))
    told = " ".join(line.sentence for line in found)
    for words in (
        "km² more",
        "Also by: ",
        "6 hours from the signature instead of 24",
        "waits for the morning",
    ):
        assert words in told
    arabic = [line for line in found if line.language == "ar"]
    assert arabic
    assert all(line.direction == "rtl" for line in arabic)
    new = [piece.words for line in arabic for piece in line.pieces if piece.change == "ins"]
    assert any("حقيبة" in words for words in new)


@pytest.mark.django_db
def test_a_proposal_made_anew_is_compared_with_the_one_that_was_sent_back():
    returned = scene.proposed()
    issue.send_back(returned, people.omar(), "Encore")
    again = issue.revise(returned, people.ines(), duration_s=2 * 3600)
    with translation.override("en"):
        (line,) = differences.of(scene.stored(again))
    assert "2 hours" in line.sentence
    assert "instead of 24" in line.sentence
