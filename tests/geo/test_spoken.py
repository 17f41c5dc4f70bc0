"""Words are understood whole or not at all."""

import pytest

from geo import phrases, spoken
from geo.gazetteer import Gazetteer
from geo.place import Place
from geo.points import Point
from tests.geo.test_gazetteer import PACKS


def place(name: str, lat: float, kind: str = "quarter", error_m: float = 1_000, **more) -> Place:
    return Place({"fr": name}, Point(lat, -6.8), kind, None, more.pop("population", 0), error_m, **more)


TOWN = Gazetteer(
    [
        place("Salé", 34.05, "city", 6_000, population=900_000),
        place("Rabat", 34.01, "city", 8_000, population=1_600_000),
        place("Yacoub", 34.00, "town", 1_000, population=50_000),
        place("Médina de Salé", 34.04, towns=("Salé",), local=("Médina", "المدينة القديمة")),
        place("Médina de Rabat", 34.02, towns=("Rabat",), local=("Médina",)),
        place("Hay Riad", 33.96, error_m=1_800, towns=("Rabat",)),
        place("Mahaj", 33.962, "mall", 300, towns=("Rabat",)),
        place("Gare Nord", 33.97, "station", 300, towns=("Rabat",), local=("Gare",)),
        place("Gare Sud", 33.98, "station", 300, towns=("Rabat",), local=("Gare",)),
    ]
)


def understood(words: str) -> str | None:
    found = spoken.understand(words, TOWN)
    return found.place.label("fr") if found else None


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Médina, Salé", "Médina de Salé"),
        ("Salé, Médina", "Médina de Salé"),
        ("médina salé", "Médina de Salé"),
        ("la médina de Rabat", "Médina de Rabat"),
        ("المدينة القديمة، Salé", "Médina de Salé"),
        ("Mahaj, Hay Riad, Rabat", "Mahaj"),
        ("Mahaj Hay Riad", "Mahaj"),
        ("Hay Riad Rabat Maroc", "Hay Riad"),
        ("Yacoub, Rabat", "Yacoub"),
        ("dans le quartier Riad à Rabat", "Hay Riad"),
        ("Rabat, المغرب", "Rabat"),
    ],
)
def test_a_quarter_with_its_town_is_the_quarter(words, meant):
    assert understood(words) == meant


@pytest.mark.parametrize(
    "words",
    [
        "Médina",  # which
        "Gare, Rabat",  # two
        "Hay Riad, Salé",  # not there
        "Salé, Rabat",
        "Rabat-Salé",
        "rue 12, Rabat",
        "rue Hay Riad",
        "شارع الرياض",
        "Rabat ou Salé",
        "entre Rabat et Salé",
        "loin de Rabat",
        "vers Rabat",
        "pas à Rabat",
        "Hay Riad chez Houda",
        "",
        " ,، ; ",
        "Maroc",
        "Hay Riad " * 60,
    ],
)
def test_what_is_not_wholly_understood_is_not_understood(words):
    assert understood(words) is None


@pytest.mark.parametrize(
    "lead", ["près de", "à côté de", "devant", "derrière", "near", "قرب", "حدا", "7da", "قدام"]
)
def test_near_a_place_is_wider_than_the_place(lead):
    near, at = spoken.understand(f"{lead} Hay Riad", TOWN), spoken.understand("Hay Riad", TOWN)
    assert near is not None
    assert at is not None
    assert near.place is at.place
    assert near.error_m == 1.5 * at.error_m
    assert spoken.says_near(f"{lead} Hay Riad")
    assert not spoken.says_near("à Hay Riad")


def test_near_a_small_place_adds_five_hundred_metres():
    found = spoken.understand("en face de Mahaj, Rabat", TOWN)
    assert found is not None
    assert found.error_m == 800


@pytest.mark.parametrize("lead", ["f", "في", "dans", "à", "in", "au", "fi"])
def test_in_a_place_is_the_place(lead):
    found = spoken.understand(f"{lead} Rabat", TOWN)
    assert found is not None
    assert (found.place.label("fr"), found.error_m) == ("Rabat", 8_000)


def test_a_preposition_written_onto_an_arabic_name_is_heard():
    for words, town in (("بالرباط", "Rabat"), ("فالرباط", "Rabat"), ("بسلا", "Salé")):
        found = spoken.understand(words, PACKS["ma"].gazetteer)
        assert found is not None
        assert found.place.label("fr") == town


def test_places_of_the_town_that_was_named_are_offered_first_and_the_town_with_them():
    offered = [found.label("fr") for found in spoken.candidates("près de la gare, Rabat", TOWN, 5)]
    assert offered[:2] == ["Gare Nord", "Gare Sud"]
    assert "Rabat" in offered
    assert [found.label("fr") for found in spoken.candidates("rue 12, Rabat", TOWN, 5)] == ["Rabat"]


def test_a_long_story_is_no_place_and_its_beginning_is_looked_at():
    story = "près de Rabat " + "et puis " * 5_000
    assert spoken.understand(story, TOWN) is None
    assert "Rabat" in [found.label("fr") for found in spoken.candidates(story, TOWN, 5)]


def test_leading_words_are_taken_off_one_by_one():
    said = list(phrases.bare("a cote de la gare"))
    assert said[0] == ("a cote de la gare", False)
    assert said[-1] == ("gare", True)
