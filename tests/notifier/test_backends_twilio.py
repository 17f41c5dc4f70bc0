"""SMS by Twilio: the contract, and what is Twilio's alone."""

import json
from base64 import b64encode
from decimal import Decimal
from urllib.parse import parse_qs, urlencode
from urllib.request import urlopen

import pytest

from notifier import incoming
from notifier.backends.twilio import TwilioBackend
from notifier.exceptions import AnswerLost, CannotCarry, ConfigurationError, ConnectFailed, Gone
from notifier.http import Request, Response
from notifier.message import Accepted, DeliveryError, Inbound, Message, Problem, RawRequest, Text, Unknown
from notifier.simulators.run import Plan, Simulators, running
from notifier.simulators.twilio import TwilioAccount
from tests.notifier.contract import ARABIC, FRENCH, IMPATIENT_S, GatewayContract, Hooks
from tests.notifier.saying import said_to

ACCOUNT = TwilioAccount()
OPTIONS = {
    "account_sid": ACCOUNT.account_sid,
    "auth_token": ACCOUNT.auth_token,
    "base_url": "http://twilio.invalid",
    "sender": "NAJDA",
}
FATES = {"refused": 2, "later": 3, "lost": 4, "hangs": 5}
NOW = "Sun, 04 Oct 2026 09:12:00 GMT"


class TestTwilio(GatewayContract):
    backend_class = TwilioBackend

    @pytest.fixture
    def backend(self, simulators: Simulators, hooks: Hooks) -> TwilioBackend:
        here = {"base_url": simulators.twilio_url, "hook_url": hooks.url, "timeout_s": IMPATIENT_S}
        simulators.twilio.meter.per_second = None
        return TwilioBackend("twilio", {**OPTIONS, **here})

    def message(self, reference="r-1"):
        return Message(reference, "+212600000001", "ar", ARABIC)

    def outcome_for(self, backend, fate):
        if fate == "away":
            backend = TwilioBackend("twilio", {**backend.options, "base_url": "http://127.0.0.1:9"})
        return backend.send([Message(fate, f"+21260000000{FATES.get(fate, 1)}", "ar", ARABIC)])[0]

    def call_backs(self, backend, simulators, hooks) -> list[RawRequest]:
        backend.send([self.message("delivered%one")])
        return [hooks.next(naming="delivered%25one") for _ in range(3)]

    def test_the_reference_comes_back_with_its_receipts(self, backend, simulators, hooks):
        events = [
            event for call in self.call_backs(backend, simulators, hooks) for event in backend.parse(call)
        ]
        assert [event.reference for event in events] == ["delivered%one"] * 3
        assert sorted(event.state for event in events) == ["accepted", "accepted", "delivered"]
        assert len({event.event_key for event in events}) == 3

    def test_a_lost_answer_is_looked_up_and_nothing_is_sent_twice(self, backend, simulators):
        simulators.twilio.switch.set("lose_answer", times=1)
        (made,) = backend.send([Message("once", "+212600000077", "fr", FRENCH)])
        sent = [one["sid"] for one in simulators.twilio.messages.values() if one["to"] == "+212600000077"]
        assert isinstance(made, Accepted)
        assert sent == [made.provider_id]

    def test_other_words_to_the_same_number_are_not_taken_for_the_lost_ones(self, backend, simulators):
        backend.send([Message("before", "+212600000008", "fr", Text(short="Autre chose"))])
        assert backend.read_back(Message("r", "+212600000008", "fr", FRENCH)) is None

    def test_a_status_that_failed_says_why(self, backend, hooks):
        backend.send([Message("why", "+21260000130007", "fr", FRENCH)])
        calls = [hooks.next(naming="why") for _ in range(3)]
        events = [event for call in calls for event in backend.parse(call)]
        assert {(event.state, event.error_kind) for event in events} == {
            ("accepted", ""),
            ("failed", "filtered"),
        }

    def test_a_key_may_stand_in_for_the_token(self, backend):
        named = {"api_key": ACCOUNT.api_key, "api_secret": ACCOUNT.api_secret, "auth_token": "only for hooks"}
        assert TwilioBackend("twilio", {**backend.options, **named}).check() == []

    def test_a_suspended_a_trial_and_a_refused_account_show(self, backend, simulators):
        def account(**now: str) -> None:
            with urlopen(f"{simulators.twilio_url}/_sim/account", urlencode(now).encode()) as answer:
                assert answer.status == 200

        account(status="suspended")
        assert backend.check() == [Problem("policy", "suspended")]
        (refused,) = backend.send([self.message()])
        assert (refused.kind, refused.permanent) == ("policy", False)
        account(status="active", type="Trial")
        assert backend.check() == [Problem("permission", "trial", serious=False)]
        account(type="Full")
        dead = TwilioBackend("twilio", {**backend.options, "auth_token": "dead"})
        assert dead.check() == [Problem("credentials", "20003")]


def test_who_said_stop_is_refused_by_twilio_until_they_start_again(hooks):
    account = TwilioAccount(hook_url=hooks.url)
    with running(Plan(twilio=account)) as simulators:
        backend = TwilioBackend(
            "twilio", {**OPTIONS, "base_url": simulators.twilio_url, "hook_url": hooks.url}
        )

        def write(words: str) -> Inbound:
            form = urlencode({"from": "+212600000042", "to": "NAJDA", "text": words}).encode()
            with urlopen(f"{simulators.twilio_url}/_sim/mo", form) as answer:
                assert answer.status == 202
            call = hooks.next(naming="OptOutType")
            assert backend.verify(call)
            (event,) = backend.parse(call)
            assert isinstance(event, Inbound)
            return event

        for word in ("Stop", "arrêt", "توقف"):
            assert write(word).text == "STOP"
            (refused,) = backend.send([Message("r", "+212600000042", "fr", Text(short=f"x {word}"))])
            assert refused == DeliveryError(permanent=True, kind="opted_out", detail="21610")
            assert write("START").raw["OptOutType"] == "START"


def test_the_limits_of_a_first_week_are_on():
    with running(Plan(twilio=TwilioAccount(per_second=2.0, per_day=3))) as simulators:
        backend = TwilioBackend("twilio", {**OPTIONS, "base_url": simulators.twilio_url})
        outcomes = backend.send([Message("r", "+212600000042", "fr", Text(short="x"))] * 4)
        throttled = [outcome for outcome in outcomes if isinstance(outcome, DeliveryError)]
        assert {(error.kind, error.retry_after_s, error.detail) for error in throttled} == {
            ("throttled", 1.0, "20429")
        }
        assert len(throttled) == 2
        simulators.twilio.meter.per_second = None
        last = backend.send([Message("r", "+212600000042", "fr", Text(short="x"))] * 2)[-1]
        assert last == DeliveryError(permanent=False, kind="throttled", retry_after_s=3600.0, detail="63038")


def test_too_many_requests_at_once_are_put_off():
    with running(Plan(twilio=TwilioAccount(in_flight=1))) as simulators:
        backend = TwilioBackend(
            "twilio", {**OPTIONS, "base_url": simulators.twilio_url, "timeout_s": IMPATIENT_S}
        )
        simulators.twilio.open = 1
        (outcome,) = backend.send([Message("r", "+212600000042", "fr", FRENCH)])
        assert outcome == DeliveryError(permanent=False, kind="throttled", retry_after_s=1.0, detail="20429")


def test_a_slow_answer_is_waited_for():
    with running() as simulators:
        simulators.twilio.slow_s = 0.2
        backend = TwilioBackend("twilio", {**OPTIONS, "base_url": simulators.twilio_url})
        (outcome,) = backend.send([Message("r", "+212600000042", "fr", FRENCH)])
        assert isinstance(outcome, Accepted)
        assert simulators.twilio.open == 0


class Scripted:
    """Answers one after the other; an exception is raised. Keeps what was asked."""

    def __init__(self, *answers: tuple[int, object] | Exception, **headers: str) -> None:
        self.answers = list(answers)
        self.headers = {"date": NOW, **headers}
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Response(status, self.headers, raw)


def sent(*answers: tuple[int, object] | Exception, **options: object) -> tuple[object, Scripted]:
    transport = Scripted(*answers)
    backend = TwilioBackend("twilio", {**OPTIONS, **options}, transport=transport)
    (outcome,) = backend.send([Message("r", "+212600000042", "fr", FRENCH, valid_s=1200)])
    return outcome, transport


CREATED = (201, {"sid": "SM1", "status": "queued", "num_segments": "1"})
LISTED = {"sid": "SM7", "body": FRENCH.short, "direction": "outbound-api", "num_segments": "1"}


def test_what_is_asked_of_twilio():
    outcome, transport = sent(CREATED, hook_url="https://najda.example/hooks/twilio/tok/")
    (asked,) = transport.asked
    assert outcome == Accepted("SM1", parts=1)
    assert asked.url == f"http://twilio.invalid/2010-04-01/Accounts/{ACCOUNT.account_sid}/Messages.json"
    assert asked.fields == {
        "To": "+212600000042",
        "Body": FRENCH.short,
        "From": "NAJDA",
        "StatusCallback": "https://najda.example/hooks/twilio/tok/?ref=r",
        "ValidityPeriod": "1200",
    }


def test_a_messaging_service_takes_the_senders_place():
    _, transport = sent(CREATED, messaging_service_sid="MG1", sender="")
    assert transport.asked[0].fields is not None
    assert transport.asked[0].fields["MessagingServiceSid"] == "MG1"
    assert "From" not in transport.asked[0].fields


@pytest.mark.parametrize(
    ("valid_s", "option", "asked"),
    [(1200, None, "1200"), (2, None, "5"), (90_000, None, "36000"), (1200, 600, "600"), (None, None, None)],
)
def test_a_message_is_held_no_longer_than_it_is_wanted(valid_s, option, asked):
    transport = Scripted(CREATED)
    backend = TwilioBackend("twilio", {**OPTIONS, "validity_s": option}, transport=transport)
    backend.send([Message("r", "+212600000042", "fr", FRENCH, valid_s=valid_s)])
    assert transport.asked[0].fields is not None
    assert transport.asked[0].fields.get("ValidityPeriod") == asked


def test_secrets_travel_in_a_header_alone():
    _, transport = sent(AnswerLost("closed"), (200, {"messages": []}), auth_token="t0ps3cret")
    hidden = b64encode(f"{ACCOUNT.account_sid}:t0ps3cret".encode()).decode()
    assert [request.headers["Authorization"] for request in transport.asked] == [f"Basic {hidden}"] * 2
    assert all(
        "t0ps3cret" not in request.url + request.query + str(request.fields) for request in transport.asked
    )


def test_no_refusal_quotes_a_number_or_our_words():
    outcome, _ = sent((400, {"code": 21211, "message": "+212600000042 is not valid: Enfant", "status": 400}))
    assert str(outcome) == "bad_address (permanent) 21211"


def test_a_sender_is_asked_for_at_once():
    with pytest.raises(ConfigurationError, match="twilio: OPTIONS lacks sender or messaging_service_sid"):
        TwilioBackend("twilio", {**OPTIONS, "sender": ""})


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([AnswerLost("timed_out"), (200, {"messages": [LISTED]})], Accepted("SM7", parts=1)),
        ([AnswerLost("timed_out"), (200, {"messages": []})], Unknown("timed_out")),
        ([AnswerLost("closed"), AnswerLost("closed")], Unknown("closed")),
        ([AnswerLost("closed"), ConnectFailed("refused")], Unknown("closed")),
        ([AnswerLost("closed"), (429, {"code": 20429})], Unknown("closed")),
        ([AnswerLost("closed"), (200, b"<html>")], Unknown("closed")),
        ([(502, b"<html>Bad gateway"), (200, {"messages": [LISTED]})], Accepted("SM7", parts=1)),
        ([(504, b""), (200, {"messages": []})], Unknown("504")),
        ([(200, b"<html>Sign in"), (200, {"messages": []})], Unknown("200")),
        ([(201, {"status": "queued"}), (200, {"messages": []})], Unknown("no sid")),
        ([(500, {"code": 20500}), (200, {"messages": [LISTED]})], Accepted("SM7", parts=1)),
    ],
)  # fmt: skip
def test_what_may_have_been_taken_is_looked_for_and_never_sent_again(answers, expected):
    outcome, transport = sent(*answers)
    assert outcome == expected
    assert [request.method for request in transport.asked] == ["POST", "GET"]
    assert parse_qs(transport.asked[1].query)["To"] == ["+212600000042"]


@pytest.mark.parametrize(
    "other",
    [
        {"body": "Autre chose"},
        {"direction": "inbound"},
        {"date_created": "Sun, 04 Oct 2026 08:40:00 +0000"},
    ],
)
def test_another_message_is_not_taken_for_ours(other):
    outcome, _ = sent(AnswerLost("closed"), (200, {"messages": [{**LISTED, **other}]}))
    assert outcome == Unknown("closed")


def test_a_message_of_this_minute_is_found_whatever_our_clock_says():
    recent = {**LISTED, "date_created": "Sun, 04 Oct 2026 09:11:30 +0000"}
    outcome, _ = sent(AnswerLost("closed"), (200, {"messages": [{**LISTED, "body": "x"}, recent]}))
    assert outcome == Accepted("SM7", parts=1)


def test_a_gateway_in_trouble_keeps_the_message_when_nothing_was_made():
    outcome, _ = sent((503, {"code": 20503, "status": 503}), (200, {"messages": []}))
    assert outcome == DeliveryError(permanent=False, kind="gateway_down", detail="20503")


def test_a_region_not_enabled_stops_us_at_home_and_one_number_abroad():
    closed = (400, {"code": 21408, "status": 400})
    ours = DeliveryError(permanent=False, kind="permission", detail="21408")
    assert sent(closed)[0] == ours
    assert sent(closed, home_prefix="+212")[0] == ours
    assert sent(closed, home_prefix="+241")[0] == DeliveryError(
        permanent=True, kind="rejected", detail="21408"
    )


def test_what_the_message_costs_is_said_before_it_leaves():
    backend = TwilioBackend("twilio", {**OPTIONS, "price_per_part": "0.07"})
    fit = backend.fit(Message("r", "+212600000042", "ar", Text(short="ا" * 280)))
    assert (fit.parts, fit.encoding, fit.price) == (5, "ucs2", Decimal("0.35"))


def test_more_characters_than_twilio_takes_are_refused_here():
    backend = TwilioBackend("twilio", {**OPTIONS, "max_parts": 20}, transport=Scripted())
    (outcome,) = backend.send([Message("r", "+212600000042", "fr", Text(short="e" * 1601))])
    assert isinstance(outcome, CannotCarry)
    assert outcome.kind == "too_long"


def test_a_call_back_host_twilio_refuses_is_named():
    transport = Scripted((200, {"status": "active"}))
    backend = TwilioBackend(
        "twilio", {**OPTIONS, "hook_url": "https://my_host.example/h/"}, transport=transport
    )
    assert backend.check() == [Problem("configuration", "hook_url host")]


def test_what_came_along_is_fetched_with_our_credentials_which_go_no_further(hooks):
    with running(Plan(twilio=TwilioAccount(hook_url=hooks.url))) as simulators:
        hooks.forget(simulators)
        backend = TwilioBackend("twilio", {**OPTIONS, "base_url": simulators.twilio_url})
        fields = {"from": "+212600000042", "to": "+212500000000", "text": "voilà"}
        said_to(simulators.twilio_url, "mo", file=("v.mp4", "video/mp4", b"clip" * 9), **fields)
        (heard,) = backend.parse(hooks.next())
        assert isinstance(heard, Inbound)
        (clip,) = incoming.files(heard.raw)
        got = backend.fetch(clip.source())
        assert (got.data, got.media_type) == (b"clip" * 9, "video/mp4")
        stranger = TwilioBackend("twilio", {**backend.options, "auth_token": "another"})
        with pytest.raises(Gone):
            stranger.fetch(clip.source())
        backend.let_go(clip.source())
        with pytest.raises(Gone):
            backend.fetch(clip.source())


def test_credentials_are_shown_to_our_own_account_alone():
    seen = []

    def transport(request: Request) -> Response:
        seen.append("Authorization" in request.headers)
        return Response(200, {}, b"x")

    backend = TwilioBackend("twilio", {**OPTIONS, "base_url": "https://api.twilio.com"}, transport=transport)
    own = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT.account_sid}/Messages/SM1/Media/ME1"
    for url in (own, own.replace(ACCOUNT.account_sid, "AC9"), "https://mms.twiliocdn.com/x"):
        backend.fetch({"url": url})
    assert seen == [True, False, False]
    with pytest.raises(DeliveryError, match="media host"):
        backend.fetch({"url": "https://media.twiliocdn.com.evil.invalid/x"})
