"""While all readers of files are busy, whoever sends one is told soon and loses nothing typed."""

from contextlib import ExitStack
from html import unescape

import pytest

from cases.media import apart
from cases.models import Case, Photo, VoiceNote
from cases.views import key
from tests.cases import family, pictures
from tests.cases.media import recordings

pytestmark = pytest.mark.django_db
MORE = "/fr/report/more/"


@pytest.fixture
def case(ines):
    return family.a_case()


@pytest.fixture(autouse=True)
def everything_busy(case):
    """Two files are being read and a third waits."""
    with ExitStack() as others:
        for _ in range(apart.AT_ONCE):
            others.enter_context(apart._rooms)
        for _ in range(apart.WAITING_LONG):
            others.enter_context(apart._patience)
        yield


def voice():
    return family.upload(recordings.recorded(), "voice.webm")


def text(response) -> str:
    return unescape(response.content.decode())


def test_a_first_minute_keeps_what_was_typed_and_asks_for_the_recording_again(client):
    page = client.post("/fr/report/", family.form(voice_start=voice()))
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"voice_start"})
    assert "Yasmine" in text(page)
    assert "0612345678" in text(page)
    assert client.post("/fr/report/", family.form()).status_code == 200
    assert Case.objects.count() == 2


def test_a_screen_keeps_what_was_typed_beside_a_recording(client, case):
    sent = {"key": key.field(case), "act": "save", "medicine": "insuline", "voice_health": voice()}
    page = client.post(f"{MORE}health/", sent)
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"voice_health"})
    assert "insuline" in text(page)
    assert not VoiceNote.objects.exists()


def test_a_screen_keeps_the_day_beside_photos(client, case):
    photo = family.upload(pictures.picture(size=(300, 300)))
    sent = {"key": key.field(case), "act": "save", "taken_on": "05/01/2026", "photos": photo}
    page = client.post(f"{MORE}photos/", sent)
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"photos"})
    assert 'value="05/01/2026"' in text(page)
    assert Photo.objects.count() == 1


def test_a_message_stays_on_its_page_beside_a_recording(client, case):
    sent = {"key": key.field(case), "act": "write", "body": "Elle est à Fès", "voice_thread": voice()}
    page = client.post("/fr/report/follow/", sent)
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"voice_thread"})
    assert "Elle est à Fès" in text(page)
