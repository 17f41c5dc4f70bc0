"""The contract every backend keeps, over a real socket to its simulator. A new backend subclasses it once."""

import queue
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from notifier.backends.base import Backend
from notifier.message import (
    Accepted,
    DeliveryError,
    Fit,
    Message,
    Outcome,
    RawRequest,
    RecallDone,
    RecallImpossible,
    Text,
    Unknown,
)
from notifier.simulators.graph import PageAccount
from notifier.simulators.run import Plan, Simulators, running
from notifier.simulators.sms import SmsAccount

ARABIC = Text(
    subject="[تنبيه] طفلة مفقودة",
    body="طفلة مفقودة في الرباط.\n.سطر يبدأ بنقطة\n\nhttps://najda.invalid/ar/a/K7M2XQ4T/",
    short="طفلة مفقودة في الرباط. شاهدتها؟ اتصل.\nhttps://najda.invalid/ar/a/K7M2XQ4T/",
    url="https://najda.invalid/ar/a/K7M2XQ4T/",
)
FRENCH = Text(
    subject="[ALERTE] Enfant disparue",
    body="Enfant disparue à Rabat, près de la gare.\n\nhttps://najda.invalid/fr/a/K7M2XQ4T/",
    short="Enfant disparue à Rabat.\nhttps://najda.invalid/fr/a/K7M2XQ4T/",
    url="https://najda.invalid/fr/a/K7M2XQ4T/",
)
JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20
WAIT_S = 10.0
IMPATIENT_S = 0.4


class Hooks:
    """Our side of the call-backs: keeps each one as it came."""

    def __init__(self) -> None:
        self.came: queue.Queue[RawRequest] = queue.Queue()
        self.failures = 0  # so many call-backs are answered 500 first
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                hooks.came.put(RawRequest(self.command, self.path, dict(self.headers), body))
                self.send_response(500 if hooks.failures else 200)
                hooks.failures = max(0, hooks.failures - 1)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET  # noqa: N815  the base class's name

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/alias/secret-path/"

    def next(self, naming: str = "") -> RawRequest:
        """The next call-back; one that does not hold these words is another test's, come late."""
        while True:
            call = self.came.get(timeout=WAIT_S)
            if naming in call.url or naming.encode() in call.body:
                return call

    def forget(self, simulators: Simulators) -> None:
        """Let what is still to be called back be called, and drop it."""
        while simulators.caller.waiting or not self.came.empty():
            with suppress(queue.Empty):
                self.came.get(timeout=0.05)


class BackendContract:
    """Subclasses give `backend`, `message` and, where there are receipts, `call_backs`."""

    backend_class: ClassVar[type[Backend]]

    @pytest.fixture(scope="class")
    @classmethod
    def out(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("simulated")
        (folder / "face.jpg").write_bytes(JPEG)
        return folder

    @pytest.fixture(scope="class")
    @classmethod
    def simulators(cls, hooks: Hooks, out: Path) -> Iterator[Simulators]:
        plan = Plan(out=out, sms=SmsAccount(hook_url=hooks.url), page=PageAccount(hook_url=hooks.url))
        with running(plan) as simulators:
            yield simulators

    @pytest.fixture
    def backend(self, simulators: Simulators, hooks: Hooks, out: Path) -> Backend:
        raise NotImplementedError

    def message(self, reference: str = "r-1") -> Message:
        """One good message."""
        raise NotImplementedError

    def call_backs(self, backend: Backend, simulators: Simulators, hooks: Hooks) -> list[RawRequest]:
        """Have the gateway call back, at least once."""
        raise NotImplementedError

    def test_answers_one_outcome_a_message_in_order(self, backend: Backend) -> None:
        messages = [self.message(f"r-{number}") for number in range(3 if backend.direct else 1)]
        outcomes = backend.send(messages)
        assert len(outcomes) == len(messages)
        assert all(isinstance(outcome, Accepted) and outcome.provider_id for outcome in outcomes)

    def test_sends_nothing_when_given_nothing(self, backend: Backend) -> None:
        assert backend.send([]) == []

    def test_says_what_will_leave(self, backend: Backend) -> None:
        fit = backend.fit(self.message())
        assert isinstance(fit, Fit)
        assert fit.parts >= 1
        assert fit.text

    def test_has_no_problem_with_a_living_gateway(self, backend: Backend) -> None:
        assert backend.check() == []

    def test_recall_says_what_became_of_it(self, backend: Backend) -> None:
        (outcome,) = backend.send([self.message("to-be-recalled")])
        assert isinstance(outcome, Accepted)
        recalled = backend.recall(outcome.provider_id)
        assert isinstance(recalled, RecallDone if backend.can_recall else RecallImpossible)
        assert type(backend.recall(outcome.provider_id)) is type(recalled)

    def test_believes_its_gateway_and_no_forger(
        self, backend: Backend, simulators: Simulators, hooks: Hooks
    ) -> None:
        if not backend.has_receipts:
            assert not backend.verify(RawRequest("POST", "/hooks/alias/secret-path/", {}, b"{}"))
            return
        for call in self.call_backs(backend, simulators, hooks):
            assert backend.verify(call)
            assert backend.parse(call)
            assert backend.answer(call).body == b""
            for forged in forgeries(call):
                assert not backend.verify(forged)


class GatewayContract(BackendContract):
    """What is asked besides of a backend with a gateway that can fail."""

    def outcome_for(self, backend: Backend, fate: str) -> Outcome:
        """Send to the magic address of a fate: refused, later, lost, hangs; "away" is a port nobody has."""
        raise NotImplementedError

    def test_tells_a_refusal_for_good(self, backend: Backend) -> None:
        outcome = self.outcome_for(backend, "refused")
        assert isinstance(outcome, DeliveryError)
        assert outcome.permanent

    def test_tells_a_refusal_for_now(self, backend: Backend) -> None:
        outcome = self.outcome_for(backend, "later")
        assert isinstance(outcome, DeliveryError)
        assert not outcome.permanent

    def test_a_lost_answer_is_never_a_failure(self, backend: Backend) -> None:
        outcome = self.outcome_for(backend, "lost")
        assert isinstance(outcome, Accepted if backend.can_read_back else Unknown)

    def test_a_gateway_that_hangs_is_left_in_time(self, backend: Backend) -> None:
        assert isinstance(self.outcome_for(backend, "hangs"), Unknown)

    def test_a_gateway_that_is_away_is_passing(self, backend: Backend) -> None:
        outcome = self.outcome_for(backend, "away")
        assert isinstance(outcome, DeliveryError)
        assert (outcome.permanent, outcome.kind) == (False, "connection")


def forgeries(call: RawRequest) -> Iterator[RawRequest]:
    """The same call-back with one thing changed, body or address."""
    if call.body:
        for changed in (call.body + b" ", call.body.replace(b"e", b"E", 1), call.body[:-1], b""):
            yield RawRequest(call.method, call.url, call.headers, changed)
        bare = {name: value for name, value in call.headers.items() if "signature" not in name.lower()}
        yield RawRequest(call.method, call.url, bare, call.body)
        yield RawRequest(call.method, call.url, {**bare, "X-Hub-Signature-256": "sha256=00"}, call.body)
        return
    yield RawRequest(call.method, call.url.replace("secret-path", "secret-pat"), call.headers)
    yield RawRequest(call.method, call.url.replace("secret-path", ""), call.headers)
    if "ref=" in call.url:
        yield RawRequest(call.method, call.url.replace("ref=", "ref=x"), call.headers)
        yield RawRequest(call.method, call.url.replace("sig=", "sig=0"), call.headers)
        yield RawRequest(call.method, call.url.replace("sig=", "other="), call.headers)
