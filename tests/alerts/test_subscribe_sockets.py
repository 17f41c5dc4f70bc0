"""Subscribing over real sockets: a code by WhatsApp, words written to us, a test push."""

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from alerts import subscribe
from alerts.models import Subscription
from alerts.subscribe.asking import Wish, written_code
from geo.cells import cell_of
from notifier import dispatch, inbound
from notifier.models import Delivery, InboundEvent
from notifier.simulators.run import Plan, Simulators, running
from notifier.simulators.webpush import subscription
from notifier.simulators.whatsapp import WhatsAppAccount
from tests.alerts import scene
from tests.notifier import conftest
from tests.notifier.contract import Hooks
from tips.models import Tip

pytestmark = pytest.mark.django_db
CELL = cell_of(scene.AGDAL)
TOKEN = "k" * 32
NUMBER = "+212612345678"
hooks = conftest.hooks  # our side of the call-backs


@pytest.fixture
def world(hooks: Hooks, settings: Settings, tmp_path) -> Iterator[Simulators]:
    hook = f"http://127.0.0.1:{hooks.server.server_port}/hooks/whatsapp/{TOKEN}/"
    with running(Plan(out=tmp_path, whatsapp=WhatsAppAccount(hook_url=hook))) as simulators:
        here = {
            "whatsapp": {"base_url": simulators.whatsapp_url},
            "webpush": {"gateway_url": simulators.webpush_url},
        }
        settings.NOTIFIER = {
            alias: {
                **entry,
                "SIMULATOR": {**entry["SIMULATOR"], **here[alias], "per_second": None, "per_day": None},
            }
            for alias, entry in settings.NOTIFIER.items()
            if alias in here
        }
        settings.HOOK_TOKENS = {"whatsapp": TOKEN, "webpush": TOKEN}
        yield simulators


def received(simulators: Simulators, alias: str) -> list[dict[str, str]]:
    recorder = next(one for one in [*simulators.recorders, *simulators.others] if one.alias == alias)
    recorder.flush()
    assert simulators.plan.out is not None
    path = simulators.plan.out / "received" / f"{alias}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_code_and_a_test_push_leave_and_come_back(world):
    by_code = subscribe.ask("whatsapp", NUMBER, "ar", cell=CELL)
    dispatch.work("whatsapp")
    (code,) = received(world, "whatsapp")
    figures = "".join(sign for sign in code["text"] if sign.isdigit())
    assert subscribe.confirm(by_code, figures[:6]) == by_code
    by_push = subscribe.ask("webpush", subscription("sim-one"), "fr", cell=CELL)
    dispatch.work("webpush")
    (push,) = received(world, "webpush")
    assert Delivery.objects.get(person=by_push).state in ("accepted", "delivered")
    assert push["to"]


def test_words_that_are_written_come_in_by_the_hook_and_are_answered_with_the_page(world, hooks):
    pending = subscribe.ask_to_write(Wish("fr", CELL))
    said = urllib.parse.urlencode({"from": NUMBER, "type": "text", "text": f"Code : {written_code(pending)}"})
    urllib.request.urlopen(f"{world.whatsapp_url}/_sim/mo", said.encode())
    came = hooks.next(written_code(pending))
    answer = Client().post(
        f"/hooks/whatsapp/{TOKEN}/", came.body, content_type="application/json",
        headers={"X-Hub-Signature-256": came.header("X-Hub-Signature-256")},
    )  # fmt: skip
    assert answer.status_code == 200
    for event in InboundEvent.objects.all():
        inbound.announce(event.pk)
    assert not Tip.objects.exists()
    assert Subscription.objects.active().get().pk == pending
    dispatch.work("whatsapp")
    (thanks,) = received(world, "whatsapp")
    assert "/subscribe/mine/" in thanks["text"]
