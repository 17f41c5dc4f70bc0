from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from cases import retention, voice_drafts
from cases.accept import accept
from cases.close import close
from cases.erase import erase
from cases.models import (
    Case,
    CaseState,
    Consent,
    Facts,
    MoveRefused,
    NameToken,
    Photo,
    Place,
    ThreadEntry,
    VoiceDraft,
)
from cases.reported import ReportedVoice
from tests.cases import family
from tests.cases.test_receive import _dump
from trust import clock, declared, keys, vault

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(ines):
    case = family.a_case()
    accept(case, ines)
    close(case, ines, "found_safe")
    return case


def test_erasing_leaves_a_stone_and_nothing_else(closed, ines, django_capture_on_commit_callbacks):
    photo = Photo.objects.get()
    files = [Path(settings.VAULT_DIR) / key[:2] / key for key in (photo.original_key, photo.clean_key)]
    sealed = files[1].read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        erase(closed, ines, "term")
    stone = Case.objects.get(pk=closed.pk)
    assert (stone.state, stone.reference) == (CaseState.ERASED, closed.reference)
    assert (stone.last_seen_words, stone.reporter, stone.outcome, stone.secret_hash) == (None, None, "", "")
    child = stone.children.get()
    assert (child.given_name, child.name_arabic, child.birth_date, child.age_years, child.sex) == (
        None,
        None,
        None,
        None,
        "",
    )
    for rows in (NameToken, Facts, Place):
        assert not rows.objects.exists()
    assert not ThreadEntry.objects.filter(subject=closed.pk).exists()
    assert Consent.objects.get().guardian is None
    assert not [path for path in files if path.exists()]
    assert sealed
    with pytest.raises(keys.KeyDestroyed):
        keys.unseal(closed.pk, f"vault {photo.clean_key}", sealed)
    call_command("verify_audit")


def test_no_text_of_the_family_is_in_a_dump_after_erasure(closed, ines):
    erase(closed, ines)
    dump = _dump()
    assert not [text for text in family.RESTRICTED.values() if text in dump]


def test_a_case_that_is_not_over_cannot_be_erased(ines):
    case = family.a_case()
    with pytest.raises(MoveRefused):
        erase(case, ines)
    assert keys.seal(case.pk, "still", b"there")


def test_purge_forgets_cases_after_their_term_and_says_so_before(closed, monkeypatch):
    days = settings.COUNTRY.retention_days["case"]
    monkeypatch.setattr(clock, "SHIFT", timedelta(days=days - 1))
    assert retention.purge() == {"voice_drafts": 0, "cases": 0, "found_children": 0}
    monkeypatch.setattr(clock, "SHIFT", timedelta(days=days + 1))
    assert retention.purge(dry_run=True)["cases"] == 1
    assert Case.objects.get().state == CaseState.CLOSED
    assert retention.purge()["cases"] == 1
    assert Case.objects.get().state == CaseState.ERASED


def test_purge_forgets_a_photo_draft_after_a_day(db, monkeypatch):
    token = voice_drafts.keep(ReportedVoice("start", b"said", b"clean", 2.0))
    key = VoiceDraft.objects.get().clean_key
    assert retention.purge()["voice_drafts"] == 0
    monkeypatch.setattr(clock, "SHIFT", timedelta(hours=25))
    assert retention.purge()["voice_drafts"] == 1
    with pytest.raises(vault.NotKept):
        vault.get(VoiceDraft().pk, key)
    assert voice_drafts.take(token) is None


def test_every_stored_field_of_a_case_is_declared():
    assert not [name for name in declared.undeclared() if name.startswith("cases.")]
