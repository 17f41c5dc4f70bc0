"""SMS: the contract, and what is Kannel's alone."""

from decimal import Decimal

import pytest

from notifier.backends.kannel import KannelBackend
from notifier.exceptions import CannotCarry
from notifier.http import Request, Response
from notifier.message import (
    Accepted,
    DeliveryError,
    Inbound,
    Message,
    RawRequest,
    ReceiptEvent,
    Text,
    Unknown,
)
from notifier.simulators.run import Simulators
from tests.notifier.contract import (
    ARABIC,
    FRENCH,
    IMPATIENT_S,
    GatewayContract,
    Hooks,
)

OPTIONS = {"url": "http://sms.invalid/cgi-bin/sendsms", "username": "u", "password": "p", "sender": "NAJDA"}
FATES = {"refused": 2, "later": 3, "lost": 4, "hangs": 5}


class TestKannel(GatewayContract):
    backend_class = KannelBackend

    @pytest.fixture
    def backend(self, simulators: Simulators, hooks: Hooks) -> KannelBackend:
        options = {"username": "simulated", "password": "simulated", "sender": "NAJDA", "hook_url": hooks.url}
        return KannelBackend("sms", {**options, "url": simulators.sms_url, "timeout_s": IMPATIENT_S})

    def message(self, reference="r-1"):
        return Message(reference, "+212600000001", "ar", ARABIC)

    def outcome_for(self, backend, fate):
        if fate == "away":
            backend = KannelBackend("sms", {**backend.options, "url": "http://127.0.0.1:9/cgi-bin/sendsms"})
        return backend.send([Message(fate, f"+21260000000{FATES.get(fate, 1)}", "ar", ARABIC)])[0]

    def call_backs(self, backend, simulators, hooks) -> list[RawRequest]:
        hooks.forget(simulators)
        backend.send([self.message("delivered%one")])
        return [hooks.next(), hooks.next()]

    def test_the_reference_comes_back_with_its_receipts(self, backend, simulators, hooks):
        calls = self.call_backs(backend, simulators, hooks)
        events = [event for call in calls for event in backend.parse(call)]
        assert all(isinstance(event, ReceiptEvent) for event in events)
        assert {(event.reference, event.state) for event in events} == {
            ("delivered%one", "accepted"),
            ("delivered%one", "delivered"),
        }
        assert len({event.event_key for event in events}) == 2

    def test_what_the_public_writes_arrives(self, backend, hooks):
        hook = (
            f"{hooks.url}?from=%2B212600000042&to=5151&text=J%27ai+vu+%D8%B7%D9%81%D9%84&t=1790000000&id=mo1"
        )
        (event,) = backend.parse(RawRequest("GET", hook, {}))
        assert isinstance(event, Inbound)
        assert (event.sender, event.text, event.event_key) == ("+212600000042", "J'ai vu طفل", "mo:mo1")


def answering(status: int, body: str, **headers: str) -> tuple[KannelBackend, list[Request]]:
    asked: list[Request] = []

    def transport(request: Request) -> Response:
        asked.append(request)
        return Response(status, headers, body.encode())

    return KannelBackend("sms", OPTIONS, transport=transport), asked


def to(number: str, text: Text = ARABIC, language: str = "ar") -> Message:
    return Message("r", number, language, text)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (202, "0: Accepted for delivery", None),
        (202, "3: Queued for later delivery", None),
        (400, "Not routable. Do not try again.", ("bad_address", True)),
        (404, "no such number", ("bad_address", True)),
        (400, "Number(s) has/have been denied by white- and/or black-lists.", ("bad_address", True)),
        (400, "Invalid recipient", ("bad_address", True)),
        (400, "Sender missing and no global set, rejected", ("rejected", True)),
        (403, "Authorization failed for sendsms", ("credentials", False)),
        (403, "Denied from 10.0.0.9", ("credentials", False)),
        (404, "Unknown request.", ("configuration", False)),
        (301, "", ("configuration", False)),
        (429, "slow down", ("throttled", False)),
        (503, "Temporal failure, try again later.", ("gateway_down", False)),
        (500, "Internal error", ("gateway_down", False)),
    ],
)
def test_an_answer_means_what_kannel_means(status, body, expected):
    backend, _ = answering(status, body)
    (outcome,) = backend.send([to("+212600000099")])
    if expected is None:
        assert outcome == Accepted("r", parts=2)
    else:
        assert isinstance(outcome, DeliveryError)
        assert (outcome.kind, outcome.permanent) == expected


@pytest.mark.parametrize(
    ("status", "body"), [(200, "<html>Sign in</html>"), (502, ""), (504, ""), (202, "?")]
)
def test_an_answer_that_says_nothing_is_unknown(status, body):
    backend, _ = answering(status, body)
    assert backend.send([to("+212600000099")]) == [Unknown(str(status))]


def test_the_pause_a_gateway_asks_for_is_kept():
    backend, _ = answering(429, "", **{"retry-after": "30"})
    (outcome,) = backend.send([to("+212600000099")])
    assert isinstance(outcome, DeliveryError)
    assert outcome.retry_after_s == 30.0


@pytest.mark.parametrize(
    "number", ["0612345678", "+2126", "212612345678", "+212 6 12", "", "+0612345678", "+2126١"]
)
def test_a_number_without_country_code_never_leaves(number):
    backend, asked = answering(202, "0: Accepted")
    (outcome,) = backend.send([to(number)])
    assert isinstance(outcome, CannotCarry)
    assert outcome.kind == "bad_address"
    assert not asked


def test_arabic_goes_as_ucs2_and_says_its_charset():
    backend, asked = answering(202, "0: Accepted for delivery")
    backend.send([to("+212600000099")])
    assert "coding=2" in asked[0].query
    assert "charset=UTF-8" in asked[0].query
    assert "to=%2B212600000099" in asked[0].query


def test_french_costs_no_more_than_its_letters_ask():
    backend, asked = answering(202, "0: Accepted for delivery")
    backend.send([to("+212600000099", FRENCH, "fr")])
    assert "coding=0" in asked[0].query


def test_losses_are_listed_and_only_taken_when_asked_for():
    text = Text(short="Garçon disparu à Fès… « Yassine »")
    plain = KannelBackend("sms", OPTIONS).fit(to("+212600000099", text, "fr"))
    cheap = KannelBackend("sms", {**OPTIONS, "transliterate": True}).fit(to("+212600000099", text, "fr"))
    assert (plain.encoding, plain.lost) == ("ucs2", ())
    assert cheap.encoding == "gsm7"
    assert set(cheap.lost) == {"ç", "…", "«", "»"}
    assert cheap.text == 'Garcon disparu à Fès... " Yassine "'


def test_the_price_is_said_by_part():
    backend = KannelBackend("sms", {**OPTIONS, "price_per_part": "0.07"})
    fit = backend.fit(to("+212600000099", Text(short="ا" * 280)))
    assert (fit.parts, fit.price) == (5, Decimal("0.35"))


def test_a_text_of_too_many_parts_and_an_empty_one_are_refused_before_anything_leaves():
    backend, asked = answering(202, "0: Accepted")
    long, empty = backend.send(
        [to("+212600000099", Text(short="ا" * 700)), to("+212600000099", Text(short=" "))]
    )
    assert isinstance(long, CannotCarry)
    assert isinstance(empty, CannotCarry)
    assert (long.kind, empty.kind) == ("too_long", "invalid")
    assert not asked


def test_a_photo_is_said_to_be_lost():
    text = Text(short="Enfant disparu", photo_name="x.jpg")
    assert KannelBackend("sms", OPTIONS).fit(to("+212600000099", text)).lost == ("photo",)


def test_without_a_hook_nothing_is_believed():
    assert not KannelBackend("sms", OPTIONS).verify(RawRequest("GET", "/hooks/sms/token/?ref=r&d=1", {}))


def test_check_names_wrong_credentials_and_a_gateway_away():
    refused, _ = answering(403, "Authorization failed for sendsms")
    alive, _ = answering(400, "Missing receiver number, rejected")
    away = KannelBackend("sms", {**OPTIONS, "url": "http://127.0.0.1:9/"})
    assert [problem.kind for problem in refused.check()] == ["credentials"]
    assert alive.check() == []
    assert [problem.kind for problem in away.check()] == ["connection"]
