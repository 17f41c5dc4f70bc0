"""What the officer watches: counts that add up, times, and nothing that names a person."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from alerts import aftermath, fanout, issue, retention, watching
from alerts.models import Alert
from alerts.progress import progress
from notifier.models import Chunk, Delivery, Post
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


def test_a_later_version_is_counted_once_and_refusals_in_words():
    scene.neighbours(4)
    first = scene.signed(channels=["sms"])
    fanout.fan_out(first.pk)
    told, refused, *_waiting = Delivery.objects.filter(subject=first.alert_id).order_by("pk")
    Delivery.objects.filter(pk=told.pk).update(state="accepted")
    Delivery.objects.filter(pk=refused.pk).update(state="failed", error_kind="bad_address")
    sentence = {"ar": "معها حقيبة حمراء.", "fr": "Elle a un sac rouge.", "en": "She has a red bag."}
    draft = scene.proposing(issue.update(first.alert, people.ines(), additions=sentence))
    second = issue.sign(draft, people.omar(), digest=draft.digest, factor_at=clock.now())
    Chunk.objects.update(done_at=clock.now())
    assert fanout.fan_out(second.pk)
    with translation.override("en"):
        seen = watching.watched(Alert.objects.get(), people.omar())
    # Four people: one told and told again, one refused, two who waited and are told by the second version.
    assert (seen.total.total, seen.total.accepted, seen.total.lost, seen.total.waiting) == (4, 1, 1, 2)
    assert [(bar.total, bar.waiting) for bar in seen.updates] == [(1, 1)]
    (error,) = seen.errors
    assert (error.meaning, error.count) == ("This number or mailbox does not exist.", 1)
    assert [came for _name, _at, came in seen.times] == [True, True, True, True, False]
    assert seen.stopped is None


def test_a_stop_is_measured_by_what_was_on_the_wire():
    scene.neighbours(5)
    version = scene.signed(channels=["sms"])
    fanout.fan_out(version.pk)
    rows = list(Delivery.objects.filter(subject=version.alert_id).order_by("pk").values_list("pk", flat=True))
    chunk = Chunk.objects.get(batch__subject=version.alert_id)
    chunk.take(clock.now())
    Delivery.objects.filter(pk__in=rows[:2]).update(state="sending", alias="sms")
    alert = issue.stand_down(version.alert, people.omar(), as_="found", reason="", factor_at=clock.now())
    assert alert.in_flight_at_end == 2
    # Their answers come after the stop; the worker then closes the chunk.
    assert alert.ended_at
    later = alert.ended_at + timedelta(seconds=0.4)
    Delivery.objects.filter(pk__in=rows[:2]).update(state="accepted", state_at=later)
    Chunk.objects.filter(pk=chunk.pk).update(done_at=later)
    stopped = progress(Alert.objects.get()).stopped
    assert stopped
    assert (stopped.withdrawn, stopped.in_flight) == (3, 2)
    assert stopped.seconds_to_last == pytest.approx(0.4, abs=0.01)
    Delivery.objects.filter(pk__in=rows[:2]).update(state_at=alert.ended_at - timedelta(seconds=1))
    stopped = progress(Alert.objects.get()).stopped
    assert stopped
    assert stopped.seconds_to_last is None


def test_what_persons_owe_stands_on_the_page_with_its_owner():
    version = scene.signed(channels=["facebook"])
    fanout.fan_out(version.pk)
    Task.open("recall_post", Post.objects.get().pk, owner=people.ines(), detail_code="credentials")
    with translation.override("en"):
        (task,) = watching.watched(Alert.objects.get(), people.omar()).tasks
    assert task.owner == str(people.ines())
    assert task.detail == "The provider refuses our password or token."


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
