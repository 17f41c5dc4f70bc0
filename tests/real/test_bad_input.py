"""Whatever comes from the other side of a line, and whatever we are given to say: a typed outcome each, and a
sentence an officer understands. Every gateway by HTTP, over real TLS.
"""

import dataclasses
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.utils import translation

from notifier import http
from notifier.backends.base import Backend
from notifier.backends.cap_partner import CapPartnerBackend
from notifier.backends.facebook import FacebookBackend
from notifier.backends.instagram import InstagramBackend
from notifier.backends.kannel import KannelBackend
from notifier.backends.twilio import TwilioBackend
from notifier.backends.webpush import WebPushBackend
from notifier.backends.whatsapp import WhatsAppBackend
from notifier.http import Request, Response
from notifier.meanings import MEANINGS, meaning
from notifier.message import ERROR_KINDS, DeliveryError, Message, Outcome, Text, Unknown
from notifier.protocols import webpush_crypto
from tests.real.authority import Authority, Receiver, receiving
from tests.real.test_cap_partner_tls import CAP

HERE = "127.0.0.1"
PAGE = b"<!doctype html><html><title>Sign in</title>" + b" " * 500
URL = "https://najda.invalid/ar/a/K7M2XQ4T/"
SAID = Text(
    subject="[تنبيه] طفلة مفقودة", body=f"طفلة مفقودة\n{URL}", short=f"طفلة مفقودة\n{URL}", url=URL,
    photo_name="face.jpg", document=CAP,
)  # fmt: skip
META = {"access_token": "t0ken", "app_secret": "s3cret", "verify_token": "v", "api_version": "v25.0"}
KEY = webpush_crypto.new_private_key()
PUSH_KEYS = {
    "p256dh": webpush_crypto.vapid(KEY, "mailto:a@b.invalid").public,
    "auth": "AAAAAAAAAAAAAAAAAAAAAA",
}
ADDRESSES = {"cap_partner": "centre", "facebook": "", "instagram": ""}

Make = Callable[[str, Path], tuple[type[Backend], dict[str, Any]]]
GATEWAYS: dict[str, Make] = {
    "kannel": lambda url, _: (
        KannelBackend,
        {"url": f"{url}/cgi-bin/sendsms", "username": "u", "password": "p", "sender": "NAJDA"},
    ),
    "twilio": lambda url, _: (
        TwilioBackend,
        {"account_sid": "AC1", "auth_token": "t", "base_url": url, "sender": "NAJDA"},
    ),
    "facebook": lambda url, media: (
        FacebookBackend,
        {**META, "base_url": url, "page_id": "1", "media_dir": str(media)},
    ),
    "instagram": lambda url, media: (
        InstagramBackend,
        {
            **META,
            "base_url": url,
            "ig_user_id": "1",
            "media_dir": str(media),
            "media_url": "http://m.invalid",
        },
    ),
    "whatsapp": lambda url, media: (
        WhatsAppBackend,
        {
            **META,
            "base_url": url,
            "media_dir": str(media),
            "media_url": "http://m.invalid",
            "phone_number_id": "1",
            "template_states": "approved",
        },
    ),
    "cap_partner": lambda url, _: (
        CapPartnerBackend,
        {"partners": {"centre": {"url": f"{url}/cap", "secret": "s"}}},
    ),
    "webpush": lambda url, _: (
        WebPushBackend,
        {"vapid_private_key": KEY, "vapid_subject": "mailto:a@b.invalid", "hosts": ("push.invalid",)},
    ),
}


@pytest.fixture(scope="module")
def gateway(authority: Authority) -> Iterator[Receiver]:
    with receiving(authority.issue(HERE)) as receiver:
        yield receiver


def made(name: str, receiver: Receiver, authority: Authority, media: Path) -> Backend:
    def trusting(request: Request) -> Response:
        """This test's authority in place of the system's, a loopback address in place of a public one."""
        url, bundle = request.url, str(authority.bundle)
        if request.public_only:
            url = f"https://{HERE}:{receiver.port}{urlsplit(url).path}"
        return http.send(dataclasses.replace(request, url=url, authorities=bundle, public_only=False))

    kind, options = GATEWAYS[name](f"https://{HERE}:{receiver.port}", media)
    return kind(name, {**options, "timeout_s": 3.0}, transport=trusting)


def message(name: str, text: Text = SAID) -> Message:
    endpoint = {"endpoint": "https://push.invalid/push/abc", "keys": PUSH_KEYS}
    to = json.dumps(endpoint) if name == "webpush" else ADDRESSES.get(name, "+212600000042")
    texts = {} if to else {"ar": text}
    return Message("r-1", to, "ar", text, texts=texts, valid_s=600)


def sent(name: str, receiver: Receiver, authority: Authority, media: Path) -> Outcome:
    receiver.written = 0
    return made(name, receiver, authority, media).send([message(name)])[0]


def known(outcome: Outcome) -> str:
    """The kind an officer is told, "unknown answer" for one that may have been a yes."""
    if isinstance(outcome, Unknown):
        return "answer_lost"
    assert isinstance(outcome, DeliveryError), outcome
    assert not outcome.permanent
    return outcome.kind


BOMB = gzip.compress(b" " * 10_000_000)
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "ten megabytes": (200, {"Content-Type": "application/json"}, b" " * 10_000_000),
    "a bomb": (200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, BOMB),
    "a page for JSON": (200, {"Content-Type": "text/html"}, PAGE),
    "a page of somebody in between": (403, {"Content-Type": "text/html"}, PAGE),
    "a redirect": (302, {"Location": "https://elsewhere.invalid/steal"}, b""),
    "half an answer": (200, {"Content-Length": "500"}, b'{"id":'),
}
# What each makes of it. Before Instagram's last call nothing can have appeared; partners acknowledge or not.
MEANT = {
    "ten megabytes": {"instagram": "connection", "cap_partner": "gateway_down", "*": "answer_lost"},
    "a bomb": {"instagram": "connection", "cap_partner": "gateway_down", "*": "answer_lost"},
    "a page for JSON": {"instagram": "connection", "cap_partner": "gateway_down", "*": "answer_lost"},
    "a page of somebody in between": {
        "kannel": "credentials", "twilio": "permission", "webpush": "credentials",
        "cap_partner": "credentials", "*": "gateway_down",
    },
    "a redirect": {"webpush": "gateway_down", "*": "configuration"},
    "half an answer": {"instagram": "connection", "cap_partner": "gateway_down", "*": "answer_lost"},
}  # fmt: skip


@pytest.mark.parametrize("said", ANSWERS)
def test_an_answer_that_is_none_has_a_meaning_on_every_channel(gateway, authority, media, said):
    gateway.answer = ANSWERS[said]
    meant, heard = {}, {}
    for name in GATEWAYS:
        gateway.heard.clear()
        meant[name] = known(sent(name, gateway, authority, media))
        heard[name] = len(gateway.heard)
        # What was not read filled the line's own buffers at most.
        assert gateway.written < max(0.7 * len(ANSWERS[said][2]) * heard[name], 50_000), name
    expected = MEANT[said]
    assert meant == {name: expected.get(name, expected["*"]) for name in GATEWAYS}


@pytest.mark.parametrize(
    ("host", "days", "detail"),
    [
        ("elsewhere.invalid", (-1, 365), "certificate_other_host"),
        (HERE, (-30, -1), "certificate_expired"),
        (HERE, (1, 30), "certificate_not_yet_valid"),  # or our clock is behind
    ],
)
def test_a_certificate_that_does_not_hold_is_named_and_nothing_is_said(authority, media, host, days, detail):
    with receiving(authority.issue(host, days=days)) as receiver:
        for name in GATEWAYS:
            backend = made(name, receiver, authority, media)
            outcome = backend.send([message(name)])[0]
            assert outcome == DeliveryError(permanent=False, kind="certificate", detail=detail), name
            problems = backend.check()
            assert {problem.kind for problem in problems} <= {"certificate"}, name
            assert problems or name == "webpush"
    assert receiver.heard == []


def test_every_kind_is_a_sentence_in_every_language():
    """An officer reads it in theirs; none is left in English, none says a code."""
    for kind in (*ERROR_KINDS, "not_recallable", "answer_lost"):
        assert kind in MEANINGS
        said = {}
        for code, _ in django_settings.LANGUAGES:
            with translation.override(code):
                said[code] = meaning(kind)
        assert all(said.values())
        if kind != "clock":
            assert len(set(said.values())) == len(said), kind
