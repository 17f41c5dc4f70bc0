import pytest

from cases.whereabouts import KEEP_WORDS, UnknownPlace, resolve, resolve_quietly, suggest
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
