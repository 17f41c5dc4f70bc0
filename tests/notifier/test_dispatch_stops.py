"""Nothing leaves after a stop, an expiry or what is said instead."""

from datetime import timedelta
from uuid import uuid4

import pytest

from notifier import outbox, slices
from notifier.exceptions import DeliveryError
from notifier.message import Accepted, Message
from notifier.models import Batch, Delivery
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock, keys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State = Delivery.State


def test_a_stop_in_the_middle_lets_no_later_slice_leave():
    batch = make.told(120)

    def stops_after_five(message: Message) -> Accepted:
        if len(make.addresses()) == 5:
            outbox.stop([batch.subject])
        return Accepted(message.reference)

    make.scripts["blunt"] = stops_after_five
    make.work(turns=2)

    assert len(make.addresses()) == slices.FIRST  # the slice that was on the wire, nothing after it
    counts = outbox.equation([batch.subject])
    assert (counts.accepted, counts.withdrawn, counts.queued) == (slices.FIRST, 120 - slices.FIRST, 0)
    assert batch.chunks.get().done_at is not None


@pytest.mark.parametrize("end", ["stopped_at", "expires_at"])
def test_the_last_question_is_asked_before_each_slice(end: str):
    """The batch's row alone is enough: its deliveries may be too many to be withdrawn with the stop."""
    batch = make.told(60)

    def ends_at_the_third(message: Message) -> Accepted:
        if len(make.addresses()) == 3:
            Batch.objects.filter(pk=batch.pk).update(**{end: clock.now()})
        return Accepted(message.reference)

    make.scripts["blunt"] = ends_at_the_third
    make.work(turns=2)
    assert len(make.addresses()) == slices.FIRST
    final = State.WITHDRAWN if end == "stopped_at" else State.EXPIRED
    assert make.states(batch).count(final) == 60 - slices.FIRST


def test_what_was_marked_and_never_handed_out_is_withdrawn_by_a_stop_not_unknown(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(slices, "SLICE_S", 0)
    batch = make.told(5, channel="whatsapp")

    def stops_at_once(message: Message) -> Accepted:
        outbox.stop([batch.subject])
        return Accepted(message.reference)

    make.scripts["strict"] = stops_at_once
    make.work("whatsapp", turns=2)
    assert make.states(batch) == [State.ACCEPTED, *[State.WITHDRAWN] * 4]


def test_a_slice_hands_out_no_more_once_its_time_is_over(monkeypatch: pytest.MonkeyPatch):
    now = iter(range(100))
    monkeypatch.setattr("notifier.slices.time.monotonic", lambda: next(now))
    few = slices.Slice([Message(str(number)) for number in range(10)])
    assert [message.reference for message in few] == ["0"]
    assert few.handed == 1


def test_what_a_slow_gateway_was_not_handed_goes_back_without_an_attempt(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(slices, "SLICE_S", 0)
    batch = make.told(5)
    make.work()
    assert make.states(batch) == [State.ACCEPTED] * 5
    assert set(batch.deliveries.values_list("attempts", flat=True)) == {1}
    assert len(make.addresses()) == 5


def test_an_expired_batch_is_never_sent():
    batch = make.told(3)
    Batch.objects.filter(pk=batch.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    make.work()
    assert make.sent == {}
    assert set(make.states(batch)) == {State.EXPIRED}


def test_expiry_has_the_last_word_over_a_retry():
    batch = make.told(1)
    make.scripts["blunt"] = lambda message: make.PASSING
    make.work()
    Batch.objects.filter(pk=batch.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    make.due_now()
    make.work()
    assert make.states(batch) == [State.EXPIRED]
    assert len(make.addresses()) == 1


def test_a_chunk_that_backs_off_is_due_at_expiry_at_the_latest():
    batch = make.told(1)
    make.scripts["blunt"] = lambda message: DeliveryError(
        permanent=False, kind="throttled", retry_after_s=86_400
    )
    make.work()
    chunk = batch.chunks.get()
    assert chunk.due_at == batch.expires_at
    assert chunk.done_at is None


def test_a_superseded_batch_is_not_sent_even_when_its_rows_still_wait():
    batch = make.told(2)
    Batch.objects.filter(pk=batch.pk).update(superseded_by=uuid4())
    make.work()
    assert make.sent == {}
    assert set(make.states(batch)) == {State.WITHDRAWN}


def test_a_text_whose_key_is_gone_is_withdrawn():
    batch = make.told(2)
    keys.destroy(batch.key_owner)
    make.work()
    assert make.sent == {}
    assert set(make.states(batch)) == {State.WITHDRAWN}


def test_what_a_dead_worker_left_is_unknown_after_a_stop_and_hears_the_end():
    batch = make.told(2)
    batch.deliveries.update(state=State.SENDING, alias="blunt")
    outbox.stop([batch.subject])
    end = make.batch(kind="end", after=[batch.subject])
    assert outbox.record_told(end, [batch.subject]) == 2

    make.worker_dies()
    make.work()
    make.due_now()
    make.work()

    assert set(make.states(batch)) == {State.UNKNOWN}
    assert set(make.states(end)) == {State.ACCEPTED}
    assert len(make.addresses()) == 2
