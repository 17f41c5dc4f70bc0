"""Somebody with the database in hand, and nothing else: what was signed is what goes out, or nothing does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from alerts import fanout, issue, tasks
from alerts.issue import IssueRefused
from alerts.models import Alert, Version
from notifier.models import Batch, Delivery, Post
from notifier.tasks import announce, work
from tests import people
from tests.alerts import scene
from trust import clock
from trust.models import AuditEntry, Decision, Task

pytestmark = pytest.mark.django_db

WIDER = {"circles": [{"lat": 33.99, "lon": -6.85, "radius_m": 900_000}], "polygons": []}


def nothing_leaves() -> bool:
    return (
        not any(rows.objects.exists() for rows in (Delivery, Post))
        and not Batch.objects.filter(kind="alert").exists()
    )


def test_a_proposal_whose_term_was_lengthened_by_hand_is_void(settings):
    settings.PROPOSAL_VALID_S = -1
    version = scene.proposed()
    later = clock.now() + timedelta(hours=1)
    Version.objects.filter(pk=version.pk).update(valid_until=later)
    Decision.objects.filter(subject=version.pk).update(expires_at=later)
    with pytest.raises(IssueRefused) as told:
        issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now())
    assert told.value.code == "digest_differs"
    assert not Alert.objects.live().exists()


@pytest.mark.parametrize(
    "change", [{"area": WIDER}, {"channels": ["sms"]}, {"duration_s": 999}, {"digest": "f" * 64}]
)
def test_what_was_changed_after_the_signature_does_not_go_out(change):
    scene.neighbours(2)
    version = scene.signed()
    Version.objects.filter(pk=version.pk).update(**change)
    for _turn in range(2):
        assert fanout.fan_out(version.pk)
    assert nothing_leaves()
    owed = Task.objects.get(subject=version.alert_id, kind="signature_void")
    assert owed.unit == version.alert.case.unit
    assert AuditEntry.objects.filter(action="alert.withheld", subject=version.alert_id).count() == 1


def test_a_version_called_signed_by_hand_does_not_go_out():
    scene.neighbours(2)
    version = scene.proposed()
    Alert.objects.filter(pk=version.alert_id).update(state="live", live_at=clock.now())
    now = clock.now()
    Version.objects.filter(pk=version.pk).update(
        state="provisional", sent_at=now, expires_at=now + timedelta(hours=1), ground="life",
        sent_by=people.ines(), provisional_until=now + timedelta(hours=1),
    )  # fmt: skip
    fanout.fan_out(version.pk)
    assert nothing_leaves()


def test_signing_by_hand_needs_a_decision_that_two_people_took():
    scene.neighbours(2)
    version = scene.proposed()
    Alert.objects.filter(pk=version.alert_id).update(state="live", live_at=clock.now())
    now = clock.now()
    Version.objects.filter(pk=version.pk).update(
        state="signed", signed_by=people.omar(), sent_at=now, expires_at=now + timedelta(hours=1)
    )
    fanout.fan_out(version.pk)
    assert nothing_leaves()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(subject=version.pk).update(
            outcome="granted", decided_by=version.proposed_by, decided_at=now
        )


def test_a_version_called_sent_alone_by_half_is_refused_by_the_database():
    version = scene.proposed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(state="provisional", sent_at=clock.now())


@pytest.mark.parametrize("state", ["draft", "proposed", "returned", "refused", "lapsed", "superseded"])
def test_a_schedule_that_names_what_nobody_signed_sends_nothing(state):
    """A PeriodicTask may carry any arguments: each task asks again what it may do."""
    scene.neighbours(2)
    version = scene.proposed()
    Version.objects.filter(pk=version.pk).update(state=state)
    tasks.fan_out(str(version.pk))
    tasks.resume()
    tasks.tell_end(str(version.alert_id))
    assert nothing_leaves()


def test_a_schedule_that_names_nothing_changes_nothing():
    version = scene.signed()
    tasks.fan_out(str(uuid4()))
    tasks.tell_end(str(uuid4()))
    tasks.tell_end(str(version.alert_id))  # live: there is no end to tell
    announce(str(uuid4()))
    for channel in ("pigeon", "", "sms; DROP TABLE", "../x"):
        work(channel)
    assert Alert.objects.get().is_live
    assert not Batch.objects.exists()


def test_expiring_early_is_not_in_the_power_of_a_schedule():
    version = scene.signed()
    tasks.expire()
    assert Alert.objects.get(pk=version.alert_id).is_live
