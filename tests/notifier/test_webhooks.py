"""Call-backs over HTTP: forged ones change nothing, repeated ones change nothing twice, none breaks us."""

import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.db import DatabaseError, connection
from django.dispatch import receiver
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from notifier import inbound, receipts, references, tasks
from notifier.backends.base import Backend
from notifier.exceptions import HookUnreadable
from notifier.message import Inbound, ReceiptEvent
from notifier.models import InboundEvent, Receipt
from notifier.signals import inbound_received
from notifier.webhooks import HooksMiddleware
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock, keys
from trust.models import DataKey, Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]

TOKEN = "t" * 32
WORDS = "I saw her at the bus station"
SENDER = "+212600000009"


def said(key: str = "m1", text: str = WORDS) -> Inbound:
    return Inbound("text", "p1", SENDER, text, clock.now(), key, "2020", {"id": key})


def call(
    alias: str = "blunt", token: str = TOKEN, *, secret: str = "s3", body: bytes = b"{}", method: str = "POST"
):
    client = Client(headers={"X-Secret": secret})
    return client.generic(method, f"/hooks/{alias}/{token}/", body, content_type="application/json")


@pytest.fixture(autouse=True)
def static_folder(settings: Settings) -> None:
    """WhiteNoise warns when the folder is missing, and a warning fails a test."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def listeners_of_others(monkeypatch: pytest.MonkeyPatch):
    """What other packages do with an event is their tests' matter."""
    monkeypatch.setattr(inbound_received, "receivers", [])
    inbound_received.sender_receivers_cache.clear()
    yield
    inbound_received.sender_receivers_cache.clear()


def test_a_verified_report_is_stored_and_folds_into_its_delivery():
    batch = make.told(1)
    make.work()
    delivery = batch.deliveries.get()
    make.hook_events.append(
        ReceiptEvent("", references.reference(delivery.pk), "delivered", "", clock.now(), "k")
    )
    answer = call()
    assert (answer.status_code, answer.content) == (200, b"")
    tasks.fold()
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


@pytest.mark.parametrize(
    ("alias", "token", "secret"),
    [
        ("blunt", TOKEN, "forged"),
        ("blunt", "u" * 32, "s3"),
        ("nobody", TOKEN, "s3"),
        ("strict", TOKEN, "s3"),  # has no hook
        ("wall", TOKEN, "s3"),  # another alias's token
    ],
)
def test_a_forged_call_back_gets_an_empty_403_and_stores_nothing(alias: str, token: str, secret: str):
    make.hook_events += [ReceiptEvent("p", "", "delivered", "", None, "k"), said()]
    answer = call(alias, token, secret=secret)
    assert (answer.status_code, answer.content) == (403, b"")
    assert not Receipt.objects.exists()
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize(
    "path", ["/hooks/", "/hooks/blunt/", "/hooks/blunt/x y/", "/hooks/é/t/", "/hooks/a/b/c/"]
)
def test_whatever_else_lies_under_hooks_is_refused(path: str):
    assert Client().get(path).status_code == 403


def test_a_call_back_that_is_too_large_is_refused_unread():
    make.hook_events.append(said())
    assert call(body=b"x" * (Backend.most_body + 1)).status_code == 403
    assert not InboundEvent.objects.exists()


def test_a_repeated_call_back_changes_nothing_twice():
    make.hook_events += [ReceiptEvent("p", "", "delivered", "", None, "k"), said()]
    for _ in range(3):
        assert call().status_code == 200
    assert Receipt.objects.count() == InboundEvent.objects.count() == 1
    assert DataKey.objects.filter(kind="inbound").count() == 1


@pytest.mark.parametrize("trouble", [HookUnreadable("x"), KeyError("entry"), RecursionError()])
def test_a_verified_call_back_nobody_can_read_is_kept_and_answered_200(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception
):
    def cannot(self, request):
        raise trouble

    monkeypatch.setattr(make.ScriptedBackend, "parse", cannot)
    for _ in range(2):
        assert call(body=b'{"new": "format"}').status_code == 200
    event = InboundEvent.objects.get()
    assert event.kind == "unread"
    assert event.raw["body"] == '{"new": "format"}'
    assert TOKEN not in repr(event.raw)
    assert event.handled_at is not None


def test_a_verification_that_breaks_is_a_refusal(monkeypatch: pytest.MonkeyPatch):
    def breaks(self, request):
        raise ValueError

    monkeypatch.setattr(make.ScriptedBackend, "verify", breaks)
    assert call().status_code == 403


def test_a_database_in_trouble_asks_the_gateway_to_call_again(monkeypatch: pytest.MonkeyPatch):
    def in_trouble(alias, events):
        raise DatabaseError

    monkeypatch.setattr(receipts, "append", in_trouble)
    make.hook_events.append(ReceiptEvent("p", "", "delivered", "", None, "k"))
    assert call().status_code == 503


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_neither_session_nor_language_nor_csrf_stand_before_a_hook(method: str):
    answer = call(method=method)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Content-Language" not in answer.headers
    assert "Vary" not in answer.headers


def test_other_addresses_pass_the_middleware():
    passed = HttpResponse("passed")
    assert HooksMiddleware(lambda request: passed)(RequestFactory().get("/health/")) is passed


def test_the_address_of_a_hook_is_the_one_gateways_were_given():
    assert reverse("hook", args=["blunt", TOKEN]) == f"/hooks/blunt/{TOKEN}/"


def test_the_request_is_verified_as_called_not_as_a_proxy_names_it(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
):
    settings.HOOKS_URL = "https://hooks.example"
    seen = []

    def keeps(self, request):
        seen.append(request)
        return True

    monkeypatch.setattr(make.ScriptedBackend, "verify", keeps)
    Client().get(f"/hooks/blunt/{TOKEN}/?b=2&a=%2B1", headers={"Host": "127.0.0.1"})
    assert seen[0].url == f"https://hooks.example/hooks/blunt/{TOKEN}/?b=2&a=%2B1"


def test_what_the_public_wrote_is_sealed():
    make.hook_events.append(said())
    call()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sender, text, raw, sender_token, event_key FROM notifier_inboundevent")
        row = cursor.fetchone()
    stored = b"".join(part if isinstance(part, bytes) else bytes(str(part), "utf-8") for part in row)
    assert WORDS.encode() not in stored
    assert SENDER.encode() not in stored
    event = InboundEvent.objects.get()
    assert (event.text, event.sender, event.channel) == (WORDS, SENDER, "sms")
    assert event.sender_token == keys.token("sender", SENDER)


def test_an_event_is_announced_with_its_id_alone(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
):
    published = []
    monkeypatch.setattr(current_app, "send_task", lambda *args, **options: published.append((args, options)))
    make.hook_events.append(said())
    with django_capture_on_commit_callbacks(execute=True):
        call()
    event = InboundEvent.objects.get()
    assert published[0][0] == ("notifier.announce",)
    assert published[0][1]["args"] == [str(event.pk)]
    assert WORDS not in repr(published)


def test_an_event_is_announced_once_it_is_handled_never_again():
    heard: list[UUID] = []

    @receiver(inbound_received)
    def listen(sender: object, event: InboundEvent, **kwargs: object) -> None:
        heard.append(event.pk)

    event = inbound.store("blunt", said())
    assert event is not None
    for _ in range(3):
        tasks.announce(str(event.pk))
    assert heard == [event.pk]
    event.refresh_from_db()
    assert event.handled_at is not None
    assert inbound.announce(uuid4())  # purged meanwhile: nothing to do


def test_what_a_listener_dropped_is_announced_again_and_at_last_a_person_is_asked(
    caplog: pytest.LogCaptureFixture,
):
    heard: list[UUID] = []

    @receiver(inbound_received)
    def stumbles(sender: object, event: InboundEvent, **kwargs: object) -> None:
        heard.append(event.pk)
        raise ValueError(event.text)

    event = inbound.store("blunt", said())
    assert event is not None
    assert inbound.announce_unhandled() == 0  # the task gets its chance first
    assert heard == []
    for _ in range(inbound.GIVE_UP):
        InboundEvent.objects.update(received_at=clock.now() - timedelta(days=1))
        inbound.announce_unhandled()
    assert len(heard) == inbound.GIVE_UP
    assert Task.objects.get(kind="inbound_unhandled").subject == event.pk
    assert WORDS not in caplog.text
    assert inbound.announce_unhandled() == 0


def test_an_event_nobody_took_is_announced_ever_more_seldom():
    at = clock.now()
    ages = [5, 16, 40]
    assert [inbound._is_due(2, at - timedelta(seconds=age), at) for age in ages] == [False, True, True]


def test_an_unread_body_has_one_key_whatever_its_length():
    digest = hashlib.sha256(b"x" * 10_000).hexdigest()
    assert len(f"unread:{digest}") < 200


def test_a_full_disk_asks_the_gateway_to_call_again(monkeypatch: pytest.MonkeyPatch):
    """A refusal would have it thrown away: what is told must not depend on the hour it comes at."""

    def is_full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(inbound, "_put_away", is_full)
    make.hook_events.append(said())
    assert call().status_code == 503
    assert not InboundEvent.objects.exists()


def test_one_message_that_cannot_be_stored_takes_no_other_with_it():
    make.hook_events += [said("m1"), said("m2", text="half of a sign: \ud83d"), said("m3")]
    assert call().status_code == 200
    assert InboundEvent.objects.filter(kind="text").count() == 2
    assert InboundEvent.objects.filter(kind="unread").count() == 1
