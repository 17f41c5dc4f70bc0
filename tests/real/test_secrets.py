"""No secret, no number and no word in a log, an error or an address: every backend run into every trouble
with marked ones, over real TLS.
"""

import dataclasses
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notifier import health, http
from notifier.backends.base import Backend
from notifier.backends.email import EmailBackend
from notifier.backends.kannel import KannelBackend
from notifier.http import Request, Response
from notifier.message import Message, Text
from notifier.protocols import graph, webpush_crypto
from tests.real import test_bad_input as bad
from tests.real.authority import Authority, Receiver, receiving
from tests.real.mail_server import mail_server
from tests.real.test_cap_partner_tls import CAP

MARK = "s3cr3t"
PHONE = "+212699887766"
WORDS = "طفلة اسمها علامة"
URL = "https://najda.invalid/ar/a/K7M2XQ4T/"
SECRETS = {
    "kannel": ("password",),
    "twilio": ("auth_token", "api_secret"),
    "facebook": ("access_token", "app_secret", "verify_token"),
    "instagram": ("access_token", "app_secret", "verify_token"),
    "whatsapp": ("access_token", "app_secret", "verify_token"),
    "cap_partner": (),
    "webpush": (),
}
TROUBLES: dict[str, tuple[int, dict[str, str], bytes]] = {
    **bad.ANSWERS,
    "a dead token": (401, {}, json.dumps({"error": {"code": 190, "message": f"{MARK} {PHONE}"}}).encode()),
    "no": (400, {}, json.dumps({"error": {"code": 100, "message": f"{MARK} {PHONE}"}}).encode()),
    "a number in words": (400, {}, f"Authorization failed for {MARK} to {PHONE}".encode()),
    "trouble": (500, {}, f"Traceback: {MARK} {PHONE} {WORDS}".encode()),
    "a redirect with all of it": (307, {"Location": f"https://x.invalid/?{MARK}={PHONE}"}, b""),
}


@pytest.fixture(scope="module")
def gateway(authority: Authority) -> Iterator[Receiver]:
    with receiving(authority.issue(bad.HERE)) as receiver:
        yield receiver


def marked(name: str, port: int, authority: Authority, media: Path, **more: Any) -> Backend:
    def trusting(request: Request) -> Response:
        url, bundle = request.url, str(authority.bundle)
        if request.public_only:
            url = f"https://{bad.HERE}:{port}/push/abc"
        return http.send(dataclasses.replace(request, url=url, authorities=bundle, public_only=False))

    kind, options = bad.GATEWAYS[name](f"https://{bad.HERE}:{port}", media)
    secrets = {one: f"{MARK}-{one}" for one in SECRETS[name]}
    if name == "twilio":
        secrets["api_key"] = "SK1"
    if name == "cap_partner":
        options["partners"]["centre"]["secret"] = f"{MARK}-cap"
    return kind(name, {**options, **secrets, "timeout_s": 2.0, **more}, transport=trusting)


def message(name: str) -> Message:
    text = Text(
        subject=WORDS, body=f"{WORDS}\n{URL}", short=f"{WORDS}\n{URL}", url=URL, photo_name="face.jpg",
        document=CAP,
    )  # fmt: skip
    known = bad.message(name, text)
    return dataclasses.replace(known, to=PHONE if name in PHONES else known.to)


PHONES = ("kannel", "twilio", "whatsapp")


def chain(error: BaseException | None) -> str:
    """All that a report of an error would show."""
    said, seen = "", set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        said += f"{error!r} {vars(error)!r} "
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return said


def told(outcome: object) -> str:
    return chain(outcome) if isinstance(outcome, BaseException) else repr(outcome)


@pytest.mark.parametrize("name", bad.GATEWAYS)
def test_nothing_is_said_where_it_could_be_read(gateway, authority, media, caplog, name):
    """Asked of the logs at their most talkative, of every error with its causes, of every request line."""
    caplog.set_level(logging.DEBUG)
    more = {"method": "post"} if name == "kannel" else {}
    backend = marked(name, gateway.port, authority, media, **more)
    gateway.heard.clear()
    shown = ""
    for answer in TROUBLES.values():
        gateway.answer = answer
        (outcome,) = backend.send([message(name)])
        shown += told(outcome) + repr(backend.check()) + repr(backend.read_back(message(name)))
        shown += repr(health._told(backend))
    shown += told(marked(name, 9, authority, media, **more).send([message(name)])[0])
    lines = [path for _, path, _, _ in gateway.heard]
    assert lines
    allowed = PHONE if name == "twilio" else ""  # its list of messages is asked for by the number
    for place, said in (("errors", shown), ("log", caplog.text), ("lines", " ".join(lines))):
        assert MARK not in said, place
        assert WORDS.split()[0] not in said, place
        for number in (PHONE, PHONE[1:], "%2B" + PHONE[1:]):
            assert number not in said or (place == "lines" and allowed), place
    assert not any(key in " ".join(lines) for key in ("access_token", "input_token"))


def test_kannels_get_shows_its_password_in_the_line_alone(gateway, authority, media, caplog):
    """The classic way has no other place for it: a private network, or the option method "post"."""
    caplog.set_level(logging.DEBUG)
    gateway.heard.clear()
    gateway.answer = TROUBLES["trouble"]
    backend = marked("kannel", gateway.port, authority, media)
    assert isinstance(backend, KannelBackend)
    (outcome,) = backend.send([message("kannel")])
    assert MARK in gateway.heard[0][1]
    assert MARK not in caplog.text + told(outcome)
    assert PHONE[1:] not in caplog.text + told(outcome)


@pytest.mark.parametrize("local", ["nobody", "policy", "spam", "cut", "flood", "a"])
def test_mail_says_nothing_either(tmp_path: Path, caplog, local):
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(lambda record: not record.name.startswith(("mail.", "asyncio")))  # the server's
    authority = Authority(tmp_path)
    with mail_server(certificate=authority.issue("127.0.0.1"), wants_login=True) as server:
        options = {
            "host": "127.0.0.1", "port": server.port, "from_address": "alerts@najda.invalid", "use_tls": True,
            "authorities": str(authority.bundle), "username": "najda", "timeout_s": 2.0,
        }  # fmt: skip
        good = EmailBackend("email", {**options, "password": f"{MARK}-of-mail".replace("s3cr3t", "s3cret")})
        wrong = EmailBackend("email", {**options, "password": f"{MARK}-wrong"})
        letter = Message("r", f"{local}@example.org", "ar", Text(subject=WORDS, body=WORDS))
        shown = "".join(told(backend.send([letter])[0]) for backend in (good, wrong)) + repr(wrong.check())
    for said in (shown, caplog.text):
        assert not any(word in said for word in (MARK, "s3cret", WORDS.split()[0], "example.org"))


def test_a_proof_is_no_secret():
    """What goes in Meta's addresses is made of the secrets and gives none of them back."""
    proof = graph.proof(f"{MARK}-app", f"{MARK}-token")
    assert len(proof) == 64
    assert MARK not in proof


def test_a_push_keys_owner_is_all_that_is_shown():
    key = webpush_crypto.new_private_key()
    header = webpush_crypto.vapid(key, "mailto:a@b.invalid").authorization("https://push.invalid", 1)[0]
    assert key not in header
