"""A flood of photos and recordings ends somewhere; whoever sends words is never shut out."""

from html import unescape

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from cases import receiving, voice_drafts
from cases.forms import photos as photos_form
from cases.forms import voice as voice_form
from cases.forms.screens import screen_form
from cases.models import Case, Photo, ThreadEntry, VoiceDraft, VoiceNote
from cases.reported import ReportedVoice
from cases.telling import Told
from cases.views import carry, key
from tests.cases import family, pictures
from tests.cases.media import recordings
from trust import clock

pytestmark = pytest.mark.django_db
MORE = "/fr/report/more/"
FOLLOW = "/fr/report/follow/"


@pytest.fixture
def case(ines):
    return family.a_case()


def text(response) -> str:
    return unescape(response.content.decode())


def voice():
    return family.upload(recordings.recorded(), "voice.webm")


def sent(client, case, screen: str, **values):
    return client.post(f"{MORE}{screen}/", {"key": key.field(case), "act": "save", **values})


def test_the_last_photo_of_a_child_is_kept_and_the_next_is_kindly_refused(client, case, monkeypatch):
    monkeypatch.setattr(photos_form, "MOST_PHOTOS", 2)
    two = [family.upload(pictures.picture(size=(width, 300))) for width in (300, 301)]
    page = sent(client, case, "photos", photos=two, taken_on="05/01/2026")
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"photos"})
    assert len(page.context["form"].errors["photos"]) == 1
    assert 'value="05/01/2026"' in text(page)
    assert Photo.objects.count() == 2
    page = sent(client, case, "photos", photos=family.upload(pictures.picture(size=(302, 300))))
    assert (page.status_code, Photo.objects.count()) == (422, 2)
    assert sent(client, case, "photos", photos="").status_code < 400


def test_one_child_full_of_photos_leaves_room_for_its_sister(ines, client, monkeypatch):
    case = family.a_case(children=tuple(family.report().children) * 2)
    monkeypatch.setattr(photos_form, "MOST_PHOTOS", 1)
    _first, second = case.children.order_by("position")
    Photo.objects.filter(child=second).delete()
    photo = pictures.picture(size=(300, 300))
    assert sent(client, case, "photos/1", photos=family.upload(photo)).status_code == 422
    assert sent(client, case, "photos/2", photos=family.upload(photo)).status_code < 400
    assert Photo.objects.filter(child=second).count() == 1


def test_no_recording_is_taken_beyond_the_last_and_words_still_are(client, case, monkeypatch):
    monkeypatch.setattr(voice_form, "MOST_NOTES", 1)
    assert sent(client, case, "health", voice_health=voice()).status_code < 400
    page = sent(client, case, "health", medicine="insuline", voice_medicine=voice())
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"voice_medicine"})
    assert "insuline" in text(page)
    page = client.post(
        FOLLOW, {"key": key.field(case), "act": "write", "body": "Fès", "voice_thread": voice()}
    )
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"voice_thread"})
    assert "Fès" in text(page)
    assert VoiceNote.objects.count() == 1
    assert sent(client, case, "health", medicine="insuline").status_code < 400
    client.post(FOLLOW, {"key": key.field(case), "act": "write", "body": "Fès"})
    assert ThreadEntry.objects.filter(subject=case.pk, author="family").count() == 1


def test_what_officers_recorded_takes_no_room_from_the_family(client, case, monkeypatch):
    monkeypatch.setattr(voice_form, "MOST_NOTES", 1)
    spoken = ReportedVoice("health", b"said", b"clean", 2.0)
    receiving.add_voice(case, None, spoken, clock.now(), source="assisted")
    assert sent(client, case, "health", voice_health=voice()).status_code < 400
    assert VoiceNote.objects.count() == 2


def test_an_officer_adds_photos_and_recordings_beyond_the_familys(case, ines, monkeypatch):
    monkeypatch.setattr(photos_form, "MOST_PHOTOS", 0)
    monkeypatch.setattr(voice_form, "MOST_NOTES", 0)
    told, child = Told("assisted", "fr", ines), case.children.get()
    files = MultiValueDict({"photos": [family.upload(pictures.picture(size=(300, 300)))]})
    assert screen_form("photos", case, child, {}, files, told=told).is_valid()
    files = MultiValueDict({"voice_health": [voice()]})
    assert screen_form("health", case, child, {}, files, told=told).is_valid()


@pytest.mark.parametrize("act", ["send", "add_child"])
def test_a_recording_of_half_a_form_that_cannot_be_kept_is_asked_for_again(client, ines, monkeypatch, act):
    monkeypatch.setattr(voice_drafts, "MOST_KEPT", 1)
    voice_drafts.keep(ReportedVoice("start", b"said", b"clean", 2.0))
    page = client.post(
        "/fr/report/", {"voice_start": voice(), "name_1": "Yasmine", "phone": "12", "act": act}
    )
    assert (page.status_code, page.context["voice_draft"]) == (422, "")
    assert page.context["form"].errors["voice_start"] == [str(voice_form.NOT_KEPT)]
    assert "Yasmine" in text(page)
    assert (VoiceDraft.objects.count(), Case.objects.count()) == (1, 0)


def test_a_whole_form_with_a_recording_needs_no_draft(client, ines, monkeypatch):
    monkeypatch.setattr(voice_drafts, "MOST_KEPT", 0)
    assert client.post("/fr/report/", family.form(voice_start=voice(), act="send")).status_code == 200
    assert (VoiceNote.objects.count(), VoiceDraft.objects.count()) == (1, 0)


def test_a_recording_that_no_disk_takes_is_asked_for_again(client, ines, monkeypatch):
    def full(voice):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(voice_drafts, "keep_anonymous", full)
    page = client.post("/fr/report/", {"voice_start": voice(), "phone": "12"})
    assert set(page.context["form"].errors) == {"voice_start", "phone"}


@pytest.mark.parametrize(("path", "field"), [(f"{MORE}health/", "medicine"), (FOLLOW, "body")])
def test_an_expired_page_with_too_much_on_it_says_that_it_is_lost(client, case, monkeypatch, path, field):
    monkeypatch.setattr(key, "AGE_S", -1)
    typed = {"key": key.field(case), "act": "write"}
    kept = client.post(path, {**typed, field: "insuline"})
    lost = client.post(path, {**typed, field: "é" * (carry.MOST_BYTES // 6 + 1)})
    assert (kept.status_code, lost.status_code) == (403, 403)
    assert (bool(kept.context["carried"]), lost.context["carried"]) == (True, "")
    assert kept.context["refused"] != lost.context["refused"]
    assert str(lost.context["refused"]) in text(lost)


def test_the_most_that_is_carried_fits_into_a_form(settings):
    noise = "".join(chr(32 + (n * 7919**2 >> 5) % 95) for n in range(300_000))
    posted = QueryDict(mutable=True)
    posted["body"] = noise
    sealed = carry.seal(posted)
    opened = carry.unseal(sealed)
    assert opened is not None
    assert opened["body"] == noise
    assert 4 * carry.MOST_BYTES / 3 + 200 < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
