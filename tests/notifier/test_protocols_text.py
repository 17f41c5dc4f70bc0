"""Counting and splitting SMS, against the letters of GSM 03.38 and of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.protocols import text


@pytest.mark.parametrize(
    ("words", "encoding", "units", "parts"),
    [
        ("", "gsm7", 0, 1),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        ("ا" * 70, "ucs2", 70, 1),
        ("ا" * 71, "ucs2", 71, 2),
        ("ا" * 134, "ucs2", 134, 2),
        ("ا" * 280, "ucs2", 280, 5),
        ("😀" * 35, "ucs2", 70, 1),
        ("😀" * 36, "ucs2", 72, 2),
        ("ⴰⵎⴰⵣⵉⵖ", "ucs2", 6, 1),
    ],
)
def test_parts_are_counted_as_the_air_counts_them(words, encoding, units, parts):
    assert text.count(words) == text.Count(encoding, units, parts)


@pytest.mark.parametrize("letter", "éèàùÉÇ@£$¥ìòØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÄÖÑÜ§¿äöñü¤¡\n\r^{}\\[~]|€\f")
def test_a_letter_of_the_alphabet_stays_cheap(letter):
    assert text.is_gsm7(letter)


@pytest.mark.parametrize("letter", "çêâîôûëïœÀÊÈ«»’…–—`\t\u00a0ا")
def test_a_french_trap_makes_the_whole_text_dear(letter):
    assert text.count(f"{'a' * 100}{letter}").encoding == "ucs2"


def test_the_alphabet_is_whole():
    assert (len(text.BASIC), len(text.EXTENSION)) == (
        127,
        10,
    )  # 128 places less the escape; FF and nine signs


def test_an_escaped_sign_is_not_cut_in_two():
    parts = text.split("a" * 152 + "€" + "b" * 10)
    assert parts == ["a" * 152, "€" + "b" * 10]


def test_a_surrogate_pair_is_not_cut_in_two():
    assert text.split("ا" * 66 + "😀" + "ب" * 10) == ["ا" * 66, "😀" + "ب" * 10]


def test_a_letter_keeps_its_marks():
    shadda = "ب" + "\u0651" + "\u064e"
    assert text.split("ا" * 65 + shadda + "ت" * 10) == ["ا" * 65, shadda + "ت" * 10]


def test_a_joined_family_stays_together():
    family = "👨\u200d👩\u200d👧"
    assert text.split("ا" * 64 + family + "ت" * 10)[1].startswith(family)


@given(st.text(max_size=400))
def test_splitting_loses_nothing_and_fits(words):
    parts = text.split(words)
    assert "".join(parts) == words
    most = (
        (text.GSM7_SINGLE if len(parts) == 1 else text.GSM7_PART)
        if text.is_gsm7(words)
        else (text.UCS2_SINGLE if len(parts) == 1 else text.UCS2_PART)
    )
    assert all(_units(part, gsm7=text.is_gsm7(words)) <= most for part in parts)


def test_invisible_marks_are_taken_out_and_joiners_kept():
    assert text.normalise("\u200fنجدة\u202b \u2068X\u2069\ufeff\u00ad") == "نجدة X"
    assert text.normalise("می\u200cخواهم") == "می\u200cخواهم"
    assert text.normalise("e\u0301\r\na") == "é\na"


def test_a_transliteration_lists_what_it_changed():
    assert text.transliterate("L’été à Fès") == ("L'été à Fès", ("’",))
    assert text.transliterate("Où ? Ça… là") == ("Où ? Ça... là", ("…",))
    assert text.transliterate("déjà cheap") == ("déjà cheap", ())


def test_a_text_that_cannot_be_saved_is_not_spoiled_for_nothing():
    assert text.transliterate("Garçon طفل") == ("Garçon طفل", ())


def _units(part: str, *, gsm7: bool) -> int:
    if gsm7:
        return sum(2 if character in text.EXTENSION else 1 for character in part)
    return len(part.encode("utf-16-be", "surrogatepass")) // 2


def test_what_no_phone_shows_is_left_out():
    assert text.normalise("\x07a\x00b\tc\r\nd\x1b\x7f\x85e") == "ab c\nde"
    assert text.count(text.normalise("vu\x00")).encoding == "gsm7"
