"""The core over real sockets: each way an SMS gateway can answer ends in the state it means."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from notifier import outbox, receipts
from notifier.models import Delivery, Rate
from notifier.simulators.run import Plan, Simulators, running
from notifier.simulators.sms import SmsAccount
from tests.notifier import make
from tests.notifier.contract import Hooks
from tests.notifier.make import gateways  # noqa: F401  the fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]

State = Delivery.State
TOKEN = "k" * 32
OK, REFUSED, LATER, LOST, HANGS, UNDELIVERED, TWICE = range(1, 8)


@pytest.fixture
def sms(hooks: Hooks, settings: Settings, tmp_path: Path) -> Iterator[Simulators]:
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    hook_url = f"http://127.0.0.1:{hooks.server.server_port}/hooks/sms/{TOKEN}/"
    with running(Plan(out=tmp_path, sms=SmsAccount(hook_url=hook_url))) as simulators:
        options = {
            "url": simulators.sms_url, "username": "simulated", "password": "simulated", "sender": "NAJDA",
            "hook_url": hook_url, "per_second": None, "timeout_s": 0.3,
        }  # fmt: skip
        backend = "notifier.backends.kannel.KannelBackend"
        settings.NOTIFIER = {
            "sms": {"BACKEND": backend, "CHANNEL": "sms", "OPTIONS": options, "SIMULATOR": options}
        }
        settings.HOOK_TOKENS = {"sms": TOKEN}
        yield simulators


def send_to(*endings: int) -> dict[int, Delivery]:
    """Tell one person for each ending of a number, and give retries their time."""
    batch = make.batch()
    outbox.record_people(batch, [(uuid4(), f"+2126{ending:08}", "fr") for ending in endings])
    for _ in range(4):
        make.work()
        make.due_now()
        Rate.objects.update(paused_until=None)
    return dict(zip(endings, batch.deliveries.order_by("pk"), strict=True))


def replay(hooks: Hooks, count: int) -> None:
    """Hand the simulator's call-backs to our own hook, as they came."""
    for _ in range(count):
        assert Client().get(hooks.next().url).status_code == 200
    receipts.fold()


def test_each_answer_of_a_gateway_is_told_apart(sms: Simulators):
    found = send_to(OK, REFUSED, LATER, LOST, HANGS)
    assert {ending: delivery.state for ending, delivery in found.items()} == {
        OK: State.ACCEPTED,
        REFUSED: State.FAILED,
        LATER: State.QUEUED,
        LOST: State.UNKNOWN,
        HANGS: State.UNKNOWN,
    }
    assert (found[REFUSED].error_kind, found[LATER].error_kind) == ("bad_address", "gateway_down")
    assert (found[LOST].attempts, found[HANGS].attempts) == (2, 2)


@pytest.mark.parametrize("mode", ["500", "close"])
def test_a_gateway_in_trouble_is_not_a_wrong_number(sms: Simulators, mode: str):
    batch = make.told(1)
    sms.sms.switch.mode = mode
    make.work()
    assert make.states(batch) == [State.QUEUED]
    sms.sms.switch.mode = "ok"
    make.due_now()
    Rate.objects.update(paused_until=None)
    make.work()
    assert make.states(batch) == [State.ACCEPTED]


def test_reports_called_back_find_their_deliveries(sms: Simulators, hooks: Hooks):
    hooks.forget(sms)
    found = send_to(OK, UNDELIVERED)
    replay(hooks, 4)
    for delivery in found.values():
        delivery.refresh_from_db()
    assert found[OK].state == State.DELIVERED
    assert (found[UNDELIVERED].state, found[UNDELIVERED].error_kind) == (State.FAILED, "unreachable")
