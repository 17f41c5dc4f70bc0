import pytest

from cases import fields, vocabulary
from cases.fields import FieldError, check_document, check_value

LANGUAGES = ("ar", "fr", "en")


def test_every_word_of_the_vocabulary_is_there_in_three_languages():
    for name, codes in vocabulary.lists().items():
        for code, words in codes.items():
            assert all(words.get(language) for language in LANGUAGES), f"{name}.{code}"


def test_no_two_codes_of_a_list_are_said_with_one_word():
    for name, codes in vocabulary.lists().items():
        for language in LANGUAGES:
            said = [words[language] for words in codes.values()]
            assert len(set(said)) == len(said), f"{name} {language}"


def test_every_garment_says_its_form_and_every_colour_has_the_feminine_arabic():
    for code, words in vocabulary.lists()["garment"].items():
        assert words["ar_form"] in {"m", "f"}, code
        assert words["fr_form"] in {"m", "f", "mp", "fp"}, code
    without = {code for code, words in vocabulary.lists()["colour"].items() if "ar_f" not in words}
    assert without == {"beige"}  # a borrowed word that does not change


@pytest.mark.parametrize(
    ("garment", "colour", "language", "said"),
    [
        ("shoes", "white", "fr", "chaussures blanches"),
        ("shirt", "green", "fr", "chemise verte"),
        ("trousers", "green", "fr", "pantalon vert"),
        ("dress", "dark_blue", "fr", "robe bleu foncé"),
        ("sandals", "brown", "fr", "sandales marron"),
        ("jacket", "red", "ar", "سترة حمراء"),
        ("trousers", "red", "ar", "سروال أحمر"),
        ("glasses", "black", "ar", "نظارة سوداء"),
        ("jeans", "dark_blue", "en", "dark blue jeans"),
        ("jeans", "", "en", "jeans"),
    ],
)
def test_a_colour_agrees_with_its_garment(garment, colour, language, said):
    assert vocabulary.dressed(garment, colour, language) == said


def test_a_language_without_words_falls_back_to_english():
    assert vocabulary.label("sex", "girl", "es") == "girl"
    assert vocabulary.label("sex", "robot", "fr") == ""


def test_every_field_names_a_vocabulary_that_exists():
    for field in fields.FIELDS.values():
        assert not field.vocabulary or vocabulary.codes(field.vocabulary)
        assert set(field.label) == set(LANGUAGES)


def test_what_restricts_a_child_is_never_public():
    assert not {"health", "places", "reporter", "birth_date", "circumstances"} & set(fields.PUBLIC_FIELDS)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("height", 12, "out_of_range"),
        ("height", True, "malformed"),
        ("hair", "green_mohican", "unknown_code"),
        ("marks", ["scar_face", "x"], "unknown_code"),
        ("marks", "scar_face", "malformed"),
        ("clothing", [{"garment": "cape", "colour": ""}], "unknown_code"),
        ("clothing", [{"garment": "coat", "colour": "plaid"}], "unknown_code"),
        ("clothing", [{"garment": "coat"}], "malformed"),
        ("health", "x" * 4001, "too_long"),
        ("health", 5, "malformed"),
        ("shoe_size", 38, "unknown_field"),
        ("name", "Yasmine", "unknown_field"),  # a column, not a document's
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(name, value, code):
    with pytest.raises(FieldError) as refused:
        check_value(name, value)
    assert (refused.value.field, refused.value.code) == (name, code)


def test_a_document_holds_entries_of_its_own_group_only():
    row = fields.entry("black_long", source="family", at="2026-03-04T16:30:00+00:00")
    check_document("looks", {"hair": [row]})
    with pytest.raises(FieldError, match="unknown_field"):
        check_document("health", {"hair": [row]})
    with pytest.raises(FieldError, match="malformed"):
        check_document("looks", {"hair": [{**row, "secret": 1}]})
