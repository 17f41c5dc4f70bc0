"""Recording: who is to be told, once, in chunks, on both databases."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from celery import current_app
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from notifier import outbox, recording, waking
from notifier.models import Chunk, Delivery, Post
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock, keys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State = Delivery.State


def recipients(count: int):
    """People as a QuerySet, the shape alerts.targeting gives."""
    source = make.batch()
    outbox.record_people(source, make.people(count))
    return source.deliveries.order_by("pk").values_list("person", "address", "language")


def test_everyone_is_recorded_once_and_lies_in_one_chunk(settings: Settings):
    settings.NOTIFIER_CHUNK, settings.NOTIFIER_SLICE = 4, 6
    batch = make.batch()

    assert outbox.record(batch, recipients(11)) == 11

    assert batch.targeted == batch.deliveries.count() == 11
    chunks = list(Chunk.objects.filter(batch=batch).order_by("id"))
    assert [chunk.deliveries().count() for chunk in chunks] == [4, 2, 4, 1]
    assert sum(chunk.deliveries().count() for chunk in chunks) == 11
    assert batch.recorded_at is not None


def test_sql_with_parameters_is_taken_as_well():
    people = recipients(3)
    sql, params = people.query.sql_with_params()
    assert outbox.record(make.batch(), (sql, params)) == 3


def test_recording_again_adds_nobody():
    batch, people = make.batch(), recipients(5)
    outbox.record(batch, people)
    assert outbox.record(batch, people) == 0
    assert Chunk.objects.filter(batch=batch).count() == 1


def test_a_widening_reaches_only_those_not_yet_told():
    people = recipients(6)
    first = make.batch()
    outbox.record(first, people[:4])
    wider = make.batch(subject=first.subject, ring=1)
    assert outbox.record(wider, people) == 2
    assert wider.deliveries.count() == 2


def test_an_interrupted_recording_is_resumed(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    settings.NOTIFIER_SLICE = 4
    batch, people = make.batch(), recipients(10)
    whole = recording._record_slice
    calls = []

    def dies_at_the_third(*args, **options):
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(*args, **options)

    monkeypatch.setattr(recording, "_record_slice", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        outbox.record(batch, people)
    batch.refresh_from_db()
    assert batch.recorded_at is None
    assert batch.deliveries.count() == 8

    monkeypatch.setattr(recording, "_record_slice", whole)
    assert outbox.record(batch, people) == 2
    in_chunks = [pk for chunk in batch.chunks.all() for pk in chunk.deliveries().values_list("pk", flat=True)]
    assert sorted(in_chunks) == sorted(batch.deliveries.values_list("pk", flat=True))


def test_a_batch_of_nobody_is_recorded_and_done():
    batch = make.batch()
    assert outbox.record(batch, recipients(0)) == 0
    assert batch.recorded_at is not None
    assert not batch.chunks.exists()


def test_a_stopped_batch_records_nobody_more(settings: Settings):
    people = recipients(3)
    batch = make.batch()
    outbox.stop([batch.subject])
    assert outbox.record(batch, people) == 0


def test_addresses_of_a_few_people_are_sealed_under_their_own_keys():
    batch = make.batch()
    person = uuid4()
    outbox.record_people(batch, [(person, "+212600000001", "ar")])
    delivery = batch.deliveries.get()
    assert b"+212600000001" not in bytes(delivery.address)
    assert keys.unseal(person, "address", bytes(delivery.address)) == b"+212600000001"


def test_a_text_is_sealed_and_empty_once_its_key_is_gone():
    batch = make.batch()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM notifier_batch")
        assert all(make.SECRET.encode() not in bytes(content) for (content,) in cursor.fetchall())
    keys.destroy(batch.key_owner)
    assert type(batch).objects.get(pk=batch.pk).texts() == {}


@pytest.mark.parametrize(
    ("state", "is_told"),
    [
        (State.ACCEPTED, True),
        (State.DELIVERED, True),
        (State.UNKNOWN, True),
        (State.SENDING, True),
        (State.QUEUED, False),
        (State.FAILED, False),
        (State.WITHDRAWN, False),
        (State.EXPIRED, False),
        (State.SUPPRESSED, False),
    ],
)
def test_a_follow_up_goes_to_exactly_those_told(state: str, is_told: bool):
    alert = make.told(1)
    alert.deliveries.update(state=state)
    end = make.batch(kind="end", after=[alert.subject])
    assert outbox.record_told(end, [alert.subject]) == int(is_told)
    if is_told:
        before, after = alert.deliveries.get(), end.deliveries.get()
        assert (after.person, after.language) == (before.person, before.language)
        assert bytes(after.address) == bytes(before.address)


def test_a_lost_answer_about_to_be_repeated_counts_as_told():
    alert = make.told(1)
    alert.deliveries.update(lost_answers=1)
    assert outbox.record_told(make.batch(kind="end"), [alert.subject]) == 1


def test_a_person_told_by_the_alert_and_its_update_hears_the_end_once():
    alert, update = make.batch(), make.batch(kind="update")
    person = make.people(1)
    for batch in (alert, update):
        outbox.record_people(batch, person)
        batch.deliveries.update(state=State.ACCEPTED)
    end = make.batch(kind="end")
    assert outbox.record_told(end, [alert.subject, update.subject]) == 1


def test_stopping_withdraws_what_waits_in_the_same_transaction():
    batch = make.told(5)
    sending = batch.deliveries.order_by("pk")[0]
    Delivery.objects.filter(pk=sending.pk).update(state=State.SENDING)

    outbox.stop([batch.subject])

    assert make.states(batch) == [State.SENDING, *[State.WITHDRAWN] * 4]
    batch.refresh_from_db()
    assert batch.stopped_at is not None


def test_stopping_leaves_other_subjects_alone():
    batch, other = make.told(1), make.told(1)
    outbox.stop([batch.subject])
    assert make.states(other) == [State.QUEUED]


def test_what_may_have_arrived_is_unknown_after_a_stop_not_withdrawn():
    batch = make.told(2)
    Delivery.objects.filter(pk=batch.deliveries.order_by("pk")[0].pk).update(lost_answers=1)
    outbox.stop([batch.subject])
    assert make.states(batch) == [State.UNKNOWN, State.WITHDRAWN]


def test_a_superseded_batch_is_withdrawn_and_says_by_what():
    batch, by = make.told(2), uuid4()
    outbox.supersede([batch.subject], by)
    batch.refresh_from_db()
    assert (batch.superseded_by, batch.stopped_at) == (by, None)
    assert set(make.states(batch)) == {State.WITHDRAWN}


def test_a_wake_up_carries_the_channel_and_nothing_else(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
):
    published = []
    monkeypatch.setattr(current_app, "send_task", lambda *args, **options: published.append((args, options)))
    with django_capture_on_commit_callbacks(execute=True):
        make.told(3)
    assert [args for args, _ in published] == [(waking.WORK,)]
    assert published[0][1]["args"] == ["sms"]
    assert make.SECRET not in repr(published)
    assert not re.search(r"\+212", repr(published))


def test_a_dead_broker_stops_nobody_and_is_not_asked_again_at_once(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
):
    asked = []

    def refuses(*args, **options):
        asked.append(args)
        raise OSError("connection refused")

    monkeypatch.setattr(current_app, "send_task", refuses)
    with django_capture_on_commit_callbacks(execute=True):
        batch = make.told(1)
        outbox.wake("sms")
    assert len(asked) == 1
    assert make.states(batch) == [State.QUEUED]


def test_a_batch_that_must_wait_is_not_due_before_its_time():
    later = clock.now() + timedelta(minutes=5)
    batch = make.told(1, not_before=later)
    assert batch.chunks.get().due_at >= later
    make.work()
    assert make.sent == {}


def test_a_post_is_written_before_anything_is_sent():
    batch = make.batch("page")
    post = outbox.post(batch)
    assert (post.state, post.alias, post.subject) == (Post.State.QUEUED, "wall", batch.subject)
    assert outbox.post(batch).pk == post.pk


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (Post.State.QUEUED, 0),
        (Post.State.SENDING, 1),
        (Post.State.POSTED, 1),
        (Post.State.UNKNOWN, 1),
        (Post.State.FAILED, 0),
    ],
)
def test_whatever_may_exist_is_asked_back(state: str, asked: int):
    post = outbox.post(make.batch("page"))
    Post.objects.update(state=state)
    assert outbox.recall([post.subject]) == asked
    assert outbox.recall([post.subject]) == 0
