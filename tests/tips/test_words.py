"""What a message's words say of themselves."""

import pytest

from tips.words import codes_in, language_of, means_stop
from trust.codes import new_code

OFFERED = ["ar", "fr", "en"]


@pytest.mark.parametrize(
    "text", ["STOP", " stop. ", "Arrêt", "ARRET", "توقف", "إلغاء", "الغاء", "ألغاء", "تَوَقّف", "قف!"]
)
def test_a_whole_stop_word_stops(text):
    assert means_stop(text)


@pytest.mark.parametrize(
    "text", ["I saw her at the bus stop", "stop lying", "توقف الرجل أمام المدرسة", "", "la fin du film"]
)
def test_a_tip_that_holds_a_stop_word_is_a_tip(text):
    assert not means_stop(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("شفت الولد حدا المحطة", "ar"),
        ("weldi ma rj3ch l dar", "ar"),
        ("J'ai vu une fille près de la gare", "fr"),
        ("I saw the boy near the station", "en"),
        ("???", "ar"),
    ],
)
def test_a_sender_is_answered_in_their_language(text, language):
    assert language_of(text, OFFERED) == language


def test_a_language_nobody_offers_falls_back_to_the_first():
    assert language_of("I saw the boy", ["ar", "fr"]) == "ar"


def test_codes_are_found_among_words_in_any_script_of_digits():
    code = new_code()
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert codes_in(f"vu hier, alerte {code.lower()} !") == [code]
    assert codes_in(f"رأيته {arabic}") == [code]


def test_a_word_that_is_no_code_names_no_alert():
    assert codes_in("a child near the old station") == []
