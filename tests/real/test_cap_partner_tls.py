"""CAP over real TLS: a partner that demands our certificate, and certificates that do not hold."""

import json
from pathlib import Path

import pytest

from notifier.backends.cap_partner import CapPartnerBackend
from notifier.message import Accepted, DeliveryError, Message, Problem, Text
from tests.real.authority import Authority, Receiver, receiving

CAP = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a-1</identifier>'
    "<sender>najda.invalid</sender><sent>2026-11-22T02:00:00-00:00</sent><status>Actual</status>"
    "<msgType>Alert</msgType><scope>Public</scope><note>طفلة مفقودة</note></alert>"
)
TAKEN = (200, {"Content-Type": "application/json"}, json.dumps({"identifier": "a-1"}).encode())
HERE = "127.0.0.1"


@pytest.fixture
def theirs(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "Partner authority")


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "Our authority")


def send(receiver: Receiver, **partner: object):
    backend = made(receiver, **partner)
    return backend.send([Message("r-1", "centre", "ar", Text(document=CAP), valid_s=600)])[0]


def made(receiver: Receiver, **partner: object) -> CapPartnerBackend:
    given = {name: str(value) for name, value in partner.items()}
    options = {"partners": {"centre": {"url": f"https://{HERE}:{receiver.port}/cap", "secret": "s", **given}}}
    return CapPartnerBackend("cap", {**options, "timeout_s": 2})


def refused(kind: str, detail: str) -> DeliveryError:
    return DeliveryError(permanent=False, kind=kind, detail=detail)


def test_a_partner_that_demands_a_certificate_takes_the_document_from_us(theirs, ours):
    client = ours.issue("najda.invalid")
    with receiving(theirs.issue(HERE), clients_of=ours) as receiver:
        receiver.answer = TAKEN
        outcome = send(receiver, certificate=client, secret="", authorities=theirs.bundle)
        assert outcome == Accepted("r-1")
        assert made(receiver, certificate=client, authorities=theirs.bundle).check() == []
    who, path, headers, body = receiver.heard[0]
    assert (who, path, body) == ("najda.invalid", "/cap", CAP.encode())
    assert "X-Najda-Signature" not in headers


@pytest.mark.parametrize("shown", ["none", "foreign"])
def test_who_has_no_certificate_or_a_foreign_one_does_not_get_in(theirs, ours, tmp_path, shown):
    (tmp_path / "foreign").mkdir()
    foreign = Authority(tmp_path / "foreign", "Nobody").issue("najda.invalid")
    client = {"certificate": foreign} if shown == "foreign" else {}
    with receiving(theirs.issue(HERE), clients_of=ours) as receiver:
        receiver.answer = TAKEN
        outcome = send(receiver, authorities=theirs.bundle, **client)
    # The server says why and hangs up; whether its words are still heard is a race of its own.
    assert outcome in (refused("credentials", "certificate_refused"), refused("connection", "closed"))
    assert receiver.heard == []


@pytest.mark.parametrize(
    ("host", "days", "detail"),
    [
        ("partner.invalid", (-1, 365), "certificate_other_host"),
        (HERE, (-30, -1), "certificate_expired"),
        (HERE, (1, 30), "certificate_not_yet_valid"),
    ],
)
def test_a_certificate_that_does_not_hold_is_named_and_nothing_is_said(theirs, host, days, detail):
    with receiving(theirs.issue(host, days=days)) as receiver:
        receiver.answer = TAKEN
        assert send(receiver, authorities=theirs.bundle) == refused("certificate", detail)
        problems = made(receiver, authorities=theirs.bundle).check()
        assert problems == [Problem("certificate", f"centre {detail}")]
    assert receiver.heard == []


def test_an_authority_nobody_knows_is_named(theirs, ours):
    with receiving(theirs.issue(HERE)) as receiver:
        assert send(receiver) == refused("certificate", "certificate_unknown")
        assert send(receiver, authorities=ours.bundle) == refused("certificate", "certificate_unknown")
    assert receiver.heard == []


@pytest.mark.parametrize(
    ("answer", "kind", "detail"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>Welcome</html>"), "gateway_down", "200 html"),
        ((302, {"Location": "https://elsewhere.invalid/"}, b""), "configuration", "302"),
        ((200, {"Content-Type": "application/json"}, b" " * 10_000_000), "gateway_down", "too_big"),
    ],
)
def test_an_answer_that_is_no_acknowledgement_is_named(theirs, answer, kind, detail):
    with receiving(theirs.issue(HERE)) as receiver:
        receiver.answer = answer
        assert send(receiver, authorities=theirs.bundle) == refused(kind, detail)
    assert len(receiver.heard) == 1


@pytest.mark.parametrize(("days", "words"), [(5, "own_certificate_ends"), (-1, "own_certificate_expired")])
def test_our_own_certificate_is_watched(theirs, ours, days, words):
    client = ours.issue("najda.invalid", days=(-9, days))
    with receiving(theirs.issue(HERE)) as receiver:
        problems = made(receiver, certificate=client, authorities=theirs.bundle).check()
    assert problems == [Problem("certificate", f"centre {words}", serious=days < 0)]
