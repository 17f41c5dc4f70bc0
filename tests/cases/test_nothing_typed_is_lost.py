"""Two pages at once, a double click, a page left open, a machine in trouble: what was typed is there."""

import re
import subprocess
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from cases.models import Case, Place, ThreadEntry
from cases.report import receive
from cases.views import key, start
from tests.cases import family
from tests.cases.media import recordings

pytestmark = pytest.mark.django_db
MORE = "/fr/report/more/"
FOLLOW = "/fr/report/follow/"


@pytest.fixture
def received(ines):
    return receive(family.report())


@pytest.fixture
def case(received):
    return received.case


@pytest.fixture
def no_vault(settings, tmp_path):
    settings.VAULT_DIR = tmp_path / "file"
    settings.VAULT_DIR.write_text("not a folder")


def voice() -> SimpleUploadedFile:
    return SimpleUploadedFile("v.mp3", recordings.recorded("dictation"), "audio/mpeg")


def test_two_pages_of_the_same_screen_do_not_blank_each_other(client, case):
    page = client.post(f"{MORE}health/", {"key": key.field(case), "act": "open"}, follow=True)
    stood = re.search(r'name="stood" value="([^"]*)"', page.content.decode())
    assert stood
    form = {"key": key.field(case), "act": "save", "stood": stood[1]}
    client.post(f"{MORE}health/", {**form, "medicine": "insuline"})
    client.post(f"{MORE}health/", {**form, "health": "asthme"})
    child = case.children.get()
    assert (child.value("medicine"), child.value("health")) == ("insuline", "asthme")


def test_what_stood_on_the_page_can_still_be_taken_back(client, case):
    form = {"key": key.field(case), "act": "save"}
    client.post(f"{MORE}health/", {**form, "medicine": "insuline"})
    page = unescape(client.get(f"{MORE}health/").content.decode())
    stood = re.search(r'name="stood" value="([^"]*)"', page)
    assert stood
    client.post(f"{MORE}health/", {**form, "stood": stood[1], "medicine": ""})
    assert case.children.get().value("medicine") is None


def test_a_double_click_is_one_place(client, case):
    for _click in range(2):
        place = {"act": "add", "kind": "friend", "words": "chez Nadia"}
        client.post(f"{MORE}places/", {"key": key.field(case), **place})
    assert [one.words for one in Place.objects.filter(case=case)].count("chez Nadia") == 1


def test_a_message_on_a_page_left_open_is_sent_once_the_key_is_given_again(client, received, monkeypatch):
    monkeypatch.setattr(key, "AGE_S", -1)
    told = {"act": "write", "body": "Elle a appelé de Kénitra"}
    over = client.post(FOLLOW, {"key": key.field(received.case), **told})
    assert "Kénitra" not in over.content.decode()
    monkeypatch.setattr(key, "AGE_S", 1800)
    again = {"reference": received.reference, "carried": over.context["carried"]}
    wrong = client.post(FOLLOW, {**again, "secret": "1" * 20})
    page = client.post(FOLLOW, {**again, "carried": wrong.context["carried"], "secret": str(received.secret)})
    assert "Kénitra" in page.content.decode()


def test_a_vault_that_takes_nothing_in_loses_no_report(client, ines, no_vault):
    page = client.post("/fr/report/", {**family.form(), "voice_start": voice()})
    assert page.status_code == 200
    assert Case.objects.get().children.get().given_name == "Yasmine"


def test_a_recording_that_the_vault_did_not_take_is_said_to_be_lost_and_the_desk_asks_for_it(
    client, ines, no_vault
):
    sent = {**family.form(submission=client.get("/en/report/").context["submission"])}
    for _click in range(2):
        page = client.post("/en/report/", {**sent, "voice_start": voice()})
        assert "Your recording could not be kept" in page.content.decode()
    assert Case.objects.get().doubts[-1:] == ["voice_lost"]
    assert "said_only" not in Case.objects.get().doubts


def test_a_recording_that_is_kept_is_not_said_to_be_lost(client, ines):
    page = client.post("/en/report/", {**family.form(), "voice_start": voice()})
    assert page.status_code == 200
    assert "could not be kept" not in page.content.decode()


@pytest.mark.parametrize("body", ["", "She called from Kenitra"])
def test_a_voice_message_with_a_key_that_is_too_old_is_said_to_be_lost(client, received, monkeypatch, body):
    monkeypatch.setattr(key, "AGE_S", -1)
    told = {"key": key.field(received.case), "act": "write", "body": body}
    over = client.post("/en/report/follow/", {**told, "voice_thread": voice()})
    assert "Record it again once the thread is open." in over.content.decode()
    monkeypatch.setattr(key, "AGE_S", 1800)
    wrong = {"reference": received.reference, "secret": "1" * 20, "had_files": "1"}
    assert 'name="had_files"' in over.content.decode()
    assert "Record it again" in client.post("/en/report/follow/", wrong).content.decode()


def test_photos_sent_with_a_key_that_is_too_old_are_said_to_be_lost(client, case, monkeypatch):
    monkeypatch.setattr(key, "AGE_S", -1)
    sent = {"key": key.field(case), "act": "save", "photos": family.upload(family.PHOTO.original)}
    over = client.post("/en/report/more/photos/", sent)
    assert "Choose them or record them again" in over.content.decode()
    assert "could not be kept" not in client.post("/en/report/more/photos/", {"key": "x"}).content.decode()


def test_a_vault_that_takes_nothing_in_loses_no_word_of_a_screen(client, case, settings, tmp_path, no_vault):
    said = {"medicine": "insuline", "voice_health": voice()}
    page = client.post(f"{MORE}health/", {"key": key.field(case), "act": "save", **said})
    assert page.status_code == 503
    assert "insuline" in page.content.decode()


def test_a_machine_without_room_for_the_reader_says_so_beside_the_field(client, case, monkeypatch):
    def no_process(*_args, **_named):
        raise BlockingIOError(11, "no process is left")

    monkeypatch.setattr(subprocess, "run", no_process)
    said = {"medicine": "insuline", "voice_health": voice()}
    page = client.post(f"{MORE}health/", {"key": key.field(case), "act": "save", **said})
    assert page.status_code == 422
    assert page.context["form"].errors["voice_health"]
    assert "insuline" in page.content.decode()


def test_a_database_that_answers_too_late_leaves_the_form_as_it_was(client, ines, monkeypatch):
    def locked(_report):
        raise OperationalError("database is locked")

    monkeypatch.setattr(start, "receive", locked)
    page = client.post("/fr/report/", family.form())
    assert page.status_code == 503
    assert "Yasmine" in page.content.decode()


def test_a_double_click_is_one_message(client, case):
    for _click in range(2):
        client.post(FOLLOW, {"key": key.field(case), "act": "write", "body": "Elle est à Fès"})
    assert ThreadEntry.objects.filter(author="family", subject=case.pk).count() == 1
