import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core import signing
from django.db import OperationalError

from cases import thread
from cases.accept import accept
from cases.close import close
from cases.fields import PUBLIC_FIELDS
from cases.models import Case, CaseState, Consent, MoveRefused, ThreadEntry, VoiceNote
from cases.renew import renew_secret
from cases.report import receive
from cases.reported import ReportedChild
from cases.standing import SAFE
from cases.views import key as keys_of_pages
from cases.views.more import REFUSED
from notifier.models import Delivery
from tests.alerts import scene
from tests.cases import family
from tests.cases.media import recordings
from trust import keys, secrets
from trust.models import AuditEntry, Decision, Task

pytestmark = pytest.mark.django_db
URL = "/fr/report/follow/"


@pytest.fixture
def received(ines):
    return receive(family.report())


def enter(client, reference: str, secret: secrets.Secret | str | None):
    return client.post(URL, {"reference": reference, "secret": str(secret)})


@pytest.fixture
def key(client, received):
    """The signed key of an opened thread."""
    return enter(client, received.reference, received.secret).context["key"]


def press(client, key: str, act: str, **more):
    """Press a button, and go where that leads."""
    return client.post(URL, {"key": key, "act": act, **more}, follow=True)


def text(response) -> str:
    return unescape(response.content.decode())


def test_reference_and_secret_open_the_thread_however_they_are_typed(client, received):
    digits = received.secret.digits.replace(" ", "").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    response = enter(client, received.reference.lower().replace("-", " "), digits)
    page = text(response)
    assert response.status_code == 200
    assert str(received.case.unit) in page
    assert received.reference in page
    assert "no-store" in response["Cache-Control"]
    assert received.secret.digits not in page


def test_the_thread_names_the_unit_and_never_the_officer(client, received, ines):
    accept(received.case, ines)
    page = text(enter(client, received.reference, received.secret))
    assert str(ines.unit) in page
    assert ines.display_name not in page


def test_a_wrong_secret_and_a_wrong_reference_get_one_answer(client, received):
    wrong = [
        enter(client, received.reference, secrets.new_secret()),
        enter(client, secrets.new_reference(), received.secret),
    ]
    assert {response.status_code for response in wrong} == {403}
    said = {str(response.context["refused"]) for response in wrong}
    assert said == {str(REFUSED["wrong"])}


def test_a_wrong_reference_costs_the_same_slow_hash(received, monkeypatch):
    asked = []

    def check(_typed, kept):
        asked.append(kept)
        return False

    monkeypatch.setattr(secrets, "check_secret", check)
    for reference in (received.reference, secrets.new_reference(), "rubbish"):
        with pytest.raises(thread.ThreadRefused):
            thread.open_case(reference, "x")
    assert [bool(kept) for kept in asked] == [True, False, False]


def test_after_too_many_guesses_even_the_right_secret_waits(client, received, monkeypatch):
    monkeypatch.setattr(thread, "TRIES", 3)
    for _ in range(3):
        assert enter(client, received.reference, secrets.new_secret()).status_code == 403
    assert enter(client, received.reference, received.secret).status_code == 429
    other = receive(family.report())
    assert enter(client, other.reference, other.secret).status_code == 200


def test_what_is_no_reference_or_secret_is_said_beside_the_field(client, received):
    response = enter(client, "NJ-XXXX", "12")
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"reference", "secret"}
    assert "NJ-XXXX" in text(response)


def test_a_family_writes_and_the_police_answer(client, received, key, ines):
    page = text(press(client, key, "write", body="Avez-vous\ndu nouveau ?"))
    assert "Avez-vous<br>du nouveau ?" in page
    task = Task.objects.get(kind="family_waits")
    assert (task.subject, task.owner) == (received.case.pk, ines)
    thread.police_write(received.case, ines, "Nous cherchons près du port.")
    assert "Nous cherchons près du port." in text(press(client, key, "look"))
    task.refresh_from_db()
    assert task.done_at is not None


def test_an_empty_message_is_not_one(client, received, key):
    assert press(client, key, "write", body=" \u200b ").status_code == 422
    assert not ThreadEntry.objects.filter(author="family").exists()


def test_markup_in_a_message_is_words(client, key):
    page = press(client, key, "write", body="<img src=x onerror=alert(1)>").content.decode()
    assert "<img src=x" not in page


def test_saying_that_the_child_is_home_calls_the_unit_and_closes_nothing(client, received, key, ines):
    for _ in range(2):
        page = text(press(client, key, "home"))
    task = Task.objects.get(kind="child_home")
    assert Delivery.objects.filter(subject=task.pk, person=ines.pk).count() == 2
    assert Case.objects.get().state == CaseState.RECEIVED
    assert page.count(str(thread.SAID["home_reported"])) == 1


def test_taking_consent_back_works_at_once_where_nothing_is_public(client, received, key):
    consent = received.case.consents.get()
    page = text(press(client, key, "withdraw", consent=consent.pk))
    assert received.case.consents.get().withdrawn_at is not None
    assert 'value="withdraw"' not in page


def test_taking_consent_back_while_an_alert_lives_starts_a_clock(client, received, key):
    received.case.set_public(public=True)
    press(client, key, "withdraw", consent=received.case.consents.get().pk)
    assert Decision.objects.get(subject=received.case.consents.get().pk).outcome == ""
    task = Task.objects.get(kind="consent.withdraw")
    assert Delivery.objects.filter(subject=task.pk).count() == 2
    assert received.case.consents.get().withdrawn_at is None


def test_a_key_is_over_after_half_an_hour_and_cannot_be_made_up(client, received, key, monkeypatch):
    for bad in ("rubbish", signing.dumps(str(received.case.pk), salt="other")):
        assert press(client, bad, "home").status_code == 403
    monkeypatch.setattr(keys_of_pages, "AGE_S", timedelta(seconds=-1))
    assert press(client, key, "home").status_code == 403
    assert not Task.objects.filter(kind="child_home").exists()


def test_an_erased_case_opens_to_nobody(client, received, key):
    Case.objects.update(state=CaseState.ERASED, secret_hash="")
    assert enter(client, received.reference, received.secret).status_code == 403
    assert press(client, key, "look").status_code == 403


def test_each_of_three_lists_of_words_opens_the_thread(client, received):
    for language in ("ar", "fr", "en"):
        assert enter(client, received.reference, received.secret.words(language)).status_code == 200


def test_going_back_and_reloading_need_no_secret_again(client, received, key):
    assert press(client, key, "write", body="Avez-vous du nouveau ?").redirect_chain
    assert "Avez-vous du nouveau ?" in text(client.get(URL))
    assert ThreadEntry.objects.filter(author="family").count() == 1


def test_without_cookies_every_button_still_works(client, received, key):
    client.cookies.clear()
    response = press(client, key, "write", body="Avez-vous du nouveau ?")
    client.cookies.clear()
    assert not response.redirect_chain
    page = press(client, response.context["key"], "look")
    assert "Avez-vous du nouveau ?" in text(page)


def test_a_cookie_alone_presses_no_button(client, received, key):
    assert client.post(URL, {"key": "", "act": "home"}).status_code == 403
    assert not Task.objects.filter(kind="child_home").exists()


def test_a_database_in_trouble_is_said_and_the_message_is_there_afterwards(
    client, received, key, monkeypatch
):
    def broken(*_arguments):
        raise OperationalError("the database is not there")

    with monkeypatch.context() as patched:
        patched.setattr(thread, "family_writes", broken)
        page = press(client, key, "write", body="Elle a appelé.")
        assert (page.status_code, str(REFUSED["trouble"]) in text(page)) == (503, True)
    carried = page.context["carried"]
    client.post(URL, {"reference": received.reference, "secret": str(received.secret), "carried": carried})
    assert [entry.body for entry in ThreadEntry.objects.filter(author="family")] == ["Elle a appelé."]


def test_closing_the_thread_leaves_nothing_on_the_phone(client, received, key):
    page = press(client, key, "close")
    assert "NJ-" not in text(page)
    assert received.reference not in text(client.get(URL))


def test_every_clock_is_shown_in_the_zone_of_the_agency(client, ines):
    alert = scene.signed().alert
    alert.refresh_from_db()
    case = Case.objects.get()
    secret = renew_secret(case, ines)
    page = enter(client, case.reference, secret)
    shown = [stone.at for stone in page.context["milestones"]]
    before = [case.last_seen_at, case.reported_at, case.received_at, case.spoken_at, case.accepted_at]
    assert shown == [*before, alert.live_at]
    assert case.accepted_at
    assert case.accepted_at.astimezone(case.agency.zone).strftime("%H:%M") in text(page)


def test_a_message_may_be_spoken(client, received, key):
    voice = family.upload(recordings.recorded(), "voice.webm")
    page = press(client, key, "write", body="", voice_thread=voice)
    note = VoiceNote.objects.get()
    assert (note.field, note.language, note.source) == ("thread", "fr", "family")
    assert str(thread.SAID["spoken"]) in text(page)
    assert Task.objects.filter(kind="family_waits").exists()
    assert len(page.context["recordings"]) == 1


def test_the_same_recording_sent_twice_is_one(client, received, key):
    sound = recordings.recorded()
    for _ in range(2):
        press(client, key, "write", body="", voice_thread=family.upload(sound, "voice.webm"))
    assert VoiceNote.objects.count() == 1


def test_what_was_recorded_is_kept_where_the_words_beside_it_are_too_long(client, received, key):
    voice = family.upload(recordings.recorded(), "voice.webm")
    response = press(client, key, "write", body="a" * (thread.MAX_BODY + 1), voice_thread=voice)
    assert response.status_code == 422
    assert VoiceNote.objects.count() == 1


def test_the_consent_of_one_child_is_taken_back_and_that_of_another_stays(client, ines):
    two = (*family.report().children, ReportedChild("Adam", "Zerhouni", age_years=6))
    received = receive(family.report(children=two))
    page = enter(client, received.reference, received.secret)
    first, second = received.case.children.all()
    press(client, page.context["key"], "withdraw", consent=second.consents.get().pk)
    assert [c.child for c in Consent.objects.given()] == [first]


def test_a_consent_of_another_family_is_out_of_reach(client, received, key):
    other = receive(family.report()).case.consents.get()
    for pk in (other.pk, "rubbish", ""):
        press(client, key, "withdraw", consent=pk)
    assert Consent.objects.given().count() == 2


def test_the_page_says_what_may_be_published_where_and_until_when(client, received, key):
    given = client.get(URL).context["children"][0].consents[0]
    assert (given.state, len(given.what), len(given.where)) == ("live", len(PUBLIC_FIELDS), 4)


def test_a_new_secret_shuts_out_the_old_one_and_the_pages_it_opened(client, received, key, ines):
    fresh = renew_secret(received.case, ines)
    assert press(client, key, "look").status_code == 403
    assert received.reference not in text(client.get(URL))
    assert enter(client, received.reference, received.secret).status_code == 403
    assert enter(client, received.reference, fresh).status_code == 200
    assert AuditEntry.objects.filter(action="case.secret_renewed", actor=ines.pk).count() == 1


def test_the_form_sent_again_after_that_shows_no_secret_that_opens_nothing(ines):
    first = receive(family.report(submission="abc" * 11))
    renew_secret(first.case, ines)
    assert receive(family.report(submission="abc" * 11)).secret is None


def test_where_the_place_is_withheld_the_thread_says_that_the_child_is_safe_and_nothing_else(
    client, received, key, ines
):
    accept(received.case, ines)
    thread.police_write(received.case, ines, "Nous cherchons chez sa tante.")
    close(received.case, ines, "found_place_withheld", "at her aunt's in Salé")
    for response in (
        enter(client, received.reference, received.secret),
        client.get(URL),
        press(client, key, "look"),
        client.get("/fr/report/more/", follow=True),
        client.get("/fr/report/more/places/", follow=True),
    ):
        page = text(response)
        assert str(SAFE) in page
        unit = received.case.unit
        said = ("tante", "aunt", "Salé", str(unit), unit.phone, received.reference, "Yasmine", "withheld")
        assert not [word for word in said if word in page]
        assert not re.search(r"\d\d:\d\d|name=\"body\"", page)


def test_where_the_place_is_withheld_no_button_and_no_answer_reaches_the_other_side(
    client, received, key, ines
):
    accept(received.case, ines)
    close(received.case, ines, "found_place_withheld")
    for act in ("write", "home", "erase"):
        press(client, key, act, body="Où est-elle ?")
    assert not Task.objects.still_open().exists()
    assert not ThreadEntry.objects.filter(author="family").exists()
    with pytest.raises(MoveRefused, match="place_withheld"):
        thread.police_write(received.case, ines, "Chez sa tante.")


def test_a_closed_case_offers_no_more_to_tell(client, received, ines):
    accept(received.case, ines)
    close(received.case, ines, "found_safe")
    page = text(enter(client, received.reference, received.secret))
    assert 'value="home"' not in page
    assert 'value="write"' in page


def test_lines_of_the_service_are_in_the_language_of_the_reader(client, received):
    english = client.post("/en/report/follow/", {"reference": received.reference, "secret": received.secret})
    assert "Your report has arrived." in text(english)


def test_a_witness_thread_of_the_package_above_uses_the_same_lines(db):
    tip = uuid4()
    keys.create(tip, "tip")
    thread.say(tip, "received")
    assert [entry.code for entry in thread.entries(tip)] == ["received"]
