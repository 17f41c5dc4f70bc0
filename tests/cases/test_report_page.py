"""The first minute: one screen, and the answer to it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.test import override_settings

from cases.models import Case, StepCount, VoiceDraft, VoiceNote
from tests.cases import family
from tests.cases.media import recordings
from trust import clock, networks, secrets

pytestmark = pytest.mark.django_db
URL = "/fr/report/"
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    """A report without proof of work waits a second; nobody here is a flood."""
    monkeypatch.setattr(networks, "PAUSE_S", 0)


def send(client, url: str = URL, **changes):
    return client.post(url, family.form(**changes))


def send_at(client, day: str, hour: str, **more):
    return client.post(URL, family.another_time(seen_date=day, seen_time=hour, **more))


def errors(response) -> dict[str, list[str]]:
    return {name: [*said] for name, said in response.context["form"].errors.items()}


def text(response) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_form_asks_in_the_language_of_its_address(client, language):
    response = client.get(f"/{language}/report/")
    page = text(response)
    assert response.status_code == 200
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert f'href="tel:{settings.EMERGENCY_NUMBER}"' in page
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


def test_the_first_minute_asks_five_things(client):
    form = client.get(URL).context["form"]
    asked = [
        field.name for field in form.visible_fields() if field.name not in ("seen_date", "seen_time", "fold")
    ]
    assert asked == ["voice_start", "name_1", "age_1", "last_seen_words", "place_choice", "ago", "phone"]


def test_nothing_in_the_page_breaks_a_strict_policy(client):
    page = text(client.get(URL))
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert "http://" not in page.replace("http://testserver", "")


def test_a_report_is_answered_with_reference_words_and_digits_once(client, ines):
    response = send(client)
    case = Case.objects.get()
    page = text(response)
    assert response.status_code == 200  # no redirect: the secret never stands in an address
    assert case.reference in page
    digits = re.search(r"\d{4}( \d{4}){4}", page)
    assert digits
    assert secrets.check_secret(digits.group(), case.secret_hash)
    assert secrets.check_secret(response.context["words"], case.secret_hash)
    assert response.context["words"] in page
    assert "no-store" in response["Cache-Control"]
    assert (case.last_seen_place["source"], case.state) == ("gazetteer", "received")
    assert case.children.get().age_years == 9
    assert abs(clock.now() - timedelta(hours=2) - case.last_seen_at) < timedelta(minutes=1)


def test_the_answer_leads_on_with_a_key_and_a_cookie_of_its_own_path(client, ines):
    response = send(client)
    cookie = response.cookies["najda_thread"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/fr/report/", "Lax", True)
    assert re.search(r'action="/fr/report/more/child/"', text(response))
    assert client.get("/fr/report/more/child/").status_code == 200


def test_the_family_of_another_script_and_its_digits_is_understood(client, ines):
    send(
        client,
        "/ar/report/",
        name_1="ياسمين",
        last_seen_words="سلا",
        phone="0612345678".translate(ARABIC_DIGITS),
    )
    case = Case.objects.get()
    assert (case.language, case.reporter["phone"]) == ("ar", "+212612345678")
    assert case.children.get().name("ar") == "ياسمين"


def test_a_babys_age_is_told_in_months(client, ines):
    send(client, age_1="m7")
    child = Case.objects.get().children.get()
    assert (child.age_years, child.age_months) == (0, 7)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name_1", {"name_1": None, "age_1": None}),
        ("name_1", {"name_1": "\u200b\u202e  "}),
        ("age_1", {"age_1": None}),
        ("age_1", {"age_1": "42"}),
        ("last_seen_words", {"last_seen_words": None}),
        ("last_seen_words", {"last_seen_words": "\u200b\u202e  "}),
        ("place_choice", {"last_seen_words": "derrière chez Houda"}),
        ("ago", {"ago": None}),
        ("ago", {"ago": "yesterday"}),
        ("phone", {"phone": None}),
        ("phone", {"phone": "12"}),
        ("phone", {"phone": "+1 555"}),
        ("name_1", {"name_1": "x" * 50_000}),
        ("ago", {"seen_date": "2026-01-01"}),  # "two hours ago", and a day
    ],
)
def test_each_mistake_is_said_beside_its_field_and_nothing_is_lost(client, ines, field, changes):
    response = send(client, **changes)
    assert response.status_code == 422
    assert set(errors(response)) == {field}
    page = text(response)
    assert f'href="#id_{field}"' in page
    for name, value in {**family.form(), **changes}.items():
        if (
            isinstance(value, str)
            and value.isprintable()
            and len(value) < 50
            and name not in ("ago", "age_1")
        ):
            assert f'value="{value}"' in page
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("field", "day", "hour"),
    [
        ("seen_date", "2031-01-01", "16:30"),
        ("seen_date", "1447-06-01", "16:30"),  # Hijri
        ("seen_date", "1980-01-01", "16:30"),
        ("seen_date", "31/02/2025", "16:30"),
        ("seen_date", "", "16:30"),
        ("seen_time", "2026-01-01", "25:10"),
        ("seen_time", "2026-01-01", ""),
        ("fold", "2026-02-15", "02:30"),  # Casablanca left UTC+1 for Ramadan: the hour came twice
        ("seen_time", "2026-03-22", "02:30"),  # and came back: the hour never was
    ],
)
def test_each_wrong_hour_is_explained_beside_it_and_stays(client, ines, field, day, hour):
    response = send_at(client, day, hour)
    assert set(errors(response)) == {field}
    page = text(response)
    assert 'class="moment shown"' in page
    assert f'value="{hour}"' in page
    assert not Case.objects.exists()


def test_a_hijri_year_is_named_as_one(client, ines):
    assert str(clock.now().year) in errors(send_at(client, "1447-06-01", "10:00"))["seen_date"][0]


def test_an_hour_to_come_is_refused_in_the_zone_of_the_agency(client, ines):
    with override_settings(AGENCY_TIME_ZONE="Pacific/Kiritimati"):  # fourteen hours ahead of UTC
        local = clock.now() + timedelta(hours=14)
        soon = local + timedelta(minutes=5)
        early = send_at(client, soon.date().isoformat(), f"{soon:%H:%M}")
        ago = local - timedelta(minutes=5)
        past = send_at(client, ago.date().isoformat(), f"{ago:%H:%M}")
    assert set(errors(early)) <= {"seen_time", "seen_date"}
    assert errors(early)
    assert past.status_code == 200


def test_the_doubled_hour_is_asked_and_answered(client, ines):
    asked = text(send_at(client, "2026-02-15", "02:30"))
    assert asked.count('name="fold"') == 2
    assert "UTC+1" in asked
    assert send_at(client, "2026-02-15", "02:30", fold="1").status_code == 200
    assert Case.objects.get().last_seen_at == datetime(2026, 2, 15, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "field"), [("2026-04-24", "seen_time"), ("2025-10-30", "fold")])
def test_the_nights_of_cairo_are_asked_about_too(client, ines, day, field):
    hour = "00:30" if field == "seen_time" else "23:30"
    with override_settings(AGENCY_TIME_ZONE="Africa/Cairo"):
        assert set(errors(send_at(client, day, hour))) == {field}


def test_an_unknown_place_is_asked_and_kept_as_words_if_she_says_so(client, ines):
    words = "derrière chez Houda"
    assert 'value="words"' in text(send(client, last_seen_words=words))
    assert send(client, last_seen_words=words, place_choice="words").status_code == 200
    case = Case.objects.get()
    assert (case.last_seen_words, case.last_seen_point, case.last_seen_region) == (words, None, "")


def test_a_place_she_chose_stays_chosen_when_something_else_is_wrong(client, ines):
    offered = send(client, last_seen_words="derrière le souk, Salé")
    value = offered.context["form"].fields["place_choice"].widget.choices[0][0]
    again = send(client, last_seen_words="derrière le souk, Salé", place_choice=value, phone="12")
    assert set(errors(again)) == {"phone"}
    assert re.search(rf'value="{re.escape(value)}"[^>]*checked', text(again))


def test_a_tapped_point_needs_no_known_words(client, ines):
    send(client, last_seen_words="ici", lat="34.02090", lon="-6.84160", error_m="120")
    case = Case.objects.get()
    assert (case.last_seen_place["source"], case.last_seen_error_m) == ("tapped", 120)


@pytest.mark.parametrize("lat", ["nan", "inf", "95", "x", "1e400", "\x00"])
def test_a_point_that_is_none_is_as_if_nothing_was_tapped(client, ines, lat):
    assert send(client, lat=lat, lon="-6.8").status_code == 200
    assert Case.objects.get().last_seen_place["source"] == "gazetteer"


def test_another_child_gets_a_row_and_nothing_typed_is_lost(client, ines):
    more = send(client, act="add_child", phone="12")
    page = text(more)
    assert more.status_code == 200
    assert (page.count('name="name_'), 'value="Yasmine"' in page, 'value="12"' in page) == (2, True, True)
    assert "error-summary" not in page
    send(client, children="2", name_2="Adam", age_2="4")
    case = Case.objects.get()
    assert [(child.given_name, child.age_years) for child in case.children.all()] == [
        ("Yasmine", 9),
        ("Adam", 4),
    ]


def test_six_children_are_one_report_and_a_row_left_empty_is_none(client, ines):
    last = send(client, act="add_child", children="6")
    assert text(last).count('name="name_') == 6
    assert "add_child" not in text(last)
    send(client, children="6", name_4="Adam", age_4="4")
    assert Case.objects.get().children.count() == 2


def test_a_second_child_without_a_name_is_asked_for_it(client, ines):
    assert set(errors(send(client, children="2", age_2="4"))) == {"name_2"}


def test_who_cannot_write_says_it_with_a_phone_number_and_two_taps(client, ines):
    voice = family.upload(recordings.recorded(), "voice.webm")
    response = client.post(URL, {"voice_start": voice, "ago": "hour", "phone": "0612345678"})
    assert response.status_code == 200
    case, note = Case.objects.get(), VoiceNote.objects.get()
    assert (note.case, note.field, note.clean_bytes() is not None) == (case, "start", True)
    assert "said_only" in case.doubts
    assert (case.children.get().given_name, case.last_seen_point) == ("", None)


def test_without_an_hour_a_spoken_report_says_that_its_hour_is_not_sure(client, ines):
    client.post(URL, {"voice_start": family.upload(recordings.recorded()), "phone": "0612345678"})
    case = Case.objects.get()
    assert case.sheets.get(group="last_seen").entries["last_seen_sure"][0]["value"] == "unsure"


def test_a_recording_is_kept_while_something_else_is_wrong(client, ines):
    failed = client.post(
        URL, {"voice_start": family.upload(recordings.recorded()), "ago": "hour", "phone": "12"}
    )
    token = failed.context["voice_draft"]
    assert set(errors(failed)) == {"phone"}
    assert token in text(failed)
    assert VoiceDraft.objects.count() == 1
    client.post(URL, {"voice_draft": token, "ago": "hour", "phone": "0612345678"})
    assert VoiceNote.objects.get().case == Case.objects.get()


def test_what_cannot_be_played_is_said_beside_the_recorder(client, ines):
    response = send(client, voice_start=family.upload(b"<?php"))
    assert set(errors(response)) == {"voice_start"}
    assert not VoiceDraft.objects.exists()


def test_a_report_without_proof_of_work_is_taken_paused_and_flagged(client, ines, monkeypatch):
    paused = []
    monkeypatch.setattr(networks, "pause_unproved", lambda: paused.append(1))
    assert send(client).status_code == 200
    send(client, work="rubbish")
    assert [case.doubts for case in Case.objects.order_by("received_at")] == [["no_work"], ["bad_work"]]
    assert len(paused) == 2


def test_a_crowded_network_is_flagged_and_never_refused(client, ines):
    with override_settings(CROWDED_REPORTS=1):
        for _ in range(2):
            assert client.post(URL, family.form(), REMOTE_ADDR="203.0.113.9").status_code == 200
    assert ["crowded_network" in case.doubts for case in Case.objects.order_by("received_at")] == [
        False,
        True,
    ]


def test_sending_twice_makes_one_case_and_shows_the_same_secret(client, ines):
    token = client.get(URL).context["submission"]
    pages = [text(send(client, submission=token)) for _ in range(2)]
    assert Case.objects.count() == 1
    shown = [re.findall(r"(?:\d{4} ){4}\d{4}", page) for page in pages]
    assert shown[0]
    assert shown[0] == shown[1]


def test_sent_again_after_its_hour_neither_secret_nor_key_is_given(client, ines):
    token = client.get(URL).context["submission"]
    send(client, submission=token)
    Case.objects.update(received_at=clock.now() - timedelta(hours=2))
    again = send(client, submission=token)
    assert not re.search(r"\d{4}( \d{4}){4}", text(again))
    assert 'name="key"' not in text(again)
    assert not again.cookies


def test_two_families_are_two_cases_even_with_a_spoilt_token(client, ines):
    for token in ("", "rubbish", "rubbish"):
        send(client, submission=token)
    assert Case.objects.count() == 3


def test_markup_is_shown_as_typed_and_runs_nowhere(client, ines):
    page = send(client, name_1="<script>alert(1)</script>", phone="12").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_marks_that_turn_the_writing_do_not_reach_the_file(client, ines):
    send(client, name_1="Sa\u202emir\u200ba")
    assert Case.objects.get().children.get().given_name == "Samira"


def test_the_log_holds_no_word_of_the_family(client, ines, caplog):
    send(client)
    send(client, phone="12")
    assert not [word for word in ("Yasmine", "0612345678") if word in caplog.text]


def test_the_first_minute_is_counted_shown_and_answered(client, ines):
    token = client.get(URL).context["submission"]
    send(client, phone="12")
    for _ in range(2):
        send(client, submission=token)
    counted = StepCount.objects.get(screen="start")
    assert (counted.language, counted.shown, counted.answered) == ("fr", 1, 1)


def test_the_map_is_drawn_where_it_is_asked_for(client):
    answer = client.post("/fr/report/map/", {"lat": "34.02", "lon": "-6.84", "span_km": "20"})
    drawn = answer.json()
    assert drawn["svg"].startswith("<svg")
    assert drawn["north"] == pytest.approx(34.02 + 10 / 111.195, abs=1e-6)
    assert drawn["metres_per_px"] == pytest.approx(20_000 / 360)
    assert "no-store" in answer["Cache-Control"]
    for nonsense in (
        {},
        {"lat": "x", "lon": "1", "span_km": "5"},
        {"lat": "nan", "lon": "1", "span_km": "5"},
    ):
        assert client.post("/fr/report/map/", nonsense).status_code == 400
    assert client.get("/fr/report/map/").status_code == 405
