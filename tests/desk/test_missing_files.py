"""A file of the vault that is gone, by erasure or by accident, is a page less and never a broken form."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases import voice_drafts
from cases.close import close
from cases.erase import erase
from cases.models import Case, VoiceDraft
from tests import people
from tests.alerts import scene
from tests.cases import family
from tests.cases.media import recordings
from tests.desk import pages
from trust import keys, vault

pytestmark = pytest.mark.django_db


def photo_page(case: Case) -> str:
    return reverse("admin:cases_case_photo", args=[case.pk, case.children.get().photos.get().pk])


def test_a_photo_whose_file_is_gone_is_not_found(desk) -> None:
    version = scene.proposed()
    assert version.photo
    case = version.alert.case
    client = desk(people.ines())
    vault.delete(version.photo.clean_key)
    assert client.get(photo_page(case)).status_code == 404
    assert client.get(pages.of_version(version, "photo")).status_code == 404
    assert client.get(pages.of_version(version)).status_code == 200
    assert client.get(pages.of_case(case)).status_code == 200


def test_a_photo_whose_file_was_tampered_with_is_not_shown(desk) -> None:
    version = scene.proposed()
    assert version.photo
    vault._path(version.photo.clean_key).write_bytes(b"\xff\xd8\xff not sealed")
    client = desk(people.ines())
    assert client.get(photo_page(version.alert.case)).status_code == 404
    assert client.get(pages.of_version(version, "photo")).status_code == 404


def test_the_photo_of_an_erased_case_is_not_found(desk) -> None:
    case = scene.case()
    close(case, people.ines(), "found_safe")
    erase(case)
    assert desk(people.ines()).get(photo_page(case)).status_code == 404


@pytest.mark.parametrize("loss", ["file", "key", "row", "rubbish"])
def test_a_kept_recording_that_is_gone_costs_no_report(loss: str) -> None:
    people.unit()
    client = Client()
    sound = SimpleUploadedFile("note.webm", recordings.recorded(), "audio/webm")
    page = client.post("/fr/report/", family.form(voice_start=sound, phone="12"))
    assert page.status_code == 422
    draft = VoiceDraft.objects.get()
    if loss == "file":
        vault.delete(draft.clean_key)
    elif loss == "key":
        keys.destroy(draft.pk)
    elif loss == "rubbish":
        vault._path(draft.original_key).write_bytes(b"rubbish")
    else:
        voice_drafts.forget(draft)
    again = family.form(voice_draft=page.context["voice_draft"], submission=page.context["submission"])
    answer = client.post("/fr/report/", again)
    assert answer.status_code == 200
    assert not Case.objects.get().voice_notes.exists()
