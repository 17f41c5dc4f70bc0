import pytest

from cases.names.known import COLUMNS, FILE, names
from cases.names.learnt import beside
from cases.names.parts import is_arabic
from cases.names.transliterate import bare, proposals


@pytest.mark.parametrize(
    ("name", "country", "first"),
    [
        ("Chaïmae", "ma", "شيماء"),
        ("Abdelhak", "ma", "عبد الحق"),
        ("Fatima Zahra El Alaoui", "ma", "فاطمة الزهراء العلوي"),
        ("Gamal Abdel Hamid", "eg", "جمال عبد الحميد"),
        ("Obame", "ga", "أوبامي"),
        ("جمال", "ma", "Jamal"),
        ("جمال", "eg", "Gamal"),
        ("يوسف", "ga", "Youssouf"),
        ("فاطمة الزهراء", "ma", "Fatima Zahra"),
        ("هدى حجازي", "eg", "Hoda Hegazy"),
    ],
)
def test_a_common_name_is_proposed_as_the_country_spells_it(name, country, first):
    assert proposals(name, country)[0] == first


@pytest.mark.parametrize(
    ("name", "country", "spelling"),
    [("Boukarim", "ma", "بوكريم"), ("نجمان", "ma", "Najmane"), ("Dabbas", "eg", "دباس")],
)
def test_a_name_in_no_list_is_spelt_by_what_was_learnt(name, country, spelling):
    assert spelling in proposals(name, country)


@pytest.mark.parametrize("country", ["ma", "eg", "ga"])
@pytest.mark.parametrize(
    "name", ["Zwqxy", "Ǿstvåld", "٣٣", "پگچ", "-", "", "El", "ال", "ß", "a" * 5000, "語", "é"]
)
def test_any_name_gives_three_proposals_at_most_in_the_other_script(name, country):
    found = proposals(name, country)
    assert len(found) == len(set(found)) <= 3
    assert all(is_arabic(spelling) != is_arabic(name) for spelling in found)


def test_a_country_without_habits_is_refused():
    with pytest.raises(ValueError, match="ma, eg, ga"):
        proposals("Amine", "fr")


def test_letters_are_laid_beside_the_letters_they_stand_for():
    assert beside("karim", "كريم") == [("k", "ك"), ("a", ""), ("r", "ر"), ("i", "ي"), ("m", "م")]
    assert beside("karim", "زهور") is None


def test_the_file_of_known_names_is_whole():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == list(COLUMNS)
    assert len(lines) > 500
    for known in names().entries:
        assert known.kind in {"m", "f", "s"}
        assert known.arabic
        assert all(is_arabic(spelling) for spelling in known.arabic)
        latin = [spelling for habit in known.latin.values() for spelling in habit]
        assert latin
        assert not any(is_arabic(spelling) for spelling in latin)


def test_accents_and_marks_are_left_out_before_spelling():
    assert bare("Chaïmaé2") == "chaimae"
    assert bare("أَمِين") == "أمين"
