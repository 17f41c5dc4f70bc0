"""Places are found by any name, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import pack
from geo.gazetteer import Gazetteer, GazetteerError, Place
from geo.geodesic import distance_m
from geo.place import SAID_IN_PUBLIC
from geo.points import Point

COUNTRIES = Path(pack.__file__).parent.parent / "project" / "countries"
PACKS = {code: pack.load(COUNTRIES / f"{code}.toml") for code in ("ma", "ga", "eg")}
HEADER = "lat\tlon\tpopulation\tregion\tkind\terror_m\tar\tfr\ten\tvariants\n"


@pytest.mark.parametrize(
    ("country", "spellings"),
    [
        ("ma", ("Salé", "sale", "سلا")),
        ("ma", ("Laâyoune", "Laayoune", "العيون", "El Aaiún")),
        ("ma", ("Dakhla", "الداخلة")),
        ("ma", ("Boujdour", "بوجدور")),
        ("ma", ("Hay Riad", "حي الرياض", "hay ryad")),
        ("ma", ("Takaddoum", "التقدم", "Taqaddoum")),
        ("ma", ("Fès", "Fez", "فاس")),
        ("ga", ("Libreville", "ليبرفيل")),
        ("ga", ("Nzeng-Ayong", "nzeng ayong")),
        ("eg", ("القاهرة", "القاهره", "Cairo", "Le Caire")),
        ("eg", ("إمبابة", "امبابه", "Embaba")),
    ],
)
def test_every_spelling_leads_to_the_same_place(country, spellings):
    found = [PACKS[country].gazetteer.resolve(spelling) for spelling in spellings]
    assert found[0] is not None
    assert all(place is found[0] for place in found)


def test_a_quarter_is_not_the_middle_of_its_city():
    # GeoNames has Anfa as another name of Casablanca.
    anfa = PACKS["ma"].gazetteer.resolve("Anfa")
    assert anfa is not None
    assert anfa.kind == "quarter"


@pytest.mark.parametrize("words", ["", "chez mon oncle", "Rabat, rue 12", "Sidi", "Salé 2", "سوق"])
def test_unknown_words_stay_words(words):
    assert PACKS["ma"].gazetteer.resolve(words) is None


def place(name: str, population: int = 0, lat: float = 34.0, variants: tuple[str, ...] = ()) -> Place:
    return Place({"fr": name}, Point(lat, -6), "town", None, population, 1_000, variants)


def test_two_places_of_one_name_are_not_guessed():
    gazetteer = Gazetteer([place("Badr", 50), place("Badr", 40, 35)])
    assert gazetteer.resolve("badr") is None
    assert len(gazetteer.search("badr")) == 2


def test_a_proper_name_goes_before_a_variant():
    gazetteer = Gazetteer([place("Casablanca", 9, variants=("Anfa",)), place("Anfa")])
    found = gazetteer.resolve("anfa")
    assert found is not None
    assert found.label("fr") == "Anfa"


def test_a_word_every_town_has_names_no_place_alone():
    gazetteer = Gazetteer(
        [place("Fès el-Bali", 9, variants=("Medina",)), place("Mehdia", 5, 34.2, ("Plage",))]
    )
    for words in ("médina", "MEDINA", "plage"):
        assert gazetteer.resolve(words) is None
        assert len(gazetteer.search(words)) == 1


def test_a_name_that_is_local_elsewhere_is_not_guessed():
    village = place("Sidi Moussa")
    quarter = Place(
        {"fr": "Sidi Moussa (Salé)"}, Point(34, -6), "quarter", None, 0, 900, local=("Sidi Moussa",)
    )
    gazetteer = Gazetteer([village, quarter])
    assert gazetteer.resolve("Sidi Moussa") is None
    assert gazetteer.resolve("Sidi Moussa (Salé)") is quarter


def test_a_row_of_the_forces_wins_over_the_pack():
    own = Place({"fr": "Agdal"}, Point(33.9, -6.8), "quarter", None, 0, 300, own=True)
    gazetteer = Gazetteer([place("Agdal", 50), own])
    assert gazetteer.resolve("agdal") is own
    assert gazetteer.search("agd")[0] is own


@pytest.mark.parametrize("typed", ["Takaddum", "Takadoumm", "Takaddoun", "Tkaddoum"])
def test_one_wrong_letter_is_offered_and_not_believed(typed):
    gazetteer = PACKS["ma"].gazetteer
    assert "Takaddoum" in [found.label("fr") for found in gazetteer.similar(typed)] or gazetteer.resolve(
        typed
    )
    assert gazetteer.similar("xy") == []


def test_a_slip_of_two_letters_in_a_short_name_is_not_offered():
    assert Gazetteer([place("Agdal")]).similar("Ogdol") == []


def test_search_puts_whole_names_before_beginnings_before_words_and_large_before_small():
    gazetteer = Gazetteer(
        [
            place("Hay Riad", 1),
            place("Riad Salam", 5),
            place("Riad", 0),
            place("Riad Andalous", 9),
            place("Briad", 9),
        ]
    )
    labels = [found.label("fr") for found in gazetteer.search("riad")]
    assert labels == ["Riad", "Riad Andalous", "Riad Salam", "Hay Riad"]
    assert len(gazetteer.search("riad", limit=2)) == 2
    assert gazetteer.search("  ") == []


def test_the_nearest_place_is_nearest_by_geodesic_distance():
    gazetteer = PACKS["eg"].gazetteer
    said = [place for place in gazetteer.places if place.kind in SAID_IN_PUBLIC]
    towns = [place for place in said if place.kind in {"city", "town"}]
    for point in (Point(29.9, 31.1), Point(24, 33), Point(31.3, 32.3), Point(27, 27), Point(60, 100)):
        assert gazetteer.nearest(point) == min(said, key=lambda p: distance_m(point, p.point))
        assert gazetteer.nearest_town(point) == min(towns, key=lambda p: distance_m(point, p.point))


@pytest.mark.parametrize("kind", ["school", "hospital", "mosque", "church", "market"])
def test_a_school_or_a_hospital_is_never_what_the_public_is_told(kind):
    gazetteer = PACKS["ma"].gazetteer
    hidden = [found for found in gazetteer.places if found.kind == kind]
    assert hidden
    for found in hidden:
        assert gazetteer.nearest(found.point).kind in SAID_IN_PUBLIC
        spot = found.point
        seen = gazetteer.within(spot.lat - 0.001, spot.lon - 0.001, spot.lat + 0.001, spot.lon + 0.001)
        assert found not in seen


def test_nothing_is_near_where_there_are_no_places():
    with pytest.raises(LookupError):
        Gazetteer([]).nearest(Point(0, 0))


def test_a_label_falls_back_to_another_language():
    assert Place({"ar": "سلا"}, Point(34, -6), "town", None, 0, 1).label("fr") == "سلا"


@pytest.mark.parametrize("country", ["ma", "ga", "eg"])
def test_the_places_of_a_pack_are_whole(country):
    gazetteer, outlines = PACKS[country].gazetteer, PACKS[country].outlines
    assert all(p.error_m >= 200 for p in gazetteer.places)
    assert all(outlines.region_of(p.point) is not None for p in gazetteer.places)
    assert all(p.region is None or outlines.get(p.region) is not None for p in gazetteer.places)
    quarters = [p for p in gazetteer.places if p.kind not in {"city", "town", "village"}]
    assert len(quarters) >= 60
    for quarter in quarters:
        assert set(quarter.name) == {"ar", "fr", "en"}
        assert all(gazetteer.resolve(name) is quarter for name in quarter.name.values())


@pytest.mark.parametrize("country", ["ma", "ga", "eg"])
def test_the_largest_towns_resolve_in_three_languages(country):
    gazetteer = PACKS[country].gazetteer
    for town in gazetteer.places[:20]:
        assert set(town.name) == {"ar", "fr", "en"}
        assert all(gazetteer.resolve(name) is town for name in town.name.values())


@pytest.mark.parametrize(
    "line",
    [
        "north\t-6\t0\t\ttown\t500\t\tX\tX\t",
        "95\t-6\t0\t\ttown\t500\t\tX\tX\t",
        "34\t-6\t0\t\ttown\t500\t\t\t\t",
        "34\t-6\tmany\t\ttown\t500\t\tX\tX\t",
        "34\t-6",
    ],
)
def test_a_bad_line_is_named(tmp_path, line):
    file = tmp_path / "places.tsv"
    file.write_text(f"{HEADER}34\t-6\t0\t\ttown\t500\t\tA\tA\t\n{line}\n", encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"places\.tsv, line 3"):
        Gazetteer.load(file)
