"""WhatsApp: the contract, and what is its alone: templates, windows, limits, media, people without number."""

import dataclasses
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from notifier import incoming
from notifier.backends.whatsapp import WhatsAppBackend
from notifier.exceptions import CannotCarry, Gone, TooLarge
from notifier.http import Response
from notifier.message import (
    Accepted,
    DeliveryError,
    Inbound,
    Message,
    Outcome,
    Problem,
    RawRequest,
    ReceiptEvent,
    Unknown,
)
from notifier.simulators.run import Plan, running
from notifier.simulators.whatsapp import WhatsAppAccount
from notifier.simulators.whatsapp_limits import Limits
from tests.notifier.contract import ARABIC, FRENCH, IMPATIENT_S, JPEG, GatewayContract, forgeries

NUMBER = "106540352242922"
FATES = {"refused": "00000002", "later": "00000003", "lost": "00000004", "hangs": "00000005"}
SOMEBODY = "+212600000042"
PICTURED = dataclasses.replace(ARABIC, photo_name="face.jpg", photo_alt="صورة الطفلة")


def whatsapp(base_url: str, transport=None, **more: object) -> WhatsAppBackend:
    options = {
        "phone_number_id": NUMBER,
        "waba_id": "102290129340398",
        "access_token": "simulated",
        "app_secret": "simulated",
        "verify_token": "agreed",
        "api_version": "v25.0",
        "base_url": base_url,
        "timeout_s": IMPATIENT_S,
        "template_states": "approved",
        **more,
    }
    return WhatsAppBackend("whatsapp", options, **({"transport": transport} if transport else {}))


def alert(to: str = SOMEBODY, reference: str = "r-1", text=ARABIC, **more) -> Message:
    return Message(reference, to, more.pop("language", "ar"), text, **more)


def at_simulator(simulators, act: str, /, **fields: str) -> int:
    try:
        body = urlencode(fields).encode()
        with urlopen(f"{simulators.whatsapp_url}/_sim/{act}", body, timeout=5) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


@pytest.fixture
def simulated():
    """A simulator of its own for tests that spend its limits, without them."""
    limits = Limits(per_second=None, pair_burst=None, people_per_day=None)
    with running(Plan(whatsapp_limits=limits)) as simulators:
        yield simulators


class TestWhatsApp(GatewayContract):
    backend_class = WhatsAppBackend

    @pytest.fixture(scope="class")
    @classmethod
    def simulators(cls, hooks, out):
        with running(Plan(out=out, whatsapp=WhatsAppAccount(hook_url=hooks.url))) as simulators:
            yield simulators

    @pytest.fixture
    def backend(self, simulators, out: Path) -> WhatsAppBackend:
        return whatsapp(simulators.whatsapp_url, media_dir=str(out))

    def message(self, reference="r-1"):
        return alert(reference=reference, text=PICTURED)

    def outcome_for(self, backend, fate) -> Outcome:
        if fate == "away":
            return whatsapp("http://127.0.0.1:9").send([alert()])[0]
        assert isinstance(backend, WhatsAppBackend)
        backend.picture("")  # so that nothing but the message can go wrong
        return backend.send([alert(f"+2126{FATES[fate]}")])[0]

    def call_backs(self, backend, simulators, hooks) -> list[RawRequest]:
        hooks.forget(simulators)
        backend.send([self.message("called-back")])
        return [hooks.next() for _ in range(3)]

    def test_the_statuses_name_our_reference_and_rise(self, backend, simulators, hooks):
        events = [
            event for call in self.call_backs(backend, simulators, hooks) for event in backend.parse(call)
        ]
        assert [type(event) for event in events] == [ReceiptEvent] * 3
        assert {event.reference for event in events} == {"called-back"}
        assert sorted(event.state for event in events) == ["accepted", "delivered", "delivered"]
        assert len({event.event_key for event in events}) == 3

    def test_people_read_the_template_whole_with_the_picture(self, backend, simulators, out):
        backend.send([self.message("whole")])
        latest = simulators.whatsapp.recorder.latest[-1]
        assert latest.to == SOMEBODY
        assert "شاهدتها؟ اتصل." in latest.text
        assert latest.text.count(ARABIC.url) == 1
        with urlopen(f"{simulators.whatsapp_url}{latest.picture_url}", timeout=5) as picture:
            assert picture.read() == JPEG

    def test_one_without_a_number_is_written_to_and_writes(self, backend, simulators, hooks):
        (made,) = backend.send([alert("MA.Ab12Cd34")])
        assert isinstance(made, Accepted)
        hooks.forget(simulators)
        at_simulator(simulators, "mo", user_id="MA.Ab12Cd34", text="توقف", name="س")
        call = hooks.next()
        assert b"\\u062a" in call.body
        assert backend.verify(call)
        (heard,) = backend.parse(call)
        assert isinstance(heard, Inbound)
        assert (heard.sender, heard.text, heard.to) == ("MA.Ab12Cd34", "توقف", "+212500000000")

    def test_what_people_send_is_fetched_in_two_steps_and_deleted(self, backend, simulators, hooks):
        hooks.forget(simulators)
        at_simulator(simulators, "mo", **{"from": SOMEBODY, "type": "image", "text": "J'ai vu"})
        (heard,) = backend.parse(hooks.next())
        assert isinstance(heard, Inbound)
        (photo,) = incoming.files(heard.raw)
        fetched = backend.fetch(photo.source())
        assert (fetched.media_type, fetched.sha256) == ("image/jpeg", photo.sha256)
        small = whatsapp(simulators.whatsapp_url, most_media_bytes=10)
        with pytest.raises(TooLarge):
            small.fetch(photo.source())
        backend.let_go(photo.source())
        with pytest.raises(Gone):
            backend.fetch(photo.source())

    def test_a_template_paused_is_news_and_the_next_channels_turn(self, backend, simulators, hooks):
        hooks.forget(simulators)
        at_simulator(simulators, "template", name="najda_alert", language="ar", status="PAUSED")
        call = hooks.next()
        assert backend.verify(call)
        assert backend.parse(call) == []
        assert backend.problems(call) == [Problem("configuration", "najda_alert.ar PAUSED")]
        (outcome,) = backend.send([self.message("paused")])
        assert outcome == DeliveryError(permanent=True, kind="configuration", detail="132015")
        assert backend.check_templates() == [Problem("configuration", "alert.ar PAUSED")]
        at_simulator(simulators, "template", name="najda_alert", language="ar", category="MARKETING")
        assert backend.problems(hooks.next()) == [Problem("configuration", "najda_alert.ar is MARKETING")]
        simulators.whatsapp.templates["najda_alert", "ar"].status = "APPROVED"
        assert backend.check_templates() == [Problem("configuration", "alert.ar is MARKETING")]


def test_the_251st_person_is_refused_for_the_next_channel_and_the_others_still_hear_more(simulated):
    simulated.whatsapp.limits = Limits(per_second=None, pair_burst=None)
    backend = whatsapp(simulated.whatsapp_url)
    people = [f"+2126{number:08d}" for number in range(90000, 90251)]
    told = backend.send([alert(person) for person in people])
    assert all(isinstance(outcome, Accepted) for outcome in told[:250])
    assert told[250] == DeliveryError(permanent=True, kind="quota", detail="131048")
    (again,) = backend.send([alert(people[0], kind="end")])
    assert isinstance(again, Accepted)


def test_one_who_wrote_is_answered_freely_and_does_not_count(simulated):
    simulated.whatsapp.limits = Limits(people_per_day=0)
    backend = whatsapp(simulated.whatsapp_url)
    simulated.whatsapp.limits.hear(SOMEBODY.removeprefix("+"))
    free = alert(text=dataclasses.replace(FRENCH, body="Merci.\n\nOù exactement ?"), window_open=True)
    (outcome,) = backend.send([free])
    assert isinstance(outcome, Accepted)
    assert simulated.whatsapp.recorder.latest[-1].text == "Merci.\n\nOù exactement ?"


def test_a_window_that_has_closed_is_answered_by_the_template(simulated):
    backend = whatsapp(simulated.whatsapp_url)
    late = alert(text=FRENCH, language="fr", kind="answer", window_open=True)
    (outcome,) = backend.send([late])
    assert isinstance(outcome, Accepted)
    assert simulated.whatsapp.recorder.latest[-1].text.startswith("Nous avons bien reçu")
    (unsayable,) = backend.send([dataclasses.replace(late, kind="notice")])
    assert unsayable == CannotCarry(kind="rejected", detail="no template for notice")


def test_the_same_person_too_often_waits_alone(simulated):
    simulated.whatsapp.limits = Limits(per_second=None, pair_burst=2)
    backend = whatsapp(simulated.whatsapp_url)
    *_, third, other = backend.send([alert(), alert(), alert(), alert("+212600000043")])
    assert third == DeliveryError(permanent=False, kind="unreachable", retry_after_s=16.0, detail="131056")
    assert isinstance(other, Accepted)


def test_a_token_that_dies_mid_batch_leaves_the_rest_waiting(simulated):
    backend = whatsapp(simulated.whatsapp_url)
    backend.picture("")
    at_simulator(simulated, "faults", token_dies_after="2")
    outcomes = backend.send([alert(f"+2126000001{number}0") for number in range(5)])
    assert [isinstance(outcome, Accepted) for outcome in outcomes] == [True, True, False, False, False]
    assert set(outcomes[2:]) == {DeliveryError(permanent=False, kind="credentials", detail="190/463")}
    assert [problem.kind for problem in backend.check()] == ["credentials"]


def test_slow_answers_are_waited_for_and_slower_ones_are_unknown(simulated):
    at_simulator(simulated, "faults", slow_s="0.1")
    patient = whatsapp(simulated.whatsapp_url, timeout_s=5)
    assert isinstance(patient.send([alert()])[0], Accepted)
    at_simulator(simulated, "faults", slow_s="2")
    assert patient.picture("") is not None
    hasty = whatsapp(simulated.whatsapp_url, timeout_s=0.1)
    hasty._uploaded[""] = "9"
    assert isinstance(hasty.send([alert()])[0], Unknown)


def test_the_token_is_in_no_address_and_no_body():
    asked = []

    def transport(request):
        asked.append(request)
        return Response(200, {}, b'{"messages": [{"id": "wamid.1"}], "id": "7"}')

    backend = whatsapp("https://graph.invalid", transport)
    assert backend.send([alert()]) == [Accepted("wamid.1")]
    assert backend.check() == []
    assert [request.headers["Authorization"] for request in asked] == ["Bearer simulated"] * 3
    for request in asked:
        said = f"{request.url}{request.query}{request.fields}{request.content!r}"
        assert "simulated" not in said
        assert "appsecret_proof=" in request.query


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, b"<html><h1>Bad Gateway</h1></html>"),
        (200, b"<html>captive portal</html>"),
        (302, b"{}"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"messages": []}'),
        (200, b'{"messages": [{"id'),
        (200, b"[" * 100_000),
    ],
)
def test_an_answer_that_cannot_be_read_is_unknown(status, body):
    backend = whatsapp("https://graph.invalid", lambda request: Response(status, {}, body))
    backend._uploaded[""] = "9"
    assert isinstance(backend.send([alert()])[0], Unknown)


@pytest.mark.parametrize("state", ["draft", "pending", "rejected", "paused", ""])
def test_a_template_that_is_not_approved_is_never_tried(state):
    def transport(request):
        raise AssertionError(request.url)

    backend = whatsapp("https://graph.invalid", transport, template_states={"alert.ar": state})
    (outcome,) = backend.send([alert()])
    assert isinstance(outcome, CannotCarry)
    assert outcome == CannotCarry(kind="configuration", detail=f"alert.ar {state or 'draft'}")


def test_our_number_says_its_quality_and_its_allowance(simulated):
    simulated.whatsapp.quality = "RED"
    assert whatsapp(simulated.whatsapp_url, per_day=2000).check() == [
        Problem("policy", "quality RED"),
        Problem("quota", "TIER_250 below per_day", serious=False),
    ]
    gone = whatsapp(simulated.whatsapp_url, phone_number_id="1")
    assert [problem.kind for problem in gone.check()] == ["configuration"]


def test_without_secrets_nobody_is_believed():
    bare = whatsapp("https://graph.invalid", app_secret="", verify_token="")
    call = RawRequest("POST", "/hooks/w/t/", {"X-Hub-Signature-256": "sha256="}, b'{"e": 1}')
    assert not bare.verify(call)
    assert not any(whatsapp("https://graph.invalid").verify(forged) for forged in forgeries(call))
    subscribing = RawRequest("GET", "/hooks/w/t/?hub.challenge=115&hub.verify_token=agreed", {})
    backend = whatsapp("https://graph.invalid")
    assert backend.verify(subscribing)
    assert backend.answer(subscribing).body == b"115"
    assert (backend.parse(subscribing), backend.problems(subscribing)) == ([], [])
