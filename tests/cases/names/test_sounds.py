import pytest

from cases.names.distance import distance
from cases.names.sounds import skeletons, sounds


@pytest.mark.parametrize(
    ("word", "sound"),
    [
        ("khadija", "xadij@"),
        ("chaimae", "Saim@"),
        ("ouahid", "wahid"),
        ("yassine", "yasin"),
        ("rhita", "Git@"),
        ("ndong", "~dong"),
        ("samia", "samy@"),
        ("ساميه", "sAmyQ"),
        ("علي", "3lY"),
    ],
)
def test_a_word_is_heard_letter_by_letter(word, sound):
    assert sounds(word)[0] == sound


def test_an_article_typed_on_is_heard_both_ways():
    assert {"elalawJ", "alawJ"} <= set(sounds("elalaoui"))
    assert sounds("العلوي")[0] == sounds("علوي")[0]


@pytest.mark.parametrize("word", ["", "1", "語", "ß"])
def test_unknown_letters_make_no_sound(word):
    assert sounds(word) in {(), ("s",)}


def test_both_ways_to_say_a_th_leave_a_row_of_consonants():
    assert skeletons("oTman") == {"tmn", "smn"}


def test_short_vowels_cost_little_beside_arabic_and_more_beside_latin():
    beside_arabic = distance("hasan", "hsn", bare=(False, True), limit=9)
    assert beside_arabic < 0.1 < distance("hasan", "hsn", bare=(False, False), limit=9)


def test_a_final_a_costs_more_than_a_letter():
    assert distance("karim", "karim@", bare=(False, False), limit=9) > 1


def test_two_letters_in_the_wrong_order_cost_less_than_two_letters():
    assert distance("ndogn", "ndong", bare=(False, False), limit=9) < 1


def test_what_costs_more_than_the_limit_is_given_up():
    assert distance("mohamed", "zineb", bare=(False, False), limit=1) > 1
