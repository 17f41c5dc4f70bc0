"""What a message's words say of themselves."""

import pytest

from tips.words import codes_in, language_of, means_stop, without_quote
from trust.codes import new_code

OFFERED = ["ar", "fr", "en"]


STOPS = [
    # as the carriers ask, however it is typed
    "STOP", " stop. ", "Stop!", "«STOP»", "\u200fSTOP\u200e",
    "ＳＴＯＰ", "S\u200bTOP", "STOP 🙏", "*stop*", "stop\n",
    "unsubscribe", "opt-out", "Remove me", "please stop", "stop stop stop", "STOP now please",
    # French, with and without accents
    "Arrêt", "ARRET", "arrêtez", "stop stp",
    "stop svp !", "Désabonner", "désabonnez-moi", "je veux me désabonner",
    "S'il vous plaît, stop", "s’il vous plaît stop", "FIN",
    "Annuler.", "stop merci", "plus de messages svp",
    # Arabic, with and without signs, hamza, tatweel
    "توقف", "تَوَقّف", "تـوقـف", "إلغاء", "الغاء",
    "ألغاء", "إلغـــاء الاشتراك", "قف!", "أوقفوا الرسائل", "من فضلك توقف",
    "توقف من فضلكم", "ستوب", "لا تراسلوني", "كفى",
    # Darija and Egyptian, in either script
    "حبس", "حبسو عافاك", "وقفو", "باراكا", "بطلوا",
    "كفاية", "ما تصيفطوش ليا", "wa9ef", "WA9FO 3afak", "7bess",
    "hbess", "baraka", "baraka 3afak", "batlo", "matsiftouch liya", "stoop",
]  # fmt: skip
TIPS = [
    "I saw her at the bus stop", "stop lying", "توقف الرجل أمام المدرسة", "",
    "   ", "la fin du film", "!!!", "🙏",
    "je ne peux pas m'arrêter",
    "Elle est au stop à la gare de Rabat-Ville", "stop à la gare de Kénitra",
    "il s'est arrêté devant l'école", "J'ai vu la fille, stop bus 12",
    "وقف قدام الدار ديالنا", "حبس عند الإشارة",
    "الطفل توقف عند المحطة", "wa9ef 7da lmahatta",
    "baraka mn lkdoub, chftha f Salé", "Fin ?", "fin kayna?",
    "merci", "bonjour", "شكرا", "end of the street near the mosque", "cancel the alert, she is home",
    "stop " * 30, "on ne doit pas l'arrêter avant la police", "أوقف السيارة أمام الباب ونزل",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_a_whole_stop_stops_however_it_is_said(text):
    assert means_stop(text)


def test_the_table_of_stops_is_as_long_as_promised():
    assert len(set(STOPS)) >= 40


@pytest.mark.parametrize("text", TIPS)
def test_a_tip_that_holds_a_stop_word_is_a_tip(text):
    assert not means_stop(text)


@pytest.mark.parametrize(
    "mail",
    [
        "STOP\n\nOn Sun, 22 Nov 2026 at 10:00, Najda <alerte@x.ma> wrote:\n> Une fille de 9 ans",
        "stop\n\nLe dim. 22 nov. 2026 à 10:00, Najda a écrit :\n> Alerte",
        "توقف\n\nفي الأحد 22 نوفمبر كتب Najda:\n> إنذار",
        "Stop svp\n-- \nKarim",
        "STOP\n\nEnvoyé de mon téléphone",
        "stop\n-----Original Message-----\nFrom: Najda",
    ],
)
def test_a_mail_is_read_without_the_mail_it_answers(mail):
    assert means_stop(without_quote(mail))


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


@pytest.mark.parametrize(
    "mail",
    [
        "Bonjour,\nDe : Rabat vers Salé, un bus blanc avec la petite",
        "Hello\nOn the wall somebody wrote her name\nand then she left with a man",
        "سلام\nمن: الدار البيضاء\nشفت البنت",
        "Bonjour\nEnvoyé par mon frère qui a vu la fille au port",
    ],
)
def test_words_that_only_look_like_the_head_of_a_mail_are_kept(mail):
    assert without_quote(mail) == mail


@pytest.mark.parametrize(
    "head",
    [
        "On Sun, 22 Nov 2026 at 10:00, Najda <a@example.org> wrote:",
        "Le dim. 22 nov. 2026 à 10:00, Najda <a@example.org> a écrit :",
        "في الأحد، 22 نوفمبر 2026 كتب Najda:",
        "De : Najda <a@example.org>\nEnvoyé : dimanche",
        "From: Najda\nSent: Sunday",
        "من: Najda\nإلى: me@example.org",
        "Sent from my iPhone",
        "Envoyé de mon iPhone",
        "Envoyé depuis mon mobile",
        "أرسلت من الـ iPhone",
        "-----Original Message-----",
        "> quoted",
    ],
)
def test_the_head_of_a_mail_ends_what_it_says(head):
    assert without_quote(f"je l'ai vue\n\n{head}\nold words") == "je l'ai vue"


def test_fifty_thousand_empty_lines_cost_no_more_than_other_words():
    """Read line by line: an expression that looks on over every line end would take minutes."""
    assert without_quote("\n" * 50_000 + "vue") == "vue"
    assert without_quote("x" + "\n \t" * 50_000 + "> old") == "x"
