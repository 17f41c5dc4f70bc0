"""A tip's term ends: its files, prints, marks and its witness go; what others hold or need stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from cases.models import Case, CaseState
from tests.cases import family
from tests.people import ines
from tests.tips import arrivals
from tips import retention
from tips.files import likening
from tips.models import Attachment, Mark, Print, Tip, Witness
from trust import clock, keys
from trust.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_memory():
    likening.forget()
    yield
    likening.forget()


def met(number: str) -> Witness:
    witness = Witness.of("sms", number, "ar")
    assert witness is not None
    return witness


def led_nowhere(tip):
    Tip.objects.filter(pk=tip.pk).update(state="false", state_at=clock.now() - timedelta(days=400))


def sealed_files():
    return {path for path in Path(settings.VAULT_DIR).rglob("*") if path.is_file()}


def test_nothing_of_it_is_left_in_vault_and_tables(django_capture_on_commit_callbacks):
    before = sealed_files()
    row = arrivals.worked(arrivals.jpeg(1))
    assert len(sealed_files() - before) == 3  # the original, its copy, the still
    led_nowhere(row.tip)
    assert retention.purge(dry_run=True)["tips"] == 1
    with django_capture_on_commit_callbacks(execute=True):
        counts = retention.purge()
    assert (counts["tips"], counts["attachments"]) == (1, 1)
    assert sealed_files() == before
    for left in (Attachment, Print, Mark):
        assert not left.objects.exists()
    assert AuditEntry.objects.filter(action="attachment.destroyed", subject=row.pk).exists()
    assert Tip.objects.get().words is None


def test_a_print_that_stands_for_others_is_handed_on():
    first, second = arrivals.worked(arrivals.jpeg(1)), arrivals.worked(arrivals.jpeg(1))
    led_nowhere(first.tip)
    retention.purge()
    assert [held.attachment_id for held in Print.objects.all()] == [second.pk]
    assert [one["attachment"] for one in arrivals.worked(arrivals.cropped_jpeg(1)).likenesses] == [
        str(second.pk)
    ]


def test_a_witness_without_tips_is_forgotten_and_one_with_others_is_not():
    gone, stays = (met(number) for number in ("+212600000001", "+212600000002"))
    tips = [arrivals.a_tip(witness=one) for one in (gone, stays)]
    arrivals.a_tip(witness=stays)
    for tip in tips:
        led_nowhere(tip)
    assert retention.purge()["witnesses"] == 1
    assert list(Witness.objects.all()) == [stays]
    again = met("+212600000001")  # met once more, as a stranger
    assert again.pk != gone.pk
    assert again.address == "+212600000001"


def test_who_asked_for_silence_is_spared_without_an_address():
    asked = met("+212600000003")
    Witness.objects.filter(pk=asked.pk).update(stopped_at=clock.now())
    led_nowhere(arrivals.a_tip(witness=asked))
    retention.purge()
    keys.forget()
    left = Witness.objects.get()
    assert (left.token, left.address) == (asked.token, None)
    assert left.stopped_at
    assert met("+212600000003").address == "+212600000003"


def test_the_evidence_of_a_case_stays_until_the_case_is_erased():
    ines()
    case = family.a_case()
    row = arrivals.worked(arrivals.jpeg(1), tip=arrivals.a_tip(case_id=case.pk, state="sighting"))
    Tip.objects.update(state_at=clock.now() - timedelta(days=4000))
    assert retention.purge()["tips"] == 0
    assert arrivals.fresh(row).copy_bytes()
    Case.objects.filter(pk=case.pk).update(state=CaseState.ERASED)
    assert retention.purge()["tips"] == 1
    assert not Attachment.objects.exists()
