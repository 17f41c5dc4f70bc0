"""Apprise: the contract, and that the public is never told by it."""

import logging
import sys

import pytest

from notifier.backends.apprise import MOST_AT_ONCE, AppriseBackend
from notifier.exceptions import AnswerLost, CannotCarry, ConfigurationError, ConnectFailed
from notifier.message import Accepted, DeliveryError, Message, Text
from notifier.protocols.apprise import raise_failure
from notifier.simulators.apprise import MAGIC
from notifier.simulators.run import Simulators
from tests.notifier.contract import FRENCH, IMPATIENT_S, GatewayContract

FATES = {"refused": "room-refuse", "later": "room-later", "lost": "room-lost", "hangs": "room-hang"}
ROOMS = ("duty", "room-lost", *MAGIC)


def page(to: str = "duty", reference: str = "r-1", **more) -> Message:
    return Message(reference, to, "fr", more.pop("text", FRENCH), more.pop("kind", "page"), **more)


class TestApprise(GatewayContract):
    backend_class = AppriseBackend

    @pytest.fixture
    def backend(self, simulators: Simulators) -> AppriseBackend:
        targets = {room: f"{simulators.apprise_url}/{room}" for room in ROOMS}
        targets["away"] = "json://127.0.0.1:9/duty"
        return AppriseBackend("staff", {"targets": targets, "timeout_s": IMPATIENT_S})

    def message(self, reference="r-1"):
        return page(reference=reference)

    def outcome_for(self, backend, fate):
        return backend.send([page(FATES.get(fate, fate))])[0]

    def test_the_room_hears_title_and_words(self, backend, simulators):
        backend.send([page()])
        line = simulators.apprise.recorder.latest[-1]
        assert (line.to, line.subject, line.text.strip()) == ("duty", FRENCH.subject, FRENCH.short.strip())

    @pytest.mark.parametrize("kind", ["alert", "update", "end", "answer", "confirmation"])
    def test_what_is_for_the_public_never_leaves(self, backend, simulators, kind):
        before = dict(simulators.apprise.recorder.counts)
        assert backend.send([page(kind=kind)]) == [CannotCarry(kind="rejected", detail="staff only")]
        assert simulators.apprise.recorder.counts == before

    def test_a_crowd_is_refused_whole(self, backend, simulators):
        before = dict(simulators.apprise.recorder.counts)
        outcomes = backend.send([page()] * (MOST_AT_ONCE + 1))
        assert outcomes == [CannotCarry(kind="rejected", detail="too many")] * (MOST_AT_ONCE + 1)
        assert simulators.apprise.recorder.counts == before

    def test_a_url_is_no_address(self, backend, simulators):
        (outcome,) = backend.send([page(f"{simulators.apprise_url}/duty")])
        assert outcome == CannotCarry(kind="bad_address", detail="no such target")

    def test_a_refused_key_waits_and_a_limit_is_known(self, backend):
        denied, busy = backend.send([page("room-denied"), page("room-busy")])
        assert isinstance(denied, DeliveryError)
        assert isinstance(busy, DeliveryError)
        assert (denied.kind, busy.kind) == ("credentials", "throttled")

    def test_nothing_apprise_writes_reaches_our_log(self, backend):
        written = Written()
        root = logging.getLogger()
        root.addHandler(written)
        try:
            assert backend.send([page(), page("room-refuse")])[0] == Accepted("r-1")
            logging.getLogger("notifier").error("heard")
        finally:
            root.removeHandler(written)
        assert written.names == ["notifier"]


class Written(logging.Handler):
    """What reaches the root logger, as a deployment's own handler sees it (pytest's listens everywhere)."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.names: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.names.append(record.name)


@pytest.mark.parametrize(
    ("lines", "kind", "permanent"),
    [
        (["Failed to send JSON POST notification: Page not found., error=404."], "bad_address", True),
        (["error=410."], "bad_address", True),
        (["error=400."], "invalid", True),
        (["error=413."], "too_long", True),
        (["error=418."], "rejected", True),
        (["error=401."], "credentials", False),
        (["error=302."], "configuration", False),
        (["error=429.", "error=503."], "gateway_down", False),
    ],
)
def test_a_status_in_its_lines_has_a_meaning(lines, kind, permanent):
    with pytest.raises(DeliveryError) as raised:
        raise_failure(lines)
    assert (raised.value.kind, raised.value.permanent) == (kind, permanent)


def test_a_line_that_says_nothing_may_have_been_a_yes():
    with pytest.raises(AnswerLost):
        raise_failure([])
    with pytest.raises(AnswerLost):
        raise_failure(["Socket Exception: Read timed out. (read timeout=1.0)"])
    with pytest.raises(ConnectFailed):
        raise_failure(["Socket Exception: Max retries exceeded (Caused by NewConnectionError(refused))"])


@pytest.mark.parametrize("url", ["nonsense", "", "nosuch://x", "syslog://", "dbus://", "http://"])
def test_a_target_that_is_none_stops_at_the_start_unquoted(url):
    with pytest.raises(ConfigurationError) as raised:
        AppriseBackend("staff", {"targets": {"duty": url}})
    assert not url or url not in str(raised.value)


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigurationError, match="apprise is not installed"):
        AppriseBackend("staff", {"targets": {}})


def test_an_empty_or_long_page_is_refused():
    backend = AppriseBackend("staff", {"targets": {}})
    for text, kind in ((Text(short=" "), "invalid"), (Text(short="ا" * 1001), "too_long")):
        with pytest.raises(CannotCarry) as raised:
            backend.fit(page(text=text))
        assert raised.value.kind == kind
    assert [problem.serious for problem in backend.check()] == [False]
