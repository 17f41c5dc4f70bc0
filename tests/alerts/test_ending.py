"""The end: what stops, what is taken back, who is told, and what remains to be seen."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from alerts import aftermath, fanout, issue
from alerts.issue import IssueRefused
from alerts.models import Alert, Document, Version
from cases.close import close
from cases.models import Case
from cases.withdraw import comply, withdraw
from notifier.models import Batch, Delivery, Post
from tests import people
from tests.alerts import scene
from trust import clock
from trust.models import Decision, Officer, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent():
    """Return a signed alert of which two people heard and one waits."""
    scene.neighbours(3)
    version = scene.signed()
    fanout.fan_out(version.pk)
    heard = Delivery.objects.filter(subject=version.alert_id).order_by("pk")[:2]
    Delivery.objects.filter(pk__in=[row.pk for row in heard]).update(state="accepted")
    Post.objects.filter(subject=version.alert_id).update(state="posted", external_id="1_2")
    return version


def stand_down(version, *, who=None, **more):
    told: dict[str, Any] = {"as_": "found", "reason": "", "factor_at": clock.now()} | more
    return issue.stand_down(version.alert, who or people.omar(), **told)


def test_one_officer_stops_it_all(sent, settings, django_capture_on_commit_callbacks):
    photo = settings.PUBLIC_MEDIA_DIR / sent.public_photo
    assert photo.exists()
    with django_capture_on_commit_callbacks(execute=True):
        alert = stand_down(sent)
    assert (alert.state, alert.ended_as) == ("ended", "found")
    assert not photo.exists()
    batches = Batch.objects.filter(subject=alert.pk)
    assert len(batches) > 2
    assert all(batch.stopped_at for batch in batches)
    states = Delivery.objects.filter(subject=alert.pk).values_list("state", flat=True)
    assert sorted(states) == ["accepted", "accepted", "withdrawn"]
    assert Post.objects.get(subject=alert.pk).recall_state == "asked"
    assert not Case.objects.get(pk=alert.case_id).public_since


def test_exactly_those_who_were_told_are_told_the_end(sent):
    alert = stand_down(sent)
    aftermath.tell_end(alert.pk)
    aftermath.tell_end(alert.pk)
    subject = sent.end_subjects["found"]
    heard = set(Delivery.objects.filter(subject=alert.pk, state="accepted").values_list("person", flat=True))
    ends = Delivery.objects.filter(subject=subject)
    assert {row.person for row in ends} == heard
    assert ends.count() == 2
    assert "retrouvé" in Batch.objects.get(subject=subject, channel="sms").texts()["fr"].short
    assert aftermath.untold() == []


def test_the_wording_of_the_end_is_what_was_signed(sent):
    alert = stand_down(sent, as_="error", reason="Mauvais enfant")
    batch = Batch.objects.get(subject=sent.end_subjects["error"], channel="email")
    assert batch.texts()["fr"].subject == scene.stored(sent).ends["error"]["fr"]["subject"]
    assert Alert.objects.get(pk=alert.pk).end_reason == "Mauvais enfant"


def test_stopping_wants_a_factor_and_a_right(sent):
    refusals: tuple[tuple[Officer, dict[str, Any], str], ...] = (
        (people.omar(), {"factor_at": clock.now() - timedelta(hours=1)}, "factor_not_fresh"),
        (people.nadia(), {}, "no_permission"),
        (people.omar(), {"as_": "expired"}, "unknown_end"),
    )
    for who, more, code in refusals:
        with pytest.raises(IssueRefused) as told:
            stand_down(sent, who=who, **more)
        assert told.value.code == code


def test_an_alert_ends_once(sent):
    stand_down(sent)
    with pytest.raises(IssueRefused) as told:
        stand_down(sent)
    assert told.value.code == "not_live"


@pytest.mark.parametrize(
    ("outcome", "as_"),
    [("found_safe", "found"), ("found_injured", "found"), ("found_dead", "ended"), ("other", "ended")],
)
def test_closing_the_case_ends_its_alert(outcome, as_):
    version = scene.signed()
    close(Case.objects.get(pk=version.key_owner), people.ines(), outcome)
    assert Alert.objects.get().ended_as == as_


def test_closing_the_case_lets_go_of_what_is_proposed():
    version = scene.proposed()
    close(Case.objects.get(pk=version.key_owner), people.ines(), "unfounded")
    assert scene.stored(version).state == "lapsed"
    assert Decision.objects.get(subject=version.pk).outcome == "lapsed"


def test_time_runs_out_by_itself():
    version = scene.signed()
    Version.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert issue.expire_due() == 1
    assert issue.expire_due() == 0
    assert Alert.objects.get(pk=version.alert_id).ended_as == "expired"


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_says_only_that_it_is_over(language):
    alert = scene.ended()
    answer = Client().get(f"/{language}/a/{alert.code}/")
    assert answer.status_code == 410
    assert "noindex" in answer["X-Robots-Tag"]
    page = answer.content.decode()
    assert "Amina" not in page
    assert "أمينة" not in page
    assert "/m/" not in page


def test_the_alert_document_is_gone_and_the_all_clear_stays():
    alert = scene.ended()
    first, over = Document.objects.order_by("sent_at")
    assert Client().get(f"/a/{alert.code}/cap/{first.identifier}.xml").status_code == 410
    answer = Client().get(f"/a/{alert.code}/cap/{over.identifier}.xml")
    assert answer.status_code == 200
    assert b"Amina" not in answer.content


def test_a_page_past_its_expiry_is_over_before_the_clock_has_ticked():
    version = scene.signed()
    Version.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert Client().get(f"/fr/a/{version.alert.code}/").status_code == 410


def test_consent_that_ends_takes_back_what_it_covered(sent, settings, django_capture_on_commit_callbacks):
    consent = sent.alert.case.consents.get()
    consent.case.refresh_from_db()
    decision = withdraw(consent)
    assert decision
    assert Client().get(f"/fr/a/{sent.alert.code}/").content.decode().count("Amina")
    with django_capture_on_commit_callbacks(execute=True):
        comply(decision)
    assert not (settings.PUBLIC_MEDIA_DIR / sent.public_photo).exists()
    assert all(batch.stopped_at for batch in Batch.objects.filter(subject=sent.alert_id))
    assert Post.objects.get().recall_state == "asked"
    assert "Amina" not in Client().get(f"/fr/a/{sent.alert.code}/").content.decode()


def test_words_slipped_into_the_end_after_the_signature_are_never_said(sent):
    ends = sent.ends
    for words in ends["found"].values():
        words["short"] = words["body"] = words["sentence"] = "Karim did it."
    sent.ends = ends
    sent.save(update_fields=["ends"])
    alert = stand_down(sent)
    aftermath.tell_end(alert.pk)
    told = Batch.objects.filter(kind="end")
    assert told.exists()
    assert not any("Karim" in str(batch.texts) for batch in told)
    assert "Karim" not in str(Document.objects.get(ends_alert=True).xml)
    assert Task.objects.filter(kind="signature_void", subject=alert.pk).exists()
