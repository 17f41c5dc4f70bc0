"""What a dead worker left on the wire: found again, sent once more, or unknown."""

from typing import Any

import pytest
from pytest_django import Settings

from notifier import outbox, recovering
from notifier.exceptions import DeliveryError
from notifier.message import Accepted, Message
from notifier.models import Chunk, Delivery
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State = Delivery.State


@pytest.fixture
def asked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An SMS gateway that can be asked what it took (as Twilio); keeps whom it was asked about."""
    settings.NOTIFIER = {"lister": make.gateway("sms", can_read_back=True)}
    seen: list[str] = []

    def looks(self: object, message: Message) -> Any:
        seen.append(message.to)
        return make.found.get(message.to)

    monkeypatch.setattr(make.ScriptedBackend, "read_back", looks)
    return seen


def left_on_the_wire(count: int = 3):
    batch = make.told(count)
    batch.deliveries.update(state=State.SENDING, alias="lister", attempts=1)
    make.worker_dies()
    return batch


def test_what_was_taken_is_found_and_not_sent_again(asked: list[str]):
    batch = left_on_the_wire()
    make.found.update({to: Accepted(f"SM{to}") for to in make.people_numbers(3)})
    make.work()
    assert make.states(batch) == [State.ACCEPTED] * 3
    assert make.sent == {}
    assert [one.provider_id for one in batch.deliveries.order_by("pk")] == [f"SM{to}" for to in asked]


def test_what_is_not_there_is_sent_once_more(asked: list[str]):
    batch = left_on_the_wire(1)
    for _ in range(2):
        make.work()
        make.due_now()
    assert make.states(batch) == [State.ACCEPTED]
    assert len(make.addresses("lister")) == 1
    batch.deliveries.update(state=State.SENDING)
    Chunk.objects.update(done_at=None)
    make.worker_dies()
    make.work()
    assert make.states(batch) == [State.UNKNOWN]  # once is enough


def test_what_cannot_be_found_out_stays_unknown(asked: list[str]):
    batch = left_on_the_wire(1)
    make.found["+212600000000"] = DeliveryError(permanent=False, kind="connection")
    make.work(turns=2)
    assert make.states(batch) == [State.UNKNOWN]
    assert make.sent == {}


def test_nobody_is_looked_for_once_it_is_over(asked: list[str]):
    batch = left_on_the_wire()
    outbox.stop([batch.subject])
    make.work()
    assert make.states(batch) == [State.UNKNOWN] * 3
    assert asked == []


def test_who_was_not_looked_for_in_time_waits_for_the_next_turn(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recovering, "LOOK_S", 0)
    batch = left_on_the_wire()
    make.found.update({to: Accepted(f"SM{to}") for to in make.people_numbers(3)})
    make.work()
    assert make.states(batch) == [State.ACCEPTED] * 3
    assert len(asked) == 3
    assert make.sent == {}


def test_a_gateway_that_breaks_when_asked_breaks_nothing(asked: list[str], monkeypatch: pytest.MonkeyPatch):
    def breaks(self: object, message: Message) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr(make.ScriptedBackend, "read_back", breaks)
    batch = left_on_the_wire(2)
    make.work()
    assert make.states(batch) == [State.UNKNOWN] * 2
