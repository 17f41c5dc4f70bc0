"""Web Push: the contract, and what hostile subscriptions, strange services and one key for life ask."""

import dataclasses
import json
from urllib.request import urlopen

import pytest

from notifier.backends.webpush import WebPushBackend
from notifier.exceptions import AnswerLost, CannotCarry, ConfigurationError, ConnectFailed
from notifier.http import Request, Response
from notifier.message import Accepted, DeliveryError, Message, Text, Unknown
from notifier.protocols import webpush, webpush_crypto
from notifier.public_hosts import NotPublic
from notifier.simulators.run import Simulators
from notifier.simulators.webpush import opened, subscription
from tests.notifier.contract import ARABIC, IMPATIENT_S, GatewayContract

KEY = "3KzvKasA2SoCxsp0iIG_o9B0Ozvl1XDwI63JRKNIWBM"
OPTIONS = {"vapid_private_key": KEY, "vapid_subject": "mailto:alerts@najda.invalid"}
FATES = {"refused": "sim-gone", "later": "sim-later", "lost": "sim-lost", "hangs": "sim-hang"}
FCM = "fcm.googleapis.com"


def alert(to: str = "sim-ok", **more) -> Message:
    address = to if to.startswith("{") else subscription(to, more.pop("host", "push.invalid"))
    given = {"reference": "r-1", "language": "ar", "text": ARABIC, "valid_s": 3600, "thread": "alert-1"}
    return Message(to=address, **{**given, **more})


class TestWebPush(GatewayContract):
    backend_class = WebPushBackend

    @pytest.fixture
    def backend(self, simulators: Simulators) -> WebPushBackend:
        options = {**OPTIONS, "gateway_url": simulators.webpush_url, "timeout_s": IMPATIENT_S}
        return WebPushBackend("webpush", options)

    def message(self, reference="r-1"):
        return alert(reference=reference)

    def outcome_for(self, backend, fate):
        if fate == "away":
            backend = WebPushBackend("webpush", {**backend.options, "gateway_url": "http://127.0.0.1:9"})
        return backend.send([alert(FATES.get(fate, "sim-ok"))])[0]

    def test_the_phone_shows_what_was_sealed_for_it_and_no_more(self, backend, simulators):
        backend.send([alert("sim-ok")])
        line = simulators.webpush.recorder.latest[-1]
        assert line.to == subscription("sim-ok")
        told = ARABIC.short.replace(ARABIC.url, "").strip()
        assert line.text == f"{ARABIC.subject}\n{told}\n{ARABIC.url}"

    def test_a_phone_that_was_off_hears_the_last_word_only(self, backend, simulators):
        update = Text(subject="[تحديث] طفلة مفقودة", url=ARABIC.url)
        backend.send([alert("sim-off-1"), alert("sim-off-1", text=update, kind="update")])
        backend.send([alert("sim-off-1", thread="another")])
        before = simulators.webpush.recorder.counts["received"]
        with urlopen(f"{simulators.webpush_url}/_sim/wake", b"", timeout=5) as answer:
            assert answer.read() == b"2"
        said = [line.subject for line in list(simulators.webpush.recorder.latest)[-2:]]
        assert simulators.webpush.recorder.counts["received"] == before + 2
        assert said == [update.subject, ARABIC.subject]

    @pytest.mark.parametrize(
        ("name", "kind", "permanent"),
        [
            ("sim-gone", "bad_address", True),
            ("sim-unknown", "bad_address", True),
            ("sim-later", "throttled", False),
            ("sim-busy", "gateway_down", False),
            ("sim-huge", "too_long", True),
            ("sim-moved", "gateway_down", False),
            ("sim-other-key", "rejected", True),
            ("sim-html", "invalid", True),
        ],
    )
    def test_every_bad_day_of_a_service_has_its_meaning(self, backend, name, kind, permanent):
        (outcome,) = backend.send([alert(name)])
        assert isinstance(outcome, DeliveryError)
        assert (outcome.kind, outcome.permanent) == (kind, permanent)

    def test_a_service_that_refuses_our_key_waits_for_a_person(self, backend, simulators):
        simulators.webpush.switch.set("denied", 1)
        (outcome,) = backend.send([alert()])
        assert outcome == DeliveryError(permanent=False, kind="credentials", detail="403")

    def test_the_simulator_takes_no_push_without_a_true_token(self, simulators):
        other = webpush_crypto.vapid(KEY, "mailto:a@example.org").authorization("https://else.invalid", 1)
        for header in ("", "vapid t=a.b.c, k=d", other):
            request = webpush.headers(alert(), header, 60)
            backend = WebPushBackend("webpush", {**OPTIONS, "gateway_url": simulators.webpush_url})
            answer = backend.transport(
                Request("POST", f"{simulators.webpush_url}/push.invalid/x", headers=request, content=b"x")
            )
            assert answer.status in (401, 403)


def answering(
    *answers: tuple[int, str] | Exception, **options: object
) -> tuple[WebPushBackend, list[Request]]:
    asked: list[Request] = []
    left = list(answers)

    def transport(request: Request) -> Response:
        asked.append(request)
        given = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(given, Exception):
            raise given
        return Response(given[0], {"retry-after": "30"}, given[1].encode())

    return WebPushBackend("webpush", {**OPTIONS, **options}, transport=transport), asked


def outcome(backend: WebPushBackend, **more) -> object:
    return backend.send([alert(host=FCM, **more)])[0]


@pytest.mark.parametrize(
    ("status", "body", "ours", "strangers"),
    [
        (201, "", None, None),
        (200, "", None, None),
        (202, "", None, None),
        (204, "", None, None),
        (404, "", ("bad_address", True), ("bad_address", True)),
        (410, "", ("bad_address", True), ("bad_address", True)),
        (413, "", ("too_long", True), ("too_long", True)),
        (429, "", ("throttled", False), ("unreachable", False)),
        (408, "", ("throttled", False), ("unreachable", False)),
        (400, "bad Topic", ("invalid", True), ("rejected", True)),
        (400, '{"reason":"BadJwtToken"}', ("credentials", False), ("rejected", True)),
        (400, '{"reason":"VapidPkHashMismatch"}', ("rejected", True), ("rejected", True)),
        (401, '{"errno":109,"message":"Invalid VAPID"}', ("credentials", False), ("rejected", True)),
        (401, "", ("credentials", False), ("rejected", True)),
        (403, "", ("credentials", False), ("rejected", True)),
        (403, "credentials do not correspond", ("rejected", True), ("rejected", True)),
        (405, "", ("rejected", True), ("rejected", True)),
        (301, "", ("gateway_down", False), ("rejected", True)),
        (307, "", ("gateway_down", False), ("rejected", True)),
        (500, "", ("gateway_down", False), ("unreachable", False)),
        (502, "<html>", ("gateway_down", False), ("unreachable", False)),
        (503, "", ("gateway_down", False), ("unreachable", False)),
    ],
)
def test_an_answer_means_what_it_means_by_who_gave_it(status, body, ours, strangers):
    for host, expected in ((FCM, ours), ("push.stranger.example", strangers)):
        backend, _ = answering((status, body), hosts=("*",))
        (given,) = backend.send([alert(host=host)])
        if expected is None:
            assert given == Accepted("r-1")
        else:
            assert isinstance(given, DeliveryError)
            assert (given.kind, given.permanent) == expected


def test_a_pause_is_kept_when_a_service_asks_and_ignored_when_a_stranger_does():
    backend, _ = answering((429, ""), hosts=("*",))
    services, strangers = backend.send([alert(host=FCM), alert(host="push.stranger.example")])
    assert isinstance(services, DeliveryError)
    assert isinstance(strangers, DeliveryError)
    assert (services.retry_after_s, strangers.retry_after_s) == (30.0, None)


def test_one_subscription_of_another_key_does_not_stop_the_others():
    backend, _ = answering((201, ""), (403, ""), (201, ""))
    outcomes = backend.send([alert(host=FCM)] * 3)
    assert outcomes[0] == outcomes[2] == Accepted("r-1")
    assert outcomes[1] == DeliveryError(permanent=True, kind="rejected", detail="403 other_key")


@pytest.mark.parametrize(
    ("error", "kind", "permanent"),
    [
        (NotPublic("not_public"), "connection", False),
        (ConnectFailed("refused"), "connection", False),
        (ConnectFailed("certificate_expired"), "certificate", False),
    ],
)
def test_a_service_that_cannot_be_reached_is_passing(error, kind, permanent):
    backend, _ = answering(error)
    given = outcome(backend)
    assert isinstance(given, DeliveryError)
    assert (given.kind, given.permanent) == (kind, permanent)


def test_a_strangers_name_that_leads_inside_is_refused_for_good():
    backend, _ = answering(NotPublic("not_public"), hosts=("*",))
    (given,) = backend.send([alert(host="push.stranger.example")])
    assert given == CannotCarry(kind="bad_address", detail="not_public")


def test_a_lost_answer_is_unknown():
    backend, _ = answering(AnswerLost("timed_out"))
    assert outcome(backend) == Unknown("timed_out")


def test_a_push_says_how_long_how_urgent_and_what_it_replaces():
    backend, asked = answering((201, ""))
    outcome(backend)
    outcome(backend, kind="update")
    outcome(backend, kind="notice", thread="other", valid_s=10**9)
    alert_, update, notice = (request.headers for request in asked)
    assert (alert_["TTL"], alert_["Urgency"]) == ("3600", "high")
    assert alert_["Topic"] == update["Topic"] != notice["Topic"]
    assert len(alert_["Topic"]) == 32
    assert "alert-1" not in alert_["Topic"]
    assert (notice["TTL"], notice["Urgency"]) == ("2419200", "normal")


def test_what_is_over_never_leaves():
    backend, asked = answering((201, ""))
    given = outcome(backend, valid_s=0)
    assert given == CannotCarry(kind="expired")
    assert not asked


def test_the_token_is_signed_once_a_service_and_renewed_in_time(monkeypatch):
    backend, asked = answering((201, ""))
    now = [1_800_000_000.0]
    monkeypatch.setattr("notifier.backends.webpush.time.time", lambda: now[0])
    for wait_s in (0, 3600, 40_000):
        now[0] += wait_s
        outcome(backend)
    tokens = [request.headers["Authorization"] for request in asked]
    assert tokens[0] == tokens[1] != tokens[2]
    claims = webpush_crypto.read_authorization(tokens[2])
    assert claims["aud"] == f"https://{FCM}"
    assert 0 < float(str(claims["exp"])) - now[0] <= 24 * 3600
    assert claims["sub"] == "mailto:alerts@najda.invalid"


def test_strangers_hosts_do_not_fill_the_memory():
    backend, _ = answering((201, ""), hosts=("*",))
    backend.send([alert(host=f"h{number}.example") for number in range(200)])
    assert len(backend._tokens) <= 64


def test_the_payload_is_title_line_and_address_and_the_photo_is_said_to_be_lost():
    backend, asked = answering((201, ""))
    pictured = dataclasses.replace(ARABIC, photo_name="x.jpg", body="جسم النص")
    fit = backend.fit(alert(text=pictured))
    assert fit.lost == ("photo",)
    assert set(json.loads(fit.text)) == {"kind", "lang", "title", "body", "url", "tag"}
    assert ARABIC.url not in json.loads(fit.text)["body"]
    outcome(backend, text=pictured)
    assert asked[0].content is not None
    assert opened(asked[0].content).decode() == fit.text


def test_the_largest_payload_is_one_record_and_one_byte_more_is_refused():
    backend, asked = answering((201, ""))
    bare = len(backend.fit(alert(text=Text(subject="x", url="u"))).text.encode())
    full = Text(subject="x" * (webpush.MOST_BYTES - bare + 1), url="u")
    assert outcome(backend, text=full) == Accepted("r-1")
    assert asked[0].content is not None
    assert len(asked[0].content) == 4096
    over = outcome(backend, text=dataclasses.replace(full, subject=full.subject + "x"))
    assert isinstance(over, CannotCarry)
    assert over.kind == "too_long"


@pytest.mark.parametrize("text", [Text(subject="x"), Text(url="https://x/"), Text(subject=" ", url="u")])
def test_a_push_without_title_or_address_is_refused(text):
    with pytest.raises(CannotCarry):
        answering((201, ""))[0].fit(alert(text=text))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"vapid_private_key": "short"}, "vapid_private_key"),
        ({"vapid_private_key": "A" * 43}, "vapid_private_key"),
        ({"vapid_private_key": "ة"}, "vapid_private_key"),
        ({"vapid_subject": "alerts@najda.invalid"}, "vapid_subject"),
    ],
)
def test_a_wrong_key_stops_at_the_start(changed, named):
    with pytest.raises(ConfigurationError, match=named):
        WebPushBackend("webpush", {**OPTIONS, **changed})


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setattr(webpush_crypto, "http_ece", None)
    with pytest.raises(ConfigurationError, match="http_ece"):
        WebPushBackend("webpush", OPTIONS)


def test_check_names_a_service_away():
    away, _ = answering(ConnectFailed("refused"))
    alive, asked = answering((404, ""))
    assert [problem.kind for problem in away.check()] == ["connection"]
    assert alive.check() == []
    assert asked[0].public_only


def test_nothing_of_a_subscription_stands_in_an_error():
    backend, _ = answering((410, ""))
    given = outcome(backend, to="secret-path")
    assert "secret-path" not in repr(given)
    assert "secret-path" not in str(given)
