import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust import codes, digits

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

bodies = st.text(codes.ALPHABET, min_size=7, max_size=7)


@pytest.mark.parametrize("script", [ARABIC_INDIC, PERSIAN, FULL_WIDTH])
def test_digits_of_any_script_are_read(script):
    assert digits.western("2026-07-31 à 19:05".translate(script)) == "2026-07-31 à 19:05"


def test_letters_fractions_and_powers_are_left_alone():
    assert digits.western("مراكش ½ x²") == "مراكش ½ x²"


def test_invisible_marks_of_a_copied_number_go():
    assert digits.western("\u2066+212\u20696\u200e12") == "+212612"


def test_a_code_is_eight_characters_without_look_alikes():
    code = codes.new_code()
    assert len(code) == 8
    assert not set(code) & set("OILZSBU")
    assert codes.normalise_code(code) == code


@given(bodies)
def test_a_code_is_read_in_any_script_case_and_grouping(body):
    code = body + codes.check_character(body)
    typed = f" {code[:4].lower()}-{code[4:]} ".translate(ARABIC_INDIC)
    assert codes.normalise_code(typed) == code


@given(bodies)
def test_look_alikes_are_mended(body):
    code = body + codes.check_character(body)
    typed = code.replace("0", "O").replace("1", "l").replace("2", "z").replace("5", "S").replace("8", "b")
    assert codes.normalise_code(typed) == code


@given(bodies, st.integers(0, 7), st.sampled_from(codes.ALPHABET))
def test_every_single_wrong_character_is_found(body, at, other):
    code = body + codes.check_character(body)
    wrong = code[:at] + other + code[at + 1 :]
    if wrong != code:
        with pytest.raises(codes.CodeError):
            codes.normalise_code(wrong)


@given(bodies, st.integers(0, 6))
def test_every_swap_of_neighbours_is_found(body, at):
    code = body + codes.check_character(body)
    wrong = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    if wrong != code:
        with pytest.raises(codes.CodeError):
            codes.normalise_code(wrong)


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "ABCDEFG!", "نجدة٢٢٢٢", "\x00" * 8, "🧒" * 8])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(codes.CodeError):
        codes.normalise_code(text)


def test_codes_differ():
    assert len({codes.new_code() for _ in range(1000)}) == 1000
