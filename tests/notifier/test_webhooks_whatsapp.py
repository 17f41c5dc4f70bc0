"""WhatsApp's call-backs over HTTP: forged, replayed, reordered, broken, too large."""

import json
from pathlib import Path

import pytest
from django.test import Client

from notifier import tasks
from notifier.models import InboundEvent, Receipt
from notifier.protocols import graph
from notifier.references import reference
from notifier.signals import inbound_received
from notifier.simulators.graph import escaped
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from tests.notifier.test_protocols_whatsapp_hooks import hook, status, wrote

pytestmark = pytest.mark.django_db
TOKEN = "w" * 32
SECRET = "the app's secret"
OPTIONS = {
    "phone_number_id": "1",
    "access_token": "token",
    "app_secret": SECRET,
    "verify_token": "agreed",
    "api_version": "v25.0",
    "base_url": "http://127.0.0.1:9",
}


@pytest.fixture(autouse=True)
def alias(gateways, settings, monkeypatch):  # noqa: F811  pytest's way
    backend = "notifier.backends.whatsapp.WhatsAppBackend"
    entry = {"BACKEND": backend, "CHANNEL": "whatsapp", "OPTIONS": {}, "SIMULATOR": OPTIONS}
    settings.NOTIFIER = {**settings.NOTIFIER, "whatsapp": entry}
    settings.HOOK_TOKENS = {**settings.HOOK_TOKENS, "whatsapp": TOKEN}
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(inbound_received, "receivers", [])
    inbound_received.sender_receivers_cache.clear()
    yield
    inbound_received.sender_receivers_cache.clear()


def call(body: bytes, given: str | None = None) -> int:
    signed = graph.signature(SECRET, body) if given is None else given
    client = Client(headers={"X-Hub-Signature-256": signed})
    answer = client.generic("POST", f"/hooks/whatsapp/{TOKEN}/", body, content_type="application/json")
    assert answer.content == b""
    return answer.status_code


def told():
    batch = make.told(1)
    make.work()
    return batch.deliveries.get()


def test_statuses_in_any_order_and_twice_leave_the_highest():
    delivery = told()
    for state in ("read", "failed", "sent", "delivered", "read", "sent"):
        named = {"biz_opaque_callback_data": reference(delivery.pk)}
        assert call(hook(status(state, **named, errors=[{"code": 131026}]))) == 200
    tasks.fold()
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    assert Receipt.objects.count() == 4


def test_a_failure_alone_says_why():
    delivery = told()
    named = {"biz_opaque_callback_data": reference(delivery.pk)}
    call(hook(status("failed", **named, errors=[{"code": 131049}])))
    tasks.fold()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error_kind) == ("failed", "filtered")


def test_a_message_replayed_is_stored_once():
    body = hook(wrote(type="text", text={"body": "I saw her"}))
    assert [call(body) for _ in range(3)] == [200] * 3
    event = InboundEvent.objects.get()
    assert (event.text, event.sender, event.channel) == ("I saw her", "+212600000042", "whatsapp")


def test_what_is_signed_are_the_escaped_bytes():
    told = json.loads(hook(wrote(type="text", text={"body": "رأيتها <b>/"})))
    body = escaped(told)
    again = json.dumps(told, ensure_ascii=False).encode()
    assert call(again, graph.signature(SECRET, body)) == 403
    assert call(body) == 200
    assert InboundEvent.objects.get().text == "رأيتها <b>/"


def test_half_a_sign_and_a_nul_are_stored_without_them():
    body = hook(wrote(id="wamid.\0A", type="text", text={"body": "vu \ud83d\0 ici"}))
    assert b"\\ud83d" in body
    assert call(body) == 200
    event = InboundEvent.objects.get()
    assert (event.provider_id, event.text) == ("wamid.A", "vu ? ici")


@pytest.mark.parametrize(
    "given",
    ["", "sha256=", "sha256=00", "sha1=00", "sha256=" + "0" * 64, graph.signature("another secret", b"{}")],
)
def test_a_forged_call_stores_nothing(given):
    assert call(hook(wrote(type="text", text={"body": "x"})), given) == 403
    assert not InboundEvent.objects.exists()
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    "body", [b"<html>", b"{}", b"[" * 100_000, hook(status("sent"))[:-9], b'{"object": "page", "entry": []}']
)
def test_a_verified_call_nobody_can_read_is_kept_for_a_person(body):
    assert call(body) == 200
    assert InboundEvent.objects.get().kind == "unread"


def test_ten_megabytes_are_refused_unread():
    assert call(hook(wrote(type="text", text={"body": "x" * 10_000_000}))) == 403
    assert not InboundEvent.objects.exists()
