import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.core import signing
from django.test import override_settings

from cases.forms.report import PHOTO_SAYS
from cases.models import Case, VoiceDraft
from tests.cases import family, pictures
from trust import clock, secrets

pytestmark = pytest.mark.django_db
URL = "/fr/report/"
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def send(client, url: str = URL, **changes):
    return client.post(url, family.form(**changes))


def errors(response) -> dict[str, list[str]]:
    return {name: [*said] for name, said in response.context["form"].errors.items()}


def text(response) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_form_asks_in_the_language_of_its_address(client, db, language):
    response = client.get(f"/{language}/report/")
    page = text(response)
    assert response.status_code == 200
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert f'href="tel:{settings.EMERGENCY_NUMBER}"' in page
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_nothing_in_the_page_breaks_a_strict_policy(client, db):
    page = text(client.get(URL))
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert "http://" not in page.replace("http://testserver", "")


def test_a_report_is_answered_with_reference_and_secret_once(client, ines):
    response = send(client)
    case = Case.objects.get()
    page = text(response)
    assert response.status_code == 200  # no redirect: the secret never stands in an address
    assert case.reference in page
    secret = re.search(r"\d{4}( \d{4}){4}", page)
    assert secret
    assert secrets.check_secret(secret.group(), case.secret_hash)
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert case.last_seen_place["source"] == "gazetteer"
    assert case.last_seen_error_m


def test_the_family_of_another_script_and_its_digits_is_understood(client, ines):
    form = family.form(age_years="9", seen_time="16:30", phone="0612345678")
    arabic = {
        name: form[name].translate(ARABIC_DIGITS) for name in ("age_years", "seen_date", "seen_time", "phone")
    }
    send(client, "/ar/report/", given_name="ياسمين", other_name="Yasmine", last_seen_words="سلا", **arabic)
    case = Case.objects.get()
    child = case.children.get()
    assert (case.language, case.reporter["phone"]) == ("ar", "+212612345678")
    assert (child.age_years, child.name("fr")) == (9, "Yasmine")
    assert child.name("ar") == "ياسمين Zerhouni"


def test_all_that_was_said_is_kept(client, ines):
    response = client.post(
        URL,
        family.form(
            birth_date="01/02/2017", hair="black_long", marks=["freckles", "braces"], height="130",
            circumstances="Elle est partie.", photo=family.upload(pictures.rotated()),
        ),
    )  # fmt: skip
    assert response.status_code == 200
    case = Case.objects.get()
    child = case.children.get()
    assert child.birth_date == datetime(2017, 2, 1, tzinfo=UTC).date()
    assert (child.value("hair"), child.value("marks"), child.value("height")) == (
        "black_long",
        ["freckles", "braces"],
        130,
    )
    assert child.value("clothing") == [{"garment": "jacket", "colour": "red"}]
    assert (family.photo(case).width, family.photo(case).height) == (480, 640)
    assert case.places.get().kind == "friend"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("given_name", {"given_name": None}),
        ("birth_date", {"birth_date": "01/02/2030"}),
        ("birth_date", {"birth_date": "31/02/2015"}),
        ("birth_date", {"birth_date": "15/03/1437"}),  # Hijri
        ("birth_date", {"birth_date": "01/02/1980"}),
        ("age_years", {"age_years": None}),
        ("age_years", {"age_years": "42"}),
        ("age_years", {"age_years": "neuf"}),
        ("height", {"height": "3"}),
        ("seen_date", {"seen_date": "2031-01-01"}),
        ("seen_date", {"seen_date": "1447-01-01"}),
        ("seen_time", {"seen_time": "25:10"}),
        ("place_choice", {"last_seen_words": "derrière chez Houda"}),
        ("phone", {"phone": "12"}),
        ("phone", {"phone": "+1 555"}),
        ("relation", {"relation": "abductor"}),
        ("consent", {"consent": None}),
        ("consent_fields", {"consent": "some", "consent_channels": ["sms"]}),
        ("consent_channels", {"consent": "some", "consent_fields": ["name"]}),
        ("garment_2", {"colour_2": "red"}),
        ("last_seen_words", {"last_seen_words": "\u200b\u202e  "}),
        ("circumstances", {"circumstances": "x" * 50_000}),
    ],
)
def test_each_mistake_is_said_beside_its_field_and_nothing_is_lost(client, ines, field, changes):
    response = send(client, **changes)
    assert response.status_code == 422
    assert set(errors(response)) == {field}
    page = text(response)
    assert f'href="#id_{field}"' in page
    assert 'value="Zerhouni"' in page
    for value in changes.values():
        if isinstance(value, str) and value.isascii() and len(value) < 50 and field not in ("relation",):
            assert value in page
    assert not Case.objects.exists()


def test_birth_after_the_disappearance_is_told_apart_from_a_date_to_come(client, ines):
    today = clock.now().date()
    seen = today - timedelta(days=30)
    response = send(client, birth_date=f"{today - timedelta(days=5):%d/%m/%Y}", seen_date=seen.isoformat())
    with_future = send(client, birth_date="01/02/2030")
    assert errors(response)["birth_date"] != errors(with_future)["birth_date"]


def test_an_hour_to_come_is_refused_in_the_zone_of_the_agency(client, ines):
    with override_settings(AGENCY_TIME_ZONE="Pacific/Kiritimati"):  # fourteen hours ahead of UTC
        local = clock.now() + timedelta(hours=14)
        soon = local + timedelta(minutes=5)
        early = send(client, seen_date=soon.date().isoformat(), seen_time=f"{soon:%H:%M}")
        ago = local - timedelta(minutes=5)
        past = send(client, seen_date=ago.date().isoformat(), seen_time=f"{ago:%H:%M}")
    assert set(errors(early)) <= {"seen_time", "seen_date"}
    assert errors(early)
    assert past.status_code == 200


def test_the_doubled_hour_is_asked_and_answered(client, ines):
    night = {"seen_date": "2026-02-15", "seen_time": "02:30"}
    asked = send(client, **night)
    assert set(errors(asked)) == {"fold"}
    assert text(asked).count('name="fold"') == 2
    assert "UTC+1" in text(asked)
    assert send(client, fold="1", **night).status_code == 200
    assert Case.objects.get().last_seen_at == datetime(2026, 2, 15, 2, 30, tzinfo=UTC)


def test_an_hour_that_never_was_is_explained(client, ines):
    assert set(errors(send(client, seen_date="2026-03-22", seen_time="02:30"))) == {"seen_time"}


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
    assert re.search(rf'value="{value}"[^>]*checked', text(again))


def test_a_tapped_point_needs_no_known_words(client, ines):
    send(client, last_seen_words="ici", lat="34.02090", lon="-6.84160", error_m="120")
    case = Case.objects.get()
    assert (case.last_seen_place["source"], case.last_seen_error_m) == ("tapped", 120)


@pytest.mark.parametrize("lat", ["nan", "inf", "95", "x", "1e400"])
def test_a_point_that_is_none_is_as_if_nothing_was_tapped(client, ines, lat):
    assert send(client, lat=lat, lon="-6.8").status_code == 200
    assert Case.objects.get().last_seen_place["source"] == "gazetteer"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg/>", "not_a_picture"),
        (b"", "not_a_picture"),
        (b"\xff\xd8\xff" + bytes(40 << 20), "too_large"),
        (pictures.wide_png(), "too_many_pixels"),
        (pictures.picture()[:900], "truncated"),
    ],
)
def test_a_bad_photo_is_said_beside_it_and_the_words_are_kept(client, ines, data, code):
    response = client.post(URL, family.form(photo=family.upload(data)))
    assert errors(response) == {"photo": [str(PHOTO_SAYS[code])]}
    assert 'value="Zerhouni"' in text(response)
    assert not VoiceDraft.objects.exists()


def test_a_good_photo_of_a_form_that_failed_is_kept_for_the_next(
    client, ines, django_capture_on_commit_callbacks
):
    failed = client.post(URL, family.form(phone="12", photo=family.upload(pictures.rotated())))
    token = failed.context["photo_draft"]
    assert token in text(failed)
    assert "data:image/jpeg;base64," in text(failed)
    again = send(client, phone="13", photo_draft=token)
    assert again.context["photo_draft"] == token
    assert VoiceDraft.objects.count() == 1
    assert send(client, photo_draft=token).status_code == 200
    assert family.photo(Case.objects.get()).width == 480
    assert not VoiceDraft.objects.exists()


def test_only_one_photo_is_held_and_nothing_else_that_was_sent(client, ines):
    good, nasty = family.upload(pictures.picture()), family.upload(b"<?php")
    response = client.post(URL, family.form(phone="12", photo=[good, nasty], other=nasty))
    assert set(errors(response)) == {"phone"}
    assert set(response.wsgi_request.FILES) == {"photo"}
    assert len(response.wsgi_request.FILES.getlist("photo")) == 1


def test_a_photo_token_that_is_not_ours_is_as_if_there_was_none(client, ines):
    for token in ("rubbish", signing.dumps("rubbish", salt="cases.photo-draft")):
        send(client, photo_draft=token)
    assert not any(case.children.get().photo for case in Case.objects.all())


def test_sending_twice_makes_one_case_and_shows_the_same_secret(client, ines):
    token = client.get(URL).context["submission"]
    pages = [text(send(client, submission=token)) for _ in range(2)]
    assert Case.objects.count() == 1
    shown = [re.findall(r"(?:\d{4} ){4}\d{4}", page) for page in pages]
    assert shown[0]
    assert shown[0] == shown[1]


def test_two_families_are_two_cases_even_with_a_spoilt_token(client, ines):
    for token in ("", "rubbish", "rubbish"):
        send(client, submission=token)
    assert Case.objects.count() == 3


def test_saying_not_now_stores_no_consent(client, ines):
    send(client, consent="none")
    assert not Case.objects.get().consents.exists()


def test_what_was_ticked_is_what_may_be_published(client, ines):
    send(client, consent="some", consent_fields=["name", "last_seen"], consent_channels=["web"])
    consent = Case.objects.get().consents.get()
    assert consent.fields == ["name", "last_seen_at", "last_seen_place"]
    assert (consent.channels, consent.relation, consent.language) == (["web"], "mother", "fr")
    assert consent.text


def test_the_words_of_consent_name_the_channels_that_leave_the_country(client, db):
    page = text(client.get("/en/report/"))
    assert "What is published on Facebook leaves the country." in page


def test_marks_that_turn_or_hide_letters_are_taken_out(client, ines):
    send(client, given_name="Yas\u202emine\u200b", reporter_name="Samira\x00 Z")
    case = Case.objects.get()
    assert case.children.get().given_name == "Yasmine"
    assert case.reporter["name"] == "Samira Z"


def test_markup_is_shown_as_typed_and_runs_nowhere(client, ines):
    page = send(client, given_name="<script>alert(1)</script>", phone="12").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_log_holds_no_word_of_the_family(client, ines, caplog):
    send(client)
    send(client, phone="12")
    assert not [word for word in ("Yasmine", "Samira", "0612345678") if word in caplog.text]


def test_the_map_is_drawn_where_it_is_asked_for(client, db):
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
