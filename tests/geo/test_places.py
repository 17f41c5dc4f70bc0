"""The compiled quarters and landmarks: enough of them, where they can be, and no name that means two."""

from collections import defaultdict

import pytest

from geo import placefile
from geo.geodesic import distance_m
from geo.names import normalise
from geo.place import KINDS, TOWNS
from tests.geo.test_gazetteer import COUNTRIES, PACKS

FROM_TOWN_M = 45_000
AREAS = {
    "Rabat-Salé-Témara": ("ma", {"Rabat", "Salé", "Témara"}),
    "Casablanca": ("ma", {"Casablanca"}),
    "Libreville": ("ga", {"Libreville", "Owendo", "Akanda"}),
    "Cairo": ("eg", {"Cairo", "Giza", "Shubra El Kheima"}),
}
COMPILED = {
    code: list(placefile.read(COUNTRIES / code / "quarters.tsv"))  # the file alone, before any index
    for code in PACKS
}


@pytest.mark.parametrize("area", AREAS)
def test_each_city_has_its_quarters_and_landmarks(area):
    country, towns = AREAS[area]
    found = [place for place in COMPILED[country] if place.towns[0] in towns]
    kinds = {place.kind for place in found}
    assert len(found) >= 75
    assert sum(place.kind == "quarter" for place in found) >= 25
    assert {"quarter", "market", "station", "hospital", "university", "school", "park"} <= kinds
    assert kinds & {"mosque", "church"}
    assert "bus_station" in kinds


@pytest.mark.parametrize("country", PACKS)
def test_every_row_is_plausible(country):
    for place in COMPILED[country]:
        assert place.kind in KINDS - TOWNS, place.label("en")
        assert 200 <= place.error_m <= 5_000, place.label("en")
        assert set(place.name) == {"ar", "fr", "en"}
        assert len(place.variants) + len(place.local) >= 2, place.label("en")
        assert PACKS[country].outlines.region_of(place.point) is not None, place.label("en")
        for name in place.towns:
            town = PACKS[country].gazetteer.resolve(name)
            assert town is not None
            assert town.kind in TOWNS
            assert distance_m(town.point, place.point) <= FROM_TOWN_M, place.label("en")


@pytest.mark.parametrize("country", PACKS)
def test_no_name_means_two_rows(country):
    named = defaultdict(list)
    for place in COMPILED[country]:
        for key in {normalise(name) for name in place.names}:
            named[key].append(place.label("en"))
    assert {key: rows for key, rows in named.items() if len(rows) > 1} == {}


@pytest.mark.parametrize("country", PACKS)
def test_every_variant_leads_to_its_own_row_or_asks(country):
    gazetteer = PACKS[country].gazetteer
    asked = 0
    for place in COMPILED[country]:
        for name in place.names:
            found = gazetteer.resolve(name)
            assert found is None or found.label("fr") == place.label("fr"), name
            asked += found is None
    assert asked <= 2  # a town of the same name


@pytest.mark.parametrize("country", PACKS)
def test_local_names_are_one_of_a_kind_in_their_town_or_ask(country):
    gazetteer = PACKS[country].gazetteer
    for place in COMPILED[country]:
        for name in place.local:
            found, _ = gazetteer.named(name)
            assert any(other.label("fr") == place.label("fr") for other in found), name
            sure = gazetteer.resolve(name)
            assert sure is None or sure.label("fr") == place.label("fr")


@pytest.mark.parametrize("country", PACKS)
def test_a_proper_name_of_two_places_always_asks(country):
    gazetteer, named = PACKS[country].gazetteer, defaultdict(list)
    for place in gazetteer.places:
        for key in {normalise(name) for name in place.name.values()}:
            named[key].append(place)
    shared = [key for key, places in named.items() if len(places) > 1]
    assert [key for key in shared if gazetteer.resolve(key)] == []


@pytest.mark.parametrize(
    "spellings",
    [
        ("Laâyoune", "Laayoune", "العيون", "L3youn", "El Aaiún"),
        ("Dakhla", "الداخلة", "Ad Dakhla"),
        ("Boujdour", "بوجدور", "Bujdur"),
        ("Bouznika", "بوزنيقة"),
        ("Taounate", "تاونات"),
        ("Asilah", "أصيلة"),
        ("Midar", "ميضار"),
        ("Oualidia", "الوليدية"),
    ],
)
def test_moroccan_towns_have_both_scripts(spellings):
    found = [PACKS["ma"].gazetteer.resolve(spelling) for spelling in spellings]
    assert found[0] is not None
    assert all(place is found[0] for place in found)


def test_most_towns_of_morocco_have_their_arabic_name():
    towns = [place for place in PACKS["ma"].gazetteer.places if place.kind in TOWNS]
    assert sum("ar" in place.name for place in towns[:250]) >= 245
    assert [place.region for place in towns if place.label("fr") in {"Laâyoune", "Boujdour", "Dakhla"}] == [
        "MA-11", "MA-12", "MA-11",
    ]  # fmt: skip
