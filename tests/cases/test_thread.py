import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core import signing

from cases import thread, thread_views
from cases.accept import accept
from cases.close import close
from cases.models import Case, CaseState, ThreadEntry
from cases.report import receive
from notifier.models import Delivery
from tests.cases import family
from trust import keys, secrets
from trust.models import Decision, Task

pytestmark = pytest.mark.django_db
URL = "/fr/report/follow/"


@pytest.fixture
def received(ines):
    return receive(family.report())


def enter(client, reference: str, secret: str):
    return client.post(URL, {"reference": reference, "secret": secret})


@pytest.fixture
def key(client, received):
    """The signed key of an opened thread."""
    return enter(client, received.reference, received.secret).context["key"]


def press(client, key: str, act: str, **more):
    return client.post(URL, {"key": key, "act": act, **more})


def text(response) -> str:
    return unescape(response.content.decode())


def test_reference_and_secret_open_the_thread_however_they_are_typed(client, received):
    digits = received.secret.replace(" ", "").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    response = enter(client, received.reference.lower().replace("-", " "), digits)
    page = text(response)
    assert response.status_code == 200
    assert str(received.case.unit) in page
    assert received.reference in page
    assert "no-store" in response["Cache-Control"]
    assert received.secret not in page
    assert not response.cookies


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
    assert said == {str(thread_views.REFUSED["wrong"])}


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
    page = text(press(client, key, "withdraw"))
    assert received.case.consents.get().withdrawn_at is not None
    assert 'value="withdraw"' not in page


def test_taking_consent_back_while_an_alert_lives_starts_a_clock(client, received, key):
    received.case.set_public(public=True)
    press(client, key, "withdraw")
    assert Decision.objects.get(subject=received.case.consents.get().pk).outcome == ""
    task = Task.objects.get(kind="consent.withdraw")
    assert Delivery.objects.filter(subject=task.pk).count() == 2
    assert received.case.consents.get().withdrawn_at is None


def test_a_key_is_over_after_half_an_hour_and_cannot_be_made_up(client, received, key, monkeypatch):
    for bad in ("rubbish", signing.dumps(str(received.case.pk), salt="other")):
        assert press(client, bad, "home").status_code == 403
    monkeypatch.setattr(thread_views, "KEY_AGE_S", timedelta(seconds=-1))
    assert press(client, key, "home").status_code == 403
    assert not Task.objects.filter(kind="child_home").exists()


def test_an_erased_case_opens_to_nobody(client, received, key):
    Case.objects.update(state=CaseState.ERASED, secret_hash="")
    assert enter(client, received.reference, received.secret).status_code == 403
    assert press(client, key, "look").status_code == 403


def test_the_closed_case_says_no_more_than_that(client, received, ines):
    accept(received.case, ines)
    close(received.case, ines, "found_place_withheld", "at her aunt's in Salé")
    page = text(enter(client, received.reference, received.secret))
    assert not re.search("aunt|withheld|lieu non communiqué", page)
    assert 'value="home"' not in page


def test_lines_of_the_service_are_in_the_language_of_the_reader(client, received):
    english = client.post("/en/report/follow/", {"reference": received.reference, "secret": received.secret})
    assert "Your report has arrived." in text(english)


def test_a_witness_thread_of_the_package_above_uses_the_same_lines(db):
    tip = uuid4()
    keys.create(tip, "tip")
    thread.say(tip, "received")
    assert [entry.code for entry in thread.entries(tip)] == ["received"]
