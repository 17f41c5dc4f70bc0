"""Numbers, hours and plates as a voice reads them, and scripts that fit into twenty seconds."""

from zoneinfo import ZoneInfo

import pytest

from alerts import language
from alerts.known import Frame
from alerts.relays import spoken, wording
from tests.alerts import drafts


def frame(country: str = "ma", kind: str = "actual", **addition: str) -> Frame:
    number, shown = drafts.NUMBERS[country]
    zone = ZoneInfo(drafts.ZONES[country])
    return Frame(
        "KX7P2M4Q", kind, "https://najda.example/a/KX7P2M4Q/", number, shown, zone, drafts.AGENCY, addition
    )


def script(code: str, known=None, **told) -> str:
    said = wording.relays(frame(**told), known or drafts.child(), language.load(code))
    return str(said.words["script"])


@pytest.mark.parametrize(
    ("code", "number", "words"),
    [
        ("fr", 71, "soixante et onze"), ("fr", 80, "quatre-vingts"), ("fr", 99, "quatre-vingt-dix-neuf"),
        ("fr", 200, "deux cents"), ("fr", 201, "deux cent un"), ("en", 42, "forty-two"),
        ("en", 177, "one hundred and seventy-seven"), ("ar", 21, "واحد وعشرون"),
        ("ar", 122, "مئة واثنان وعشرون"),
    ],
)  # fmt: skip
def test_a_number_is_said_in_words(code, number, words) -> None:
    assert spoken.load(code).number(number) == words


def test_a_number_to_call_is_said_two_digits_a_breath_in_any_script() -> None:
    assert spoken.load("fr").digits("0537 99") == "zéro cinq, trois sept, neuf neuf"
    assert spoken.load("ar").digits("٠٥٣") == "صفر خمسة، ثلاثة"
    assert spoken.load("fr").digits("19") == "dix-neuf"
    assert spoken.load("fr").digits("+21") == "plus vingt et un"


def test_a_plate_is_spelt_and_an_hour_is_told() -> None:
    said = spoken.load("fr").say("Dacia 12345-أ-6, AB-123-CD, vue à 14 h 30 à 3 km")
    assert said == (
        "Dacia un deux trois quatre cinq, alif, six, A B, un deux trois, C D, vue à quatorze heures trente"
        " à trois kilomètres"
    )
    assert spoken.load("ar").say("سيارة 12345-أ-6").endswith("خمسة، ألف، ستة")


@pytest.mark.parametrize("code", drafts.LANGUAGES)
def test_a_script_names_child_place_hour_and_number_within_twenty_seconds(code) -> None:
    known, said = drafts.child(), script(code)
    assert spoken.load(code).seconds(said) <= wording.LONGEST_S
    assert known.name[code] in said
    assert known.place[code] in said
    assert spoken.load(code).digits(drafts.NUMBERS["ma"][1]) in said
    assert not any(character.isdigit() for character in said)


@pytest.mark.parametrize("code", drafts.LANGUAGES)
@pytest.mark.parametrize("country", sorted(drafts.NUMBERS))
def test_honest_drafts_of_three_countries_fit_into_twenty_seconds(country, code) -> None:
    long = {
        f"{name.get(code)}": spoken.load(code).seconds(said)
        for of, known, _addition in drafts.HONEST
        if of == country
        for name, said in [(known.name, script(code, known, country=country))]
    }
    assert {name: seconds for name, seconds in long.items() if seconds > wording.LONGEST_S} == {}


def test_what_the_child_wears_gives_way_before_the_place_does() -> None:
    many = tuple(("dress", "red") for _number in range(30))
    said = script("fr", drafts.child(clothing=many))
    assert 1 <= said.count("robe rouge") < 30
    assert "Agdal, Rabat" in said


def test_an_officers_sentence_is_read_where_it_fits_its_plate_spelt() -> None:
    said = script("en", fr="Dacia grise.", en="A grey Dacia, 12345-A-6.", ar="سيارة رمادية.")
    assert "A grey Dacia, one two three four five, A, six." in said


def test_what_is_not_known_or_not_allowed_is_not_said() -> None:
    said = wording.relays(frame(), drafts.child().only(frozenset({"sex"})), language.load("fr"))
    assert said.words["script"].startswith("Avis de recherche : une fille a disparu. N’intervenez pas")
    assert said.fields == ("sex",)


def test_an_exercise_says_so_and_the_photo_is_never_part_of_it() -> None:
    said = wording.relays(frame(kind="exercise"), drafts.child(), language.load("fr"))
    assert said.words["script"].startswith("EXERCICE. ")
    assert "photo" not in said.fields


def test_every_language_of_the_alerts_has_a_voice_with_its_source() -> None:
    for code in language.available():
        voice = spoken.load(code)
        assert 1 < voice.words_per_second < 4
        assert voice.data["source"]
        assert [len(voice.data[name]) for name in ("numbers", "hours", "minutes", "days")] == [
            100,
            24,
            60,
            31,
        ]
    with pytest.raises(KeyError):
        spoken.load("xx")
