"""CAP partners: the contract, acknowledgements that are believed, and what is none."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from notifier.backends.cap_partner import CapPartnerBackend
from notifier.exceptions import (
    AnswerUnreadable,
    CannotCarry,
    ConfigurationError,
    ConnectFailed,
)
from notifier.http import Request, Response
from notifier.message import Accepted, DeliveryError, Message, RawRequest, Text
from notifier.protocols import cap_partner
from notifier.simulators.cap_partner import CapAccount
from notifier.simulators.run import Plan, Simulators, running
from tests.notifier.contract import IMPATIENT_S, GatewayContract, Hooks

CAP = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
    "<identifier>{id}</identifier><sender>najda.invalid</sender>"
    "<sent>2026-11-22T02:00:00-00:00</sent><status>Actual</status><msgType>{type}</msgType><scope>Public</scope>"
    "<note>طفلة  مفقودة\n à Rabat</note>{references}</alert>"
)
FATES = {"refused": "cap-refuse", "later": "cap-later", "lost": "cap-lost", "hangs": "cap-hang"}
SECRET = "s3cret"


def cap(identifier: str = "a-1", follows: str = "", kind: str = "") -> str:
    references = (
        f"<references>najda.invalid,{follows},2026-11-22T01:00:00-00:00</references>" if follows else ""
    )
    return CAP.format(id=identifier, type=kind or ("Update" if follows else "Alert"), references=references)


def document(to: str = "radio", body: str = "", reference: str = "r-1", **more) -> Message:
    return Message(reference, to, "fr", Text(document=body or cap()), **more)


def partners(url: str, names: tuple[str, ...], secret: str = "simulated") -> dict[str, dict[str, str]]:
    return {name: {"url": f"{url}/{name}", "secret": secret} for name in names}


class TestCapPartner(GatewayContract):
    backend_class = CapPartnerBackend
    names = ("radio", "press", "cap-busy", "cap-denied", "cap-gone", "cap-moved", "cap-html", "cap-other",
             "cap-huge", "cap-refused-later", "cap-twice", *FATES.values())  # fmt: skip

    @pytest.fixture(scope="class")
    @classmethod
    def simulators(cls, hooks: Hooks, out: Path) -> Iterator[Simulators]:
        with running(Plan(out=out, cap=CapAccount(hook_url=hooks.url))) as simulators:
            yield simulators

    @pytest.fixture
    def backend(self, simulators: Simulators) -> CapPartnerBackend:
        options = {"partners": partners(simulators.cap_url, self.names), "timeout_s": IMPATIENT_S}
        return CapPartnerBackend("cap", options)

    def message(self, reference="r-1"):
        return document(body=cap(f"id-{reference}"), reference=reference)

    def outcome_for(self, backend, fate):
        if fate == "away":
            options = {"partners": partners("http://127.0.0.1:9", ("radio",))}
            backend = CapPartnerBackend("cap", options)
        return backend.send([document(FATES.get(fate, "radio"))])[0]

    def call_backs(self, backend, simulators, hooks) -> list[RawRequest]:
        hooks.forget(simulators)
        backend.send([document(body=cap(str(uuid4())), reference="asked")])
        return [hooks.next(), hooks.next()]

    def test_a_partners_acknowledgement_is_a_receipt(self, backend, simulators, hooks):
        events = [backend.parse(call)[0] for call in self.call_backs(backend, simulators, hooks)]
        assert {(event.reference, event.state) for event in events} == {
            ("asked", "accepted"),
            ("asked", "delivered"),
        }
        assert all(event.at is not None for event in events)
        assert len({event.event_key for event in events}) == 2

    def test_the_document_arrives_byte_for_byte_and_once(self, backend, simulators):
        body = cap("whole")
        first, again = backend.send([document("press", body)] * 2)
        assert first == again == Accepted("r-1")
        assert simulators.cap.taken["press"]["whole"] == body.encode()
        came = [line for line in simulators.cap.recorder.latest if line.id == "whole"]
        assert [line.text for line in came] == [body]

    def test_a_document_whose_answer_was_lost_is_taken_once(self, backend, simulators):
        body = cap("lost")
        backend.send([document("cap-lost", body)])
        assert backend.send([document("cap-lost", body)]) == [Accepted("r-1")]
        assert len([line for line in simulators.cap.recorder.latest if line.id == "lost"]) == 1

    def test_a_follow_up_whose_alert_is_not_there_waits(self, backend):
        (early,) = backend.send([document("press", cap("c-1", follows="never", kind="Cancel"))])
        assert early == DeliveryError(permanent=False, kind="missing", detail="409")

    @pytest.mark.parametrize(
        ("name", "kind", "detail"),
        [
            ("cap-busy", "throttled", "429"),
            ("cap-denied", "credentials", "401"),
            ("cap-gone", "bad_address", "410"),
            ("cap-moved", "configuration", "302"),
            ("cap-html", "gateway_down", "200 html"),
            ("cap-other", "gateway_down", "200 other_identifier"),
            ("cap-huge", "gateway_down", "too_big"),
        ],
    )
    def test_what_is_no_acknowledgement_has_a_name(self, backend, name, kind, detail):
        (outcome,) = backend.send([document(name)])
        assert isinstance(outcome, DeliveryError)
        assert (outcome.kind, outcome.detail) == (kind, detail)

    def test_a_partner_may_refuse_later_and_say_it_twice_in_disorder(self, backend, simulators, hooks):
        hooks.forget(simulators)
        backend.send([document("cap-refused-later", cap("late"), "late")])
        events = [backend.parse(hooks.next())[0] for _ in range(2)]
        assert {(event.state, event.error_kind) for event in events} == {
            ("accepted", ""),
            ("failed", "rejected"),
        }
        backend.send([document("cap-twice", cap("twice"), "twice")])
        keys = sorted(backend.parse(hooks.next())[0].event_key for _ in range(4))
        assert keys == ["twice:published", "twice:published", "twice:received", "twice:received"]

    def test_a_wrong_secret_is_our_fault_and_waits(self, simulators):
        options = {"partners": partners(simulators.cap_url, ("radio",), "wrong")}
        assert CapPartnerBackend("cap", options).send([document()]) == [
            DeliveryError(permanent=False, kind="credentials", detail="401")
        ]


def answering(status: int, body: str = "", **headers: str) -> tuple[CapPartnerBackend, list[Request]]:
    asked: list[Request] = []

    def transport(request: Request) -> Response:
        asked.append(request)
        return Response(status, headers, body.encode())

    options = {"partners": partners("https://partner.invalid", ("radio",), SECRET)}
    return CapPartnerBackend("cap", options, transport=transport), asked


def raising(error: Exception) -> CapPartnerBackend:
    def transport(request: Request) -> Response:
        raise error

    options = {"partners": partners("https://partner.invalid", ("radio",), SECRET)}
    return CapPartnerBackend("cap", options, transport=transport)


TAKEN = '{"identifier": "a-1"}'


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, TAKEN, None),
        (201, TAKEN, None),
        (202, TAKEN, None),
        (409, TAKEN, None),
        (200, "", ("gateway_down", False)),
        (204, "", ("gateway_down", False)),
        (200, "ok", ("gateway_down", False)),
        (200, "[1]", ("gateway_down", False)),
        (200, '{"identifier": "a-2"}', ("gateway_down", False)),
        (200, '{"identifier": ["a-1"]}', ("gateway_down", False)),
        (200, "[" * 5000, ("gateway_down", False)),
        (301, TAKEN, ("configuration", False)),
        (308, "", ("configuration", False)),
        (400, "", ("invalid", True)),
        (401, "", ("credentials", False)),
        (403, TAKEN, ("credentials", False)),
        (404, "", ("configuration", False)),
        (405, "", ("configuration", False)),
        (409, '{"error": "unknown_reference"}', ("missing", False)),
        (409, "", ("rejected", True)),
        (410, "", ("bad_address", True)),
        (413, "", ("too_long", True)),
        (415, "", ("configuration", False)),
        (418, "", ("rejected", True)),
        (422, "", ("invalid", True)),
        (429, "", ("throttled", False)),
        (500, TAKEN, ("gateway_down", False)),
        (502, "", ("gateway_down", False)),
        (503, "", ("gateway_down", False)),
        (504, "", ("gateway_down", False)),
    ],
)
def test_an_answer_means_what_it_says(status, body, expected):
    backend, _ = answering(status, body)
    (outcome,) = backend.send([document()])
    if expected is None:
        assert outcome == Accepted("r-1")
    else:
        assert isinstance(outcome, DeliveryError)
        assert (outcome.kind, outcome.permanent) == expected


@pytest.mark.parametrize(
    ("error", "kind", "detail"),
    [
        (ConnectFailed("refused"), "connection", "refused"),
        (ConnectFailed("certificate_expired"), "certificate", "certificate_expired"),
        (ConnectFailed("certificate_other_host"), "certificate", "certificate_other_host"),
        (AnswerUnreadable("too_big"), "gateway_down", "too_big"),
    ],
)
def test_a_broken_exchange_is_passing_and_named(error, kind, detail):
    assert raising(error).send([document()]) == [DeliveryError(permanent=False, kind=kind, detail=detail)]
    assert [problem.detail for problem in raising(error).check()] == [f"radio {detail}"]


def test_what_leaves_is_the_document_its_key_and_a_signature():
    backend, asked = answering(200, TAKEN)
    backend.send([document()])
    (request,) = asked
    assert request.content == cap().encode()
    assert request.headers["Idempotency-Key"] == "a-1"
    assert request.headers["Content-Type"] == "application/cap+xml; charset=utf-8"
    assert request.headers[cap_partner.REFERENCE] == "r-1"
    signature = request.headers[cap_partner.SIGNATURE]
    assert cap_partner.is_signed(SECRET, "cap", signature, request.content)
    assert not cap_partner.is_signed(SECRET, "ack", signature, request.content)
    assert SECRET not in repr(request.headers)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (document("nobody"), "bad_address"),
        (Message("r", "radio", "fr", Text(body="no document")), "invalid"),
        (document(body="<alert/>"), "invalid"),
        (document(body="not xml"), "invalid"),
        (document(body=cap("has space")), "invalid"),
        (document(body=cap("line\nbreak")), "invalid"),
        (document(body=cap("é")), "invalid"),
        (document(body=cap("")), "invalid"),
        (document(body=cap("\ud800")), "invalid"),
        (document(body='<!DOCTYPE alert [<!ENTITY x "y">]>' + cap().partition("\n")[2]), "invalid"),
        (document(body=cap().replace("</note>", "x" * 2_000_000 + "</note>")), "too_long"),
        (document(valid_s=0), "expired"),
    ],
)
def test_what_must_not_leave_does_not(message, kind):
    backend, asked = answering(200, TAKEN)
    (outcome,) = backend.send([message])
    assert isinstance(outcome, CannotCarry)
    assert outcome.kind == kind
    assert not asked


@pytest.mark.parametrize(
    ("partner", "named"),
    [
        ({"url": "http://radio.example/cap", "secret": "s"}, "https"),
        ({"url": "", "secret": "s"}, "https"),
        ({"secret": "s"}, "https"),
        ({"url": "https://radio.example/cap"}, "secret or a certificate"),
        ({"url": "https://radio.example/cap", "certificate": "/nowhere.pem"}, "certificate is no file"),
        ({"url": "https://radio.example/cap", "secret": "s", "authorities": "/nowhere.pem"}, "authorities"),
    ],
)
def test_a_partner_set_up_wrongly_stops_at_the_start(partner, named):
    with pytest.raises(ConfigurationError, match=named):
        CapPartnerBackend("cap", {"partners": {"radio": partner}})


def test_check_names_the_partner_that_refuses_us():
    assert [problem.detail for problem in answering(403)[0].check()] == ["radio 403"]
    assert answering(405)[0].check() == []
