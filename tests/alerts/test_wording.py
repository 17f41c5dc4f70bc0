"""Texts from codes in three languages: grammar, times, parts. No database."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from alerts import composing, language, wording, wording_apps
from alerts.known import Frame, Known
from notifier.message import Message, Text
from notifier.protocols import instagram, webpush, whatsapp, whatsapp_templates
from notifier.protocols.text import count

FRAME = Frame(
    "ABCD2345",
    "actual",
    "https://alerte.example/a/ABCD2345/",
    "+21219",
    "19",
    ZoneInfo("Africa/Casablanca"),
    {"fr": "Police"},
)
AMINA = Known(
    name={"fr": "Amina El Idrissi", "en": "Amina El Idrissi", "ar": "أمينة الإدريسي"},
    sex="girl",
    age=9,
    height=130,
    hair="black_long",
    eyes="brown",
    marks=("scar_arm",),
    clothing=(("dress", "red"), ("sandals", "black"), ("backpack", "light_blue")),
    seen_at=datetime(2026, 11, 21, 15, 30, tzinfo=UTC),
    place={"fr": "Rabat", "en": "Rabat", "ar": "الرباط"},
    has_photo=True,
)
YASSINE = replace(
    AMINA,
    name={"fr": "Yassine", "en": "Yassine", "ar": "ياسين"},
    sex="boy",
    age=2,
    clothing=(("jacket", "blue"),),
)
LANGUAGES = ("ar", "fr", "en")


def sms(known: Known, code: str, frame: Frame = FRAME) -> str:
    return str(wording.sms(frame, known, language.load(code)).words["short"])


GOLDEN = {
    ("fr", "girl"): (
        "ALERTE Fille disparue: Amina El Idrissi, 9 ans. Vue: Rabat, 21/11/2026 16:30 (UTC+1). "
        "Porte: robe rouge, sandales noires, sac à dos bleu clair. N'intervenez pas, appelez le 19.\n"
        "https://alerte.example/a/ABCD2345/"
    ),
    ("fr", "boy"): (
        "ALERTE Garcon disparu: Yassine, 2 ans. Vu: Rabat, 21/11/2026 16:30 (UTC+1). "
        "Porte: veste bleue. N'intervenez pas, appelez le 19.\nhttps://alerte.example/a/ABCD2345/"
    ),
    ("ar", "girl"): (
        "تنبيه طفلة مفقودة: أمينة الإدريسي، 9 سنوات. شوهدت: الرباط، 21/11/2026 16:30 (UTC+1). "
        "الملابس: فستان أحمر، صندل أسود، حقيبة ظهر زرقاء فاتحة. لا تتدخل، اتصل بالرقم 19.\n"
        "https://alerte.example/a/ABCD2345/"
    ),
    ("ar", "boy"): (
        "تنبيه طفل مفقود: ياسين، سنتان. شوهد: الرباط، 21/11/2026 16:30 (UTC+1). "
        "الملابس: سترة زرقاء. لا تتدخل، اتصل بالرقم 19.\nhttps://alerte.example/a/ABCD2345/"
    ),
    ("en", "girl"): (
        "ALERT Missing girl: Amina El Idrissi, 9 years old. Seen: Rabat, 21/11/2026 16:30 (UTC+1). "
        "Wearing: red dress, black sandals, light blue backpack. Do not intervene, call 19.\n"
        "https://alerte.example/a/ABCD2345/"
    ),
}


@pytest.mark.parametrize(("code", "sex"), GOLDEN)
def test_the_short_text_reads_as_a_person_would_write_it(code, sex):
    assert sms(AMINA if sex == "girl" else YASSINE, code) == GOLDEN[code, sex]


@pytest.mark.parametrize(
    ("code", "most", "encoding"), [("fr", 2, "gsm7"), ("en", 2, "gsm7"), ("ar", 3, "ucs2")]
)
def test_the_short_text_keeps_within_its_parts(code, most, encoding):
    dressed = replace(
        AMINA, clothing=(("tracksuit", "multicoloured"), ("hoodie", "dark_blue"), *AMINA.clothing) * 3
    )
    for known in (AMINA, YASSINE, dressed, Known(sex="girl", age=9)):
        counted = count(sms(known, code))
        assert counted.parts <= most
        assert counted.encoding == encoding


def test_clothes_give_way_before_the_number_and_the_address():
    text = sms(replace(AMINA, clothing=AMINA.clothing * 6), "ar")
    assert text.endswith("\nhttps://alerte.example/a/ABCD2345/")
    assert "19" in text


@pytest.mark.parametrize(
    ("years", "said"),
    [(0, "أقل من سنة"), (1, "سنة واحدة"), (2, "سنتان"), (3, "3 سنوات"), (10, "10 سنوات"), (11, "11 سنة")],
)
def test_arabic_counts_years_as_arabic_does(years, said):
    assert language.load("ar").age(years) == said


def test_times_are_the_agencys_and_say_their_zone():
    winter, fr = datetime(2026, 2, 20, 23, 30, tzinfo=UTC), language.load("fr")
    said = wording.moment(winter, ZoneInfo("Africa/Casablanca"), fr)
    assert said == "vendredi 20 février 2026 à 23:30 (heure locale, UTC)"
    cairo = wording.moment(winter, ZoneInfo("Africa/Cairo"), fr)
    assert cairo == "samedi 21 février 2026 à 01:30 (heure locale, UTC+2)"
    kolkata = wording.moment(winter, ZoneInfo("Asia/Kolkata"), fr, short=True)
    assert kolkata == "21/02/2026 05:00 (UTC+5:30)"


def test_numbers_are_isolated_in_arabic_pages_and_never_in_sms():
    ar = language.load("ar")
    assert "\u206619\u2069" in "".join(wording.page(FRAME, AMINA, ar).words["todo"])
    assert not set("\u2066\u2069\u200e\u200f") & set(sms(AMINA, "ar"))
    assert "\u2066" not in "".join(wording.page(FRAME, AMINA, language.load("fr")).words["todo"])


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_not_known_is_not_said(code):
    spoken = language.load(code)
    for channel in ("page", "sms", "email", "facebook", "cap", "whatsapp", "instagram", "webpush"):
        said = composing.WORDINGS[channel](FRAME, Known(sex="boy"), spoken)
        assert set(said.fields) == {"sex"}
        assert "None" not in str(said.words)
        assert ": ." not in str(said.words)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_has_a_title_that_shows_no_field(code):
    titles = wording.page(FRAME, AMINA, language.load(code)).words["titles"]
    assert titles[-1]["fields"] == []
    assert "name" in titles[0]["fields"]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("outcome", wording.ENDS)
def test_every_end_is_short_and_names_nobody(code, outcome):
    said = wording.end(FRAME, outcome, language.load(code))
    assert said.fields == ()
    assert "ABCD2345" in said.words["short"]
    assert count(said.words["short"]).parts <= 2
    assert len(said.words["subject"]) <= 60


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_exercise_says_so_first_everywhere(code):
    exercise, spoken = replace(FRAME, kind="exercise"), language.load(code)
    mark = spoken.data["kind"]["exercise"].strip()
    assert sms(AMINA, code, exercise).startswith(mark)
    assert wording.email(exercise, AMINA, spoken).words["subject"].startswith(mark)
    assert wording.facebook(exercise, AMINA, spoken).words["body"].startswith(mark)
    assert wording.cap(exercise, AMINA, spoken).words["headline"].startswith(mark)
    assert wording.end(exercise, "found", spoken).words["short"].startswith(mark)


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_update_and_an_exercise_say_so_first_in_every_app(code):
    spoken = language.load(code)
    for changed, mark in (
        ({"kind": "exercise"}, spoken.data["kind"]["exercise"].strip()),
        ({"is_update": True}, spoken.data["message"]["update"].strip()),
    ):
        frame = replace(FRAME, **changed)
        assert wording_apps.whatsapp(frame, AMINA, spoken).words["short"].startswith(mark)
        assert wording_apps.instagram(frame, AMINA, spoken).words["subject"].startswith(mark)
        assert wording_apps.webpush(frame, AMINA, spoken).words["subject"].startswith(mark)


# A child of whom everything is told, at length: what every limit is held against.
TALKATIVE = replace(
    AMINA,
    name=dict.fromkeys(LANGUAGES, "Amina Fatima Zahra El Idrissi El Filali Bennani"),
    clothing=(("tracksuit", "multicoloured"), ("hoodie", "dark_blue"), *AMINA.clothing) * 3,
    carried=(("schoolbag", "blue"), ("bicycle", "red")) * 2,
    weight=32,
    glasses="always",
)
LONG = replace(FRAME, is_update=True, kind="exercise", addition=dict.fromkeys(LANGUAGES, "Elle boite. " * 16))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(("known", "frame"), [(AMINA, FRAME), (TALKATIVE, LONG)])
def test_whatsapp_fits_the_templates_that_are_shipped(code, known, frame):
    words = wording_apps.whatsapp(frame, known, language.load(code)).words
    details, url = words["short"].split("\n")
    assert url == frame.url
    assert len(details) <= wording_apps.MOST_DETAILS
    assert details.endswith(".")
    assert "19" in details
    text = Text(short=words["short"], body=words["body"], url=url)
    for kind in ("alert", "update"):
        said = whatsapp.words(
            Message("r", "+212600000001", code, text, kind), whatsapp_templates.load(), "approved"
        )
        assert said.lost == ()
        assert details in said.said
    assert len(words["body"]) <= whatsapp.MAX_TEXT


def test_where_room_is_short_whatsapp_says_first_where_and_when():
    details = wording_apps.whatsapp(LONG, TALKATIVE, language.load("fr")).words["short"]
    assert "Lieu : Rabat." in details
    assert "16:30" in details
    assert "Elle boite" not in details


@pytest.mark.parametrize("outcome", wording.ENDS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_end_fits_the_all_clear_and_a_browsers_notice(code, outcome):
    words = wording.end(FRAME, outcome, language.load(code)).words
    text = Text(subject=words["subject"], body=words["body"], short=words["short"], url=FRAME.url)
    message = Message("r", "+212600000001", code, text, "end")
    assert words["short"] in whatsapp.words(message, whatsapp_templates.load(), "approved").said
    shown = json.loads(webpush.payload(message))
    assert (shown["title"], shown["body"]) == (words["subject"], words["short"])


@pytest.mark.parametrize(("known", "frame"), [(AMINA, FRAME), (TALKATIVE, LONG)])
def test_instagram_holds_all_languages_in_one_caption(known, frame):
    words = {
        code: wording_apps.instagram(frame, known, language.load(code)).words for code in language.available()
    }
    texts = {
        code: Text(subject=said["subject"], body=said["body"], short=said["short"])
        for code, said in words.items()
    }
    caption, lost = instagram.caption(texts, LANGUAGES)
    assert len(caption) <= instagram.MAX_CAPTION
    assert caption.count(frame.url) == len(LANGUAGES)
    assert caption.count("#") == len(LANGUAGES)
    assert lost == (() if known is AMINA else ("details",))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_browsers_notice_names_nobody_and_shows_no_photo_whatever_may_be_said(code):
    said = wording_apps.webpush(LONG, TALKATIVE, language.load(code))
    assert set(said.fields) == {"sex", "age", "last_seen_place", "last_seen_at"}
    assert "Amina" not in str(said.words)
    assert "photo_alt" not in said.words
    text = Text(subject=said.words["subject"], short=said.words["short"], url=LONG.url)
    payload = webpush.payload(Message("r", "", code, text))
    assert len(payload) < 1000
    assert "19" in json.loads(payload)["body"]


@pytest.mark.parametrize("channel", ["whatsapp", "instagram", "webpush"])
def test_each_field_that_an_app_shows_can_be_kept_out_of_it(channel):
    spoken = language.load("fr")
    way = composing.WORDINGS[channel]
    said = way(FRAME, TALKATIVE, spoken)
    for field in said.fields:
        rest = way(FRAME, TALKATIVE.only(frozenset(said.fields) - {field}), spoken)
        assert field not in rest.fields
        assert rest.words != said.words or field == "photo"


def test_a_language_that_lacks_a_sentence_is_named():
    model = language.load("en").data
    message = {key: words for key, words in model["message"].items() if key != "whatsapp"}
    assert language.lacking({**model, "message": message}, model) == ["message.whatsapp"]
    assert language.lacking({**model, "end": "?"}, model) == ["end"]
    assert language.lacking(language.load("ar").data, model) == []


def test_all_languages_say_the_same_things():
    shapes = {code: _shape(language.load(code).data) for code in language.available()}
    assert len(set(map(frozenset, shapes.values()))) == 1


def _shape(data, path=""):
    """Return the paths of all sentences; forms by sex may be given or not."""
    if isinstance(data, dict):
        open_ended = path == ".label_of"
        inner = (
            set()
            if open_ended
            else {found for key, value in data.items() for found in _shape(value, f"{path}.{key}")}
        )
        return inner or {path}
    return {path}


@pytest.mark.parametrize(
    ("code", "name", "isolated"),
    [("ar", "Yasmine", True), ("fr", "ياسمين", True), ("ar", "ياسمين", False), ("fr", "Yasmine", False)],
)
def test_a_name_of_the_other_script_is_kept_from_pulling_the_age_across(code, name, isolated):
    titles = wording.page(FRAME, replace(AMINA, name={code: name}), language.load(code)).words["titles"]
    assert (f"\u2068{name}\u2069" in titles[0]["text"]) is isolated


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (0, {"ar": "أقل من شهر", "fr": "moins d’un mois", "en": "under one month old"}),
        (1, {"ar": "شهر واحد", "fr": "1 mois", "en": "1 month old"}),
        (2, {"ar": "شهران", "fr": "2 mois", "en": "2 months old"}),
        (8, {"ar": "8 أشهر", "fr": "8 mois", "en": "8 months old"}),
        (18, {"ar": "18 شهرا", "fr": "18 mois", "en": "18 months old"}),
        (24, {"ar": "سنتان", "fr": "2 ans", "en": "2 years old"}),
    ],
)
def test_a_baby_is_as_old_as_its_months(months, said):
    for code in LANGUAGES:
        baby = replace(AMINA, age=months // 12, months=months)
        lines = {
            line["key"]: line["text"]
            for line in wording.page(FRAME, baby, language.load(code)).words["lines"]
        }
        assert lines["age"] == said[code]


@pytest.mark.parametrize("code", LANGUAGES)
def test_things_carried_weight_and_glasses_are_said_and_withheld_one_by_one(code):
    known = replace(AMINA, carried=(("bicycle", "red"),), weight=47, glasses="always")
    spoken = language.load(code)
    for field, words in (
        ("carried", spoken.carried("bicycle", "red")),
        ("weight", "47"),
        ("glasses", spoken.word("glasses", "always")),
    ):
        said = wording.email(FRAME, known, spoken)
        assert words in said.words["body"]
        assert field in said.fields
        rest = known.only(frozenset(said.fields) - {field})
        assert words not in wording.email(FRAME, rest, spoken).words["body"]


def test_a_child_without_glasses_is_not_said_to_have_none():
    body = wording.email(FRAME, replace(AMINA, glasses="none"), language.load("fr")).words["body"]
    assert "lunettes" not in body
