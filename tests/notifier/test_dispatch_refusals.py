"""What gateways refuse, put off or never answer: nobody is lost, nobody is asked for ever."""

from datetime import timedelta

import pytest

from notifier import breaker, rates, slices
from notifier.exceptions import DeliveryError
from notifier.message import Accepted, Message, Unknown
from notifier.models import Delivery, Rate
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock
from trust.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State = Delivery.State


def test_no_such_number_fails_one_person_and_no_other():
    batch = make.told(3)
    make.scripts["blunt"] = lambda message: (
        make.NO_SUCH_NUMBER if message.to.endswith("1") else Accepted(message.reference)
    )
    make.work(turns=3)
    assert make.states(batch) == [State.ACCEPTED, State.FAILED, State.ACCEPTED]
    failed = batch.deliveries.get(state=State.FAILED)
    assert (failed.error_kind, failed.attempts) == ("bad_address", 1)


def test_a_gateway_that_answers_500_is_waited_for_and_loses_nobody():
    batch = make.told(40)
    make.scripts["blunt"] = lambda message: make.PASSING
    make.work(turns=3)
    assert len(make.addresses()) == slices.FIRST  # the pause kept the rest from being tried in vain
    assert set(make.states(batch)) == {State.QUEUED}
    assert set(batch.deliveries.values_list("error_kind", flat=True)) == {"gateway_down", ""}

    make.scripts.clear()
    Rate.objects.update(paused_until=None)
    make.due_now()
    make.work(turns=2)
    assert set(make.states(batch)) == {State.ACCEPTED}
    assert Rate.objects.get().failures == 0


def test_a_gateway_in_trouble_is_waited_for_ever_longer():
    waits = []
    for _ in range(4):
        before = clock.now()
        waits.append((rates.pause("blunt") - before).total_seconds())
    assert waits[3] > waits[0]
    assert waits[3] <= breaker.LONGEST_PAUSE_S


def test_retry_after_is_honoured_by_all_workers():
    batch = make.told(1)
    make.scripts["blunt"] = lambda message: DeliveryError(permanent=False, kind="throttled", retry_after_s=60)
    make.work()
    delivery = batch.deliveries.get()
    assert delivery.not_before is not None
    assert timedelta(seconds=58) < delivery.not_before - clock.now() < timedelta(seconds=61)
    other = make.told(1)
    make.work()
    assert make.states(other) == [State.QUEUED]
    assert len(make.addresses()) == 1


def test_a_person_who_cannot_be_reached_is_given_up_after_some_attempts():
    batch = make.told(2)
    first = make.people(1)[0][1]
    unreachable = DeliveryError(permanent=False, kind="unreachable")
    make.scripts["blunt"] = lambda message: unreachable if message.to == first else Accepted("x")
    for _ in range(10):
        make.due_now()
        make.work()
    assert make.states(batch) == [State.FAILED, State.ACCEPTED]
    assert make.addresses().count(first) == 8


def test_a_dead_token_fails_nobody_and_calls_a_person_once():
    batch = make.told(3)
    make.scripts["blunt"] = lambda message: DeliveryError(permanent=True, kind="credentials")
    make.work()
    make.due_now()
    Rate.objects.update(paused_until=None)
    make.work()
    assert set(make.states(batch)) == {State.QUEUED}
    task = Task.objects.get(kind="gateway_refuses")
    assert (task.subject_kind, task.detail_code) == ("blunt", "credentials")


def test_a_lost_answer_is_repeated_once_and_then_stays_unknown():
    batch = make.told(1)
    make.scripts["blunt"] = lambda message: Unknown("timed_out")
    for _ in range(4):
        make.due_now()
        Rate.objects.update(paused_until=None)
        make.work()
    assert make.states(batch) == [State.UNKNOWN]
    assert len(make.addresses()) == 2
    assert len({message.reference for message in make.sent["blunt"]}) == 1


def test_a_lost_answer_of_a_strict_gateway_is_never_repeated():
    batch = make.told(1, channel="whatsapp")
    make.scripts["strict"] = lambda message: Unknown("timed_out")
    make.work("whatsapp", turns=3)
    assert make.states(batch) == [State.UNKNOWN]
    assert len(make.addresses("strict")) == 1


def test_a_backend_that_breaks_leaves_its_messages_unknown_and_the_rest_waiting():
    batch = make.told(1, channel="whatsapp")

    def breaks(message: Message) -> Accepted:
        raise RuntimeError("a bug")

    make.scripts["strict"] = breaks
    make.work("whatsapp")
    assert make.states(batch) == [State.UNKNOWN]
