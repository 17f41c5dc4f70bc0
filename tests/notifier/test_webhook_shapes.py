"""Every shape providers call back with, at our door: believed, read, forged, replayed, in any order."""

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings

from notifier import receipts, registry
from notifier.backends.base import Backend
from notifier.message import Inbound, RawRequest, ReceiptEvent
from notifier.models import AliasHealth, InboundEvent, Receipt
from notifier.protocols import graph, kannel, twilio_hooks, whatsapp_account, whatsapp_content, whatsapp_hooks
from notifier.references import reference
from notifier.signals import inbound_received
from tests.notifier import contract, make
from tests.notifier import test_backends_meta as meta
from tests.notifier import test_protocols_graph as page
from tests.notifier import test_protocols_instagram as insta
from tests.notifier import test_protocols_twilio_hooks as twilio
from tests.notifier import test_protocols_whatsapp_account as account
from tests.notifier import test_protocols_whatsapp_hooks as whatsapp
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock

META = {
    "access_token": "t", "app_secret": "s3", "verify_token": "v", "api_version": "v25.0",
    "base_url": "http://127.0.0.1:9",
}  # fmt: skip
HOST, PASSWORD = "https://hooks.invalid", "kannel's"
CLASSES = {
    "whatsapp": ("whatsapp.WhatsAppBackend", {**META, "phone_number_id": "1", "waba_id": "2"}),
    "facebook": ("facebook.FacebookBackend", {**META, "page_id": page.PAGE}),
    "instagram": (
        "instagram.InstagramBackend",
        {**META, "ig_user_id": insta.ACCOUNT, "media_url": "http://m"},
    ),
    "twilio": (
        "twilio.TwilioBackend",
        {"account_sid": "AC1", "auth_token": twilio.TOKEN, "base_url": "http://t.invalid", "sender": "N"},
    ),
    "sms": (
        "kannel.KannelBackend",
        {"url": "http://k.invalid", "username": "u", "password": PASSWORD, "sender": "N"},
    ),
}  # fmt: skip
TOKENS = {alias: f"secret-path-{alias}" for alias in CLASSES}
NOTIFIER = {
    alias: {"BACKEND": f"notifier.backends.{dotted}", "CHANNEL": alias, "OPTIONS": {}, "SIMULATOR": options}
    for alias, (dotted, options) in CLASSES.items()
}


@dataclass(frozen=True)
class Shape:
    """One call-back as it comes, and what it holds: so many receipts, so many things said."""

    name: str
    alias: str
    request: RawRequest
    reports: int = 0
    said: int = 0


def url(alias: str, query: str = "") -> str:
    return f"{HOST}/hooks/{alias}/{TOKENS[alias]}/{'?' if query else ''}{query}"


def signed(alias: str, body: bytes) -> RawRequest:
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": graph.signature("s3", body)}
    return RawRequest("POST", url(alias), headers, body)


def fresh(body: bytes, name: str, mark: bytes = b"wamid.A") -> bytes:
    """The same shape under an id of its own."""
    return body.replace(mark, f"wamid.{name.replace(' ', '-').replace(',', '')}".encode())


def whatsapp_shapes() -> Iterator[Shape]:
    for name, (message, _, _) in whatsapp.MESSAGES.items():
        body = fresh(whatsapp.hook(whatsapp.wrote(**message)), name)
        yield Shape(f"whatsapp message: {name}", "whatsapp", signed("whatsapp", body), said=1)
    for state in whatsapp_hooks.STATES:
        errors: dict[str, Any] = {"errors": whatsapp.FAILED} if state == "failed" else {}
        body = whatsapp.hook(whatsapp.status(state, **errors))
        yield Shape(f"whatsapp status: {state}", "whatsapp", signed("whatsapp", body), reports=1)
    both = {
        **whatsapp.wrote(id="wamid.both", type="text", text={"body": "x"}),
        **whatsapp.status("sent", id="w9"),
    }
    yield Shape("whatsapp both", "whatsapp", signed("whatsapp", whatsapp.hook(both)), 1, 1)
    for value in ("stop", "resume"):
        told = {"wa_id": "212600000042", "category": "marketing_messages", "value": value, "timestamp": 1}
        body = whatsapp.hook({"user_preferences": [told]}, field="user_preferences")
        yield Shape(f"whatsapp preference: {value}", "whatsapp", signed("whatsapp", body), said=1)
    for number, (field, news, _) in enumerate(account.NEWS):
        body = whatsapp.hook(news, field=field)
        yield Shape(f"whatsapp account {number}: {field}", "whatsapp", signed("whatsapp", body))


def page_shapes() -> Iterator[Shape]:
    bodies = {
        "comment": (page.change(message="vu", **{"from": {"id": "7"}}), 0, 1),
        "comment of nobody": (page.change(message="vu", comment_id="1_3"), 0, 1),
        "our own comment": (page.change(**{"from": {"id": page.PAGE}}), 0, 0),
        "our own post": (page.change(item="photo", **{"from": {"id": page.PAGE}}), 1, 0),
        "somebody's post": (page.change(item="post", **{"from": {"id": "7"}}), 0, 1),
        "comment edited": (page.change(verb="edited"), 0, 1),
        "comment removed": (page.change(verb="remove"), 0, 0),
    }
    for name, (body, reports, said) in bodies.items():
        yield Shape(f"page: {name}", "facebook", signed("facebook", body), reports, said)
    told: dict[str, tuple[dict[str, Any], int]] = {
        "words": ({"message": {"mid": "mm1", "text": "رأيتها \U0001f467"}}, 1),
        "picture": (
            {"message": {"mid": "mm2", "attachments": [{"payload": {"url": "https://c.invalid"}}]}},
            1,
        ),
        "button": ({"postback": {"mid": "mm3", "title": "J'ai vu", "payload": "SEEN"}}, 1),
        "echo": ({"message": {"mid": "mm4", "text": "x", "is_echo": True}}, 0),
        "read": ({"read": {"watermark": 1}}, 0),
        "delivered": ({"delivery": {"mids": ["mm1"], "watermark": 1}}, 0),
    }
    for name, (event, said) in told.items():
        yield Shape(f"messenger: {name}", "facebook", signed("facebook", meta.messenger(**event)), said=said)


def instagram_shapes() -> Iterator[Shape]:
    echo = {**insta.MESSAGE, "message": {"mid": "m", "is_echo": True}}
    bodies = {
        "comment": (insta.told(("comments", insta.COMMENT)), 1),
        "comment of nobody": (insta.told(("comments", {"id": "c2", "text": "x"})), 1),
        "mention in a comment": (insta.told(("mentions", {"media_id": "m9", "comment_id": "c9"})), 1),
        "mention in a post": (insta.told(("mentions", {"media_id": "m8"})), 1),
        "message": (insta.told(messaging=[insta.MESSAGE]), 1),
        "our own echo": (insta.told(messaging=[echo]), 0),
        "a field of no interest": (insta.told(("story_insights", {"media_id": "m1"})), 0),
    }
    for name, (body, said) in bodies.items():
        yield Shape(f"instagram: {name}", "instagram", signed("instagram", body), said=said)


def twilio_shapes() -> Iterator[Shape]:
    for state in twilio_hooks.STATES:
        more = {"ErrorCode": "30003"} if state == "undelivered" else {}
        made = twilio.called(twilio.status_of(state, **more), url("twilio", "ref=r-1"))
        yield Shape(f"twilio status: {state}", "twilio", made, reports=1)
    said = {
        "words": twilio.written("J'ai vu طفل 👧", MessageSid="SM10"),
        "nothing": twilio.written("", MessageSid="SM11"),
        "stop": twilio.written("كفى", MessageSid="SM12", OptOutType="STOP"),
        "picture": twilio.written("", MessageSid="SM13", NumMedia="1", MediaUrl0="https://x.invalid/1"),
    }
    for name, fields in said.items():
        yield Shape(f"twilio said: {name}", "twilio", twilio.called(fields, url("twilio")), said=1)


def kannel_shapes() -> Iterator[Shape]:
    for kind, answer in (
        ("1", "stat:DELIVRD"),
        ("2", "stat:UNDELIV"),
        ("4", ""),
        ("8", "ACK/"),
        ("16", "NACK/11/"),
    ):
        query = {
            "ref": "r-2",
            "sig": kannel.signature("r-2", PASSWORD),
            "d": kind,
            "a": answer,
            "f": "9",
            "t": "1",
        }
        made = RawRequest("GET", url("sms", urlencode(query)), {})
        yield Shape(f"kannel report: {kind}", "sms", made, reports=1)
    said = {
        "arabic": ("رأيتها", "k1"),
        "stop": ("STOP", "k2"),
        "nothing": ("", "k3"),
        "without id": ("vu", ""),
    }
    for name, (words, sid) in said.items():
        query = {"from": "+212600000042", "to": "5151", "text": words, "t": "1790000000", "id": sid}
        yield Shape(
            f"kannel said: {name}", "sms", RawRequest("GET", url("sms", urlencode(query)), {}), said=1
        )


def kannel_posts() -> Iterator[Shape]:
    """By post-url: the words as the phone wrote them, the numbers in headers."""
    for name, words, charset in (
        ("arabic", "رأيتها قرب المحطة".encode("utf-16-be"), "UTF-16BE"),
        ("latin", "J'ai vu à Fès".encode(), "UTF-8"),
        ("stop", "توقف".encode("utf-16-be"), "UTF-16BE"),
        ("nothing", b"", "UTF-8"),
    ):
        kind = {"Content-Type": f'text/plain; charset="{charset}"'}
        headers = {"X-Kannel-From": "212600000042", "X-Kannel-To": "5151", **kind}
        address = url("sms", urlencode({"t": "1790000000", "id": f"post-{name}"}))
        yield Shape(f"kannel post: {name}", "sms", RawRequest("POST", address, headers, words), said=1)


META_SHAPES = [*whatsapp_shapes(), *page_shapes(), *instagram_shapes()]
SMS_SHAPES = [*twilio_shapes(), *kannel_shapes(), *kannel_posts()]
SHAPES = [*META_SHAPES, *SMS_SHAPES]


@pytest.fixture
def doors(settings: Settings) -> None:
    settings.NOTIFIER, settings.HOOK_TOKENS, settings.HOOKS_URL = NOTIFIER, TOKENS, HOST


@pytest.fixture
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What other packages make of an event is their tests' matter."""
    monkeypatch.setattr(inbound_received, "receivers", [])
    inbound_received.sender_receivers_cache.clear()
    yield
    inbound_received.sender_receivers_cache.clear()


def backend(shape: Shape) -> Backend:
    return registry.for_hooks(shape.alias)


def call(request: RawRequest) -> int:
    path = request.url.removeprefix(HOST)
    named = {name: value for name, value in request.headers.items() if name != "Content-Type"}
    kind = request.header("Content-Type") or "text/plain"
    client = Client(headers=named)
    return client.generic(request.method, path, request.body, content_type=kind).status_code


def test_the_shapes_are_enough_and_complete():
    names = [shape.name for shape in SHAPES]
    assert len(names) == len(set(names))
    assert len(META_SHAPES) >= 40
    assert len(SMS_SHAPES) >= 20
    said = {str(message.get("type")) for message, _, _ in whatsapp.MESSAGES.values()}
    assert {*whatsapp_content.READERS, "contacts", "unsupported"} <= said
    fields = {field for field, _, _ in account.NEWS}
    assert {"message_template_status_update", "template_category_update", "account_update"} <= fields


def test_each_is_believed_and_read_and_the_same_when_it_comes_again(doors):
    wrong = []
    for shape in SHAPES:
        assert backend(shape).verify(shape.request), shape.name
        first, again = (backend(shape).parse(shape.request) for _ in range(2))
        kinds = [isinstance(event, ReceiptEvent) for event in first]
        same = [event.event_key for event in first] == [event.event_key for event in again]
        if (sum(kinds), len(kinds) - sum(kinds), same) != (shape.reports, shape.said, True):
            wrong.append((shape.name, first))
    assert wrong == []


def test_nobody_is_believed_who_changed_a_letter(doors):
    """Kannel signs its reports alone: whoever knows the path may write what the public wrote, as in life."""
    believed = [
        (shape.name, forged)
        for shape in SHAPES
        for forged in forgeries(shape)
        if backend(shape).verify(forged)
    ]
    assert believed == []


def forgeries(shape: Shape) -> Iterator[RawRequest]:
    request = shape.request
    if shape.alias == "sms" and request.method == "POST":  # nothing is signed but by the path
        yield replace(request, url=request.url.replace("secret-path", "secret-pat"))
        yield replace(request, url=request.url.replace(TOKENS["sms"], ""))
        return
    if shape.alias != "twilio":
        yield from contract.forgeries(shape.request)
        return
    for body in (request.body + b"&More=1", request.body.replace(b"SM", b"SN", 1), b""):
        yield RawRequest(request.method, request.url, request.headers, body)
    bare = {"Content-Type": twilio.FORM}
    yield RawRequest(request.method, request.url, bare, request.body)
    yield RawRequest(request.method, request.url + "x", request.headers, request.body)


@pytest.mark.django_db
def test_whatever_comes_twice_and_in_disorder_is_kept_once(doors, nobody_listens, settings: Settings):
    calls = [shape.request for shape in SHAPES] * 2
    random.Random(7).shuffle(calls)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    assert {call(request) for request in calls} <= {200, 204}
    events = [(shape.alias, event) for shape in SHAPES for event in backend(shape).parse(shape.request)]
    reported = {(alias, one.event_key) for alias, one in events if isinstance(one, ReceiptEvent)}
    heard = {(alias, one.event_key) for alias, one in events if isinstance(one, Inbound)}
    assert set(Receipt.objects.values_list("alias", "event_key")) == reported
    assert set(InboundEvent.objects.values_list("alias", "event_key")) == heard
    assert AliasHealth.objects.get().state == AliasHealth.State.ILL  # WhatsApp told of paused templates


@pytest.mark.django_db
@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "undelivered", "delivered"])))
def test_a_status_that_overtakes_another_takes_nothing_back(gateways, doors, settings, order):  # noqa: F811
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.NOTIFIER = {**NOTIFIER, **make.GATEWAYS}
    batch = make.told(1)
    batch.deliveries.update(state="accepted", alias="twilio")
    ref = reference(batch.deliveries.get().pk)
    for state in order:
        assert call(twilio.called(twilio.status_of(state), url("twilio", f"ref={ref}"))) == 204
        receipts.fold()
    assert batch.deliveries.get().state == "delivered"


def test_what_meta_says_of_the_account_is_read_from_the_same_calls(doors):
    told = {shape.name: backend(shape).problems(shape.request) for shape in META_SHAPES}
    paused = next(found for name, found in told.items() if name.startswith("whatsapp account 0"))
    assert paused == whatsapp_account.news(whatsapp.hook(account.NEWS[0][1], field=account.NEWS[0][0]))
    assert not any(found for name, found in told.items() if not name.startswith("whatsapp"))
    assert json.loads(META_SHAPES[0].request.body)["object"] == whatsapp_hooks.OBJECT


@pytest.mark.django_db
@pytest.mark.parametrize("alias", CLASSES)
def test_what_is_too_large_to_be_a_call_back_is_not_read(doors, settings: Settings, alias):
    """Well signed, where there is a signature."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    body = json.dumps(
        {"object": "page", "entry": [], "x": "y" * registry.backend_class(alias).most_body}
    ).encode()
    assert call(signed(alias, body)) == 403
    assert InboundEvent.objects.count() == Receipt.objects.count() == 0


@pytest.mark.django_db
def test_three_megabytes_of_json_are_taken_and_what_is_said_in_them_is_kept(
    doors, nobody_listens, settings: Settings
):
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    said = json.loads(meta.messenger(message={"mid": "m3", "text": "vu"}))
    body = json.dumps({**said, "x": "y" * 3_000_000}).encode()
    assert call(signed("facebook", body)) == 200
    event = InboundEvent.objects.get()
    assert (event.text, event.alias, event.channel) == ("vu", "facebook", "messenger")


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-2, 2, 4000])
def test_a_clock_that_is_wrong_loses_nothing_the_public_says(doors, nobody_listens, settings, days):
    """Theirs or ours: no call-back is judged by its time, which is kept as it was told."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    at = int(clock.now().timestamp()) + days * 86_400
    body = meta.messenger(message={"mid": f"late{days}", "text": "vu"}, timestamp=at * 1000)
    assert call(signed("facebook", body)) == 200
    query = {"from": "+212600000042", "to": "5151", "text": "vu", "t": str(at), "id": f"late{days}"}
    assert call(RawRequest("GET", url("sms", urlencode(query)), {})) == 200
    assert {int(event.at.timestamp()) for event in InboundEvent.objects.all() if event.at} == {at}
