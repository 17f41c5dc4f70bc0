"""What the lint stops, what it asks about, and what it leaves alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.lint import Ground, Photo, Text, lint
from tests.alerts import drafts


def codes(found, severity=None) -> set[str]:
    return {finding.code for finding in found if severity in (None, finding.severity)}


def typed(language: str, words: str, code: str):
    """Return the finding of that code on an officer's sentence in one language."""
    additions = {
        "ar": "تتكلم العربية.",
        "fr": "Elle parle arabe.",
        "en": "She speaks Arabic.",
        language: words,
    }
    found = lint(drafts.draft(additions=additions))
    return next((f for f in found if f.code == code and f.language == language), None)


@pytest.mark.few(8)
@pytest.mark.parametrize("number", range(len(drafts.HONEST)))
def test_an_honest_draft_is_not_stopped(number: int) -> None:
    country, known, additions = drafts.HONEST[number]
    found = lint(drafts.draft(country, known, additions))
    assert [(f.code, f.language, f.words) for f in found if f.is_stop] == []


def test_twenty_honest_drafts_are_tried() -> None:
    assert len(drafts.HONEST) == 20


PLANTED = [
    ("fr", "Elle habite 12 rue des Orangers.", "home_address", "12 rue des Orangers"),
    ("fr", "Rentre d’habitude rue des Orangers.", "home_address", "rue des Orangers"),
    ("ar", "تسكن في شارع النخيل رقم ٧.", "home_address", "شارع النخيل"),
    ("en", "Lives at 4 Palm Tree street.", "like_address", "4 Palm Tree street"),
    ("ar", "تسكن في عمارة 5 شقة 3.", "like_address", "عمارة 5"),
    ("fr", "Appelez le père au 06 12 34 56 78.", "family_phone", "06 12 34 56 78"),
    ("ar", "اتصلوا بالأب ٠٦١٢٣٤٥٦٧٨", "family_phone", "٠٦١٢٣٤٥٦٧٨"),
    ("en", "Or call 00212 661-22-33-44.", "family_phone", "00212 661-22-33-44"),
    ("fr", "Appelez le 0522 11 22 33.", "foreign_number", "0522 11 22 33"),
    ("ar", "اتصل بالرقم ٠٥٢٢١١٢٢٣٣", "foreign_number", "٠٥٢٢١١٢٢٣٣"),
    ("en", "Call 911 at once.", "foreign_number", "911"),
    ("fr", "Elle est asthmatique.", "health", "asthmatique"),
    ("en", "She needs her insulin.", "health", "insulin"),
    ("ar", "الطفلة مصابة بالسكري.", "health", "بالسكري"),
    ("fr", "Ses parents divorcent.", "family", "divorcent"),
    ("en", "There is a custody case.", "family", "custody"),
    ("ar", "هناك خلاف حول الحضانة.", "family", "الحضانة"),
    ("fr", "Elle serait avec un homme barbu.", "suspect", "avec un homme"),
    ("en", "Kidnapped near the school.", "suspect", "Kidnapped"),
    ("ar", "شوهدت مع رجل ملتح.", "suspect", "مع رجل"),
    ("en", "Her brother Youssef was there.", "other_child", "Youssef"),
    ("ar", "كان أخوها يوسف هناك.", "other_child", "يوسف"),
    ("fr", "Hassan Tazi est recherché.", "suspect", "Hassan Tazi"),
    ("en", "Ask Karim Benali.", "person_named", "Karim Benali"),
    ("en", "Ask Karim.", "like_person", "Karim"),
    ("fr", "Plaque 12345-A-6.", "plate", "12345-A-6"),
    ("ar", "سيارة 12345 | أ | 6", "plate", "12345 | أ | 6"),
    ("ar", "سيارة ١٢٣٤٥-أ-٦", "plate", "١٢٣٤٥-أ-٦"),
    ("ar", "سيارة س ص ع ١٢٣٤", "plate", "س ص ع ١٢٣٤"),
    ("en", "A grey car, ABC 1234.", "plate", "ABC 1234"),
    ("fr", "Une voiture AB-123-CD.", "plate", "AB-123-CD"),
    ("en", "Seen in a car.", "vehicle", "car"),
    ("en", "She is 8 years old.", "age_differs", "8 years old"),
    ("fr", "Elle a huit ans.", "age_differs", "huit ans"),
    ("ar", "عمرها ٨ سنوات", "age_differs", "٨ سنوات"),
    ("ar", "عمرها ثماني سنوات", "age_differs", "ثماني سنوات"),
    ("ar", "عمرها سنتان", "age_differs", "سنتان"),
    ("en", "The boy is small.", "sex_differs", "boy"),
    ("ar", "شوهد الولد قرب المحطة.", "sex_differs", "الولد"),
    ("ar", "ترتدي pantalon أسود", "untranslated", "pantalon"),
    ("fr", "Elle porte un قميص bleu.", "untranslated", "قميص"),
    ("en", "Elle est vue près de la gare.", "untranslated", "Elle"),
    ("en", "She has a white chemise.", "garment", "chemise"),
    ("fr", "Elle porte aussi des trousers.", "garment", "trousers"),
    ("fr", "Voir <b>vite</b>", "markup", "<b>"),
    ("en", "A\u202ebad turn", "markup", None),
    ("fr", "Voir facebook.com/amina", "foreign_link", "facebook.com/amina"),
    ("en", "See https://evil.example/a", "foreign_link", "https://evil.example/a"),
    ("en", "Write to me@example.org", "foreign_link", "me@example.org"),
    ("fr", "URGENT PARTAGEZ TOUS", "shouting", "URGENT"),
    ("ar", "شاركوا بسرعة!!!", "shouting", "!!!"),
    ("fr", "Amina aime la mer.", "name_repeated", "Amina"),
    ("ar", "أمينة تحب البحر.", "name_repeated", "أمينة"),
    ("ar", "شوهدت في الخط ٣4", "digits_mixed", "٣4"),
    ("en", "x" * 161, "addition_long", None),
]


@pytest.mark.few(20)
@pytest.mark.parametrize(("language", "words", "code", "marked"), PLANTED)
def test_a_planted_error_is_found_and_highlighted(language, words, code, marked) -> None:
    finding = typed(language, words, code)
    assert finding is not None, [f.code for f in lint(drafts.draft(additions={language: words}))]
    if marked:
        assert marked in finding.words
        assert all(word in words for word in finding.words)


ASKED_ONLY = {"like_address", "like_person", "vehicle", "shouting"}


@pytest.mark.few(20)
@pytest.mark.parametrize(("language", "words", "code"), [line[:3] for line in PLANTED])
def test_what_must_not_go_out_is_stopped_and_the_rest_is_asked(language, words, code) -> None:
    finding = typed(language, words, code)
    assert finding.is_stop == (code not in ASKED_ONLY)


@pytest.mark.parametrize(
    ("language", "words", "code"),
    [
        ("fr", "Disparue depuis 2 ans de la région.", "age_differs"),
        ("en", "Last seen here 2 years ago.", "age_differs"),
        ("fr", "Elle porte un sweat.", "garment"),
        ("en", "A short pull on her sleeve.", "garment"),
        ("ar", "الساعة 14:30 (UTC+1)", "untranslated"),
        ("en", "See https://najda.example/a/KX7P2M4Q/", "foreign_link"),
        ("fr", "Appelez le 19.", "foreign_number"),
        ("en", "On 05-01-2026 at 14:30.", "foreign_number"),
        ("fr", "Près de l’hôpital Avicenne.", "health"),
        ("ar", "كانت حاملة حقيبة.", "health"),
        ("fr", "Près de la place, sortie 3.", "like_address"),
        ("en", "Seen in 2026 near gate 4.", "plate"),
        ("fr", "Près d’Agdal, Rabat.", "home_address"),
    ],
)
def test_what_looks_alike_and_is_honest_is_left_alone(language, words, code) -> None:
    assert typed(language, words, code) is None


def test_a_sentence_in_one_language_alone_is_stopped() -> None:
    found = lint(drafts.draft(additions={"fr": "Elle parle arabe.", "ar": "", "en": ""}))
    assert [f.detail for f in found if f.code == "addition_missing"] == ["ar", "en"]


def test_the_same_sentence_pasted_in_two_languages_is_untranslated() -> None:
    same = "Elle marche avec un parapluie vert"
    found = lint(drafts.draft(additions={"ar": "معها مظلة خضراء", "fr": same, "en": same}))
    assert "untranslated" in codes(found, "stop")


def test_arabic_digits_that_tell_another_number_are_stopped_in_each_language() -> None:
    said = drafts.says("شوهدت عند الباب ٣ .", "Vue à la porte 8.", "Seen at gate 8.")
    found = [f for f in lint(drafts.draft(additions=said)) if f.code == "digits_differ"]
    assert {(f.language, f.words) for f in found} == {("ar", ("٣",)), ("fr", ("8",)), ("en", ("8",))}
    assert all(f.is_stop for f in found)


def test_persian_digits_tell_the_same_number() -> None:
    said = drafts.says("الباب ۸", "Vue à la porte 8.", "Seen at gate 8.")
    assert "digits_differ" not in codes(lint(drafts.draft(additions=said)))


def test_a_number_written_in_words_in_one_language_is_only_asked_about() -> None:
    said = drafts.says("معها حقيبتان.", "Elle a 2 sacs.", "She has 2 bags.")
    found = [f for f in lint(drafts.draft(additions=said)) if f.code == "digits_differ"]
    assert found
    assert not any(f.is_stop for f in found)


def test_ages_are_compared_between_languages_where_the_case_says_none() -> None:
    said = drafts.says("عمرها ٨ سنوات", "Elle a 9 ans.", "She is 8 years old.")
    made = drafts.draft(known=drafts.child(age=None), additions=said)
    assert {f.language for f in lint(made) if f.code == "age_differs"} == {"ar", "fr", "en"}


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_template_that_says_another_age_date_or_number_is_stopped(language: str) -> None:
    wrong = {
        "ar": "الطفلة، ١٠ سنوات، ٠٦/٠١/٢٠٢٦",
        "fr": "Fille, 10 ans, 06/01/2026",
        "en": "Girl, 10 years old, 06/01/2026",
    }
    made = drafts.draft()
    bad = replace(made, messages=(*made.messages, Text(language, "sms", wrong[language])))
    assert {"age_differs", "date_differs", "number_missing"} <= codes(lint(bad), "stop")


@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        ({"photo": Photo(is_of_child=False)}, "photo_other_child", "stop"),
        ({"photo": Photo(is_of_sibling=True)}, "photo_sibling", "stop"),
        ({"photo": Photo(has_consent=False)}, "photo_consent", "stop"),
        ({"duration": timedelta(days=30)}, "expiry_long", "stop"),
        ({"duration": timedelta(days=8)}, "expiry_long", "stop"),
        ({"duration": timedelta(days=31), "longest": timedelta(days=90)}, "expiry_long", "stop"),
        ({"duration": timedelta(0)}, "expiry_past", "stop"),
        ({"ground": Ground(is_empty=True)}, "area_empty", "stop"),
        ({"ground": Ground(is_in_country=False)}, "area_elsewhere", "stop"),
        ({"ground": Ground(is_larger_than_country=True)}, "area_large", "warn"),
        ({"elements": drafts.ELEMENTS - {"time"}}, "element_missing", "warn"),
        ({"number": ""}, "number_missing", "stop"),
        ({"number": "+212537000001"}, "foreign_number", "stop"),
    ],
)
def test_the_draft_as_a_whole_is_looked_at(changes, code, severity) -> None:
    assert code in codes(lint(drafts.draft(**changes)), severity)


def test_a_week_is_not_too_long_and_no_photo_is_no_fault() -> None:
    assert lint(drafts.draft(duration=timedelta(days=7), photo=None)) == ()


def test_a_fault_on_every_channel_is_one_finding_and_stops_come_first() -> None:
    made = drafts.draft(number="+212537000001", ground=Ground(is_larger_than_country=True))
    found = lint(made)
    french = [f for f in found if f.code == "foreign_number" and f.language == "fr"]
    assert len(french) == 1
    assert set(french[0].channels) >= {"sms", "email", "page"}
    assert [f.is_stop for f in found] == sorted((f.is_stop for f in found), reverse=True)


def test_a_tick_is_for_these_words_and_no_others() -> None:
    one, other = typed("en", "Seen in a car.", "vehicle"), typed("en", "Seen in a van.", "vehicle")
    assert one.key != other.key
    assert one.key == typed("en", "Seen in a car.", "vehicle").key


def test_no_finding_holds_what_only_the_case_knows() -> None:
    for finding in lint(
        drafts.draft(additions=drafts.says("شارع النخيل رقم ٧", "rue des Orangers", "in a car"))
    ):
        told = " ".join((*finding.words, finding.detail))
        assert "12" not in told
        assert "Karim" not in told


@pytest.mark.parametrize(
    "junk", ["", " ", "\x00", "٣" * 500, "a" * 20_000, "(((((" * 400, "1 " * 3000, "🙂" * 200]
)
def test_whatever_is_typed_the_lint_answers_soon(junk: str) -> None:
    lint(drafts.draft(additions={"ar": junk, "fr": junk, "en": junk}))
