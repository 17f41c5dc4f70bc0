"""What the officer watches: counts that add up, times, and nothing that names a person."""

import json

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts import aftermath, fanout, issue, retention
from alerts.models import Alert
from alerts.progress import progress
from notifier.models import Delivery, Post
from tests import people
from tests.alerts import scene
from trust import clock, declared
from trust.models import Task

pytestmark = pytest.mark.django_db


def test_progress_adds_up_and_costs_few_queries():
    scene.neighbours(4)
    scene.neighbours(2, channel="email")
    version = scene.signed()
    fanout.fan_out(version.pk)
    rows = list(Delivery.objects.filter(subject=version.alert_id, channel="sms").order_by("pk"))
    states = ("accepted", "delivered", "failed", "queued")
    for row, state in zip(rows, states, strict=True):
        Delivery.objects.filter(pk=row.pk).update(state=state, state_at=clock.now())
    with CaptureQueriesContext(connection) as asked:
        seen = progress(Alert.objects.get(pk=version.alert_id))
    assert len(asked) <= 10
    assert (seen.targeted, seen.accepted, seen.delivered) == (6, 2, 1)
    for ring in seen.rings:
        final = ring.accepted + ring.unknown + ring.failed + ring.withdrawn + ring.expired + ring.suppressed
        assert ring.targeted == final + ring.queued
    assert seen.signed_at
    assert seen.first_accepted_at
    assert seen.last_accepted_at
    assert seen.signed_at < seen.first_accepted_at <= seen.last_accepted_at
    assert [post.channel for post in seen.posts] == ["facebook"]
    told = json.dumps(seen.as_json())
    assert "Amina" not in told
    assert "+2126" not in told


def test_progress_shows_the_end_and_what_is_owed():
    scene.neighbours(2)
    version = scene.signed()
    fanout.fan_out(version.pk)
    Delivery.objects.update(state="accepted")
    alert = issue.stand_down(version.alert, people.omar(), as_="found", reason="", factor_at=clock.now())
    aftermath.tell_end(alert.pk)
    Task.open("recall_post", Post.objects.get().pk)
    seen = progress(Alert.objects.get(pk=alert.pk))
    assert seen.ended_at
    assert sum(ring.targeted for ring in seen.ends) == 2
    assert seen.open_tasks == 1


def test_every_field_of_alerts_is_declared():
    assert [name for name in declared.undeclared() if name.startswith("alerts.")] == []
    assert set(retention.DECLARED) == {model.__name__ for model in apps.get_app_config("alerts").get_models()}


def test_a_photo_that_outlived_its_alert_is_taken_away(settings):
    alert = scene.ended()
    left = alert.versions.get().public_photo
    assert (settings.PUBLIC_MEDIA_DIR / left).exists()  # the commit's hook did not run
    assert retention.purge()["public_photos"] == 1
    assert not (settings.PUBLIC_MEDIA_DIR / left).exists()
    assert retention.purge()["public_photos"] == 0
