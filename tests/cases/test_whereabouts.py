import pytest

from cases.reported import ReportedPlace
from cases.whereabouts import KEEP_WORDS, UnknownPlace, label, resolve, resolve_quietly, suggest
from geo.gazetteer import Gazetteer, Place
from geo.points import Point


def _place(fr: str, ar: str, lat: float, population: int = 0) -> Place:
    return Place({"fr": fr, "ar": ar}, Point(lat, -6.8), "quarter", "MA-04", population, 800.0)


TOWN = Gazetteer(
    [
        _place("Salé", "سلا", 34.05, 900_000),
        _place("Hay Riad", "حي الرياض", 33.95),
        _place("Souk El Had", "سوق الأحد", 30.4),
        _place("Souk El Had", "سوق الحد", 34.1),
    ]
)


@pytest.mark.parametrize("words", ["Salé", "sale", "SALÉ ", "سلا", "حي الرياض", "hay-riad"])
def test_a_known_place_is_found_in_any_spelling(words):
    found = resolve(words, TOWN)
    assert found.point is not None
    assert (found.words, found.error_m, found.source) == (words, 800, "gazetteer")


@pytest.mark.parametrize("words", ["derrière la boulangerie de Houda", "قرب البحر", "Souk El Had", ""])
def test_what_names_no_one_place_stays_words(words):
    with pytest.raises(UnknownPlace):
        resolve(words, TOWN)
    assert resolve_quietly(words, TOWN).point is None
    kept = resolve(words, TOWN, choice=KEEP_WORDS)
    assert (kept.words, kept.point, kept.error_m, kept.source) == (words, None, None, "")


@pytest.mark.parametrize("words", ["derrière le marché, Salé", "près de hay riad", "قرب المسجد، حي الرياض"])
def test_places_within_the_words_are_offered_and_the_choice_is_taken(words):
    offered = suggest(words, TOWN)
    assert offered
    chosen = resolve(words, TOWN, choice=offered[0].value)
    assert (chosen.words, chosen.point) == (words, offered[0].place.point)


def test_a_choice_that_was_never_offered_is_asked_again():
    with pytest.raises(UnknownPlace):
        resolve("rue 12, Salé", TOWN, choice="0.00000,0.00000")


def test_fifty_thousand_letters_are_looked_at_for_a_moment_only():
    assert len(suggest("souk " * 10_000, TOWN)) <= 5


def test_a_choice_beside_a_place_is_as_wide_as_what_was_said():
    (offered, *_) = suggest("derrière le marché, Salé", TOWN)
    assert resolve("derrière le marché, Salé", TOWN, choice=offered.value).error_m == 1_300
    assert resolve("rue 12, Salé", TOWN, choice=offered.value).error_m == 800


def test_a_suggestion_says_its_town_where_its_name_does_not():
    quarter = Place({"fr": "Bettana", "ar": "بطانة"}, Point(34, -6), "quarter", None, 0, 900, towns=("Salé",))
    medina = Place({"fr": "Médina de Salé"}, Point(34.1, -6), "quarter", None, 0, 900, towns=("Salé",))
    gazetteer = Gazetteer([*TOWN.places, quarter, medina])
    assert [item.label("fr") for item in suggest("Bettana", gazetteer)] == ["Bettana, Salé"]
    assert suggest("Bettana", gazetteer)[0].label("ar") == "بطانة، سلا"
    assert suggest("Médina de Salé", gazetteer)[0].label("fr") == "Médina de Salé"


def test_what_was_found_is_called_by_its_own_name():
    found = resolve(
        "Souk", Gazetteer([_place("Souk Jdid", "السوق الجديد", 34.04)]), choice="34.04000,-6.80000"
    )
    assert label(found, TOWN, "fr") == "Salé"  # of another list: the nearest
    assert label(resolve("hay riad", TOWN), TOWN, "ar") == "حي الرياض"
    assert label(ReportedPlace("chez Ali"), TOWN, "fr") == ""
