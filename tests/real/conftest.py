"""Our own doors on a real socket, one call after the other, and a count of the calls they answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import WSGIServer
from django.core.signals import request_finished
from django.db import connections
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler
from pytest_django import Settings

from notifier.signals import inbound_received
from tests.cases.pictures import picture
from tests.notifier import make
from tests.real.authority import Authority
from tests.servers import until


class _OneAtATime(LiveServerThread):
    """pytest-django's live server answers in threads, which lock an in-memory SQLite against each other."""

    def _create_server(self, connections_override: object = None) -> WSGIServer:
        return WSGIServer((self.host, self.port), QuietWSGIRequestHandler, allow_reuse_address=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    (folder / "face.jpg").write_bytes(picture(size=(400, 400)))
    return folder


@pytest.fixture(scope="session")
def own_url(django_db_setup: None) -> Iterator[str]:
    """Where our own application listens."""
    shared = {conn.alias: conn for conn in connections.all() if conn.vendor == "sqlite"}
    thread = _OneAtATime("127.0.0.1", StaticFilesHandler, connections_override=shared)
    for conn in shared.values():
        conn.inc_thread_sharing()
    thread.daemon = True
    thread.start()
    assert thread.is_ready.wait(10)
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    for conn in shared.values():
        conn.dec_thread_sharing()


class Doors:
    """Our hooks, open to the gateways of `entries`. What other packages make of an event is their tests'."""

    def __init__(self, url: str, settings: Settings) -> None:
        self.url = url
        self.settings = settings
        self.answered = 0

    def address(self, alias: str) -> str:
        return f"{self.url}/hooks/{alias}/{token(alias)}/"

    def open(self, alias: str, backend: str, options: dict[str, object]) -> dict[str, object]:
        """Open one; returns the options a backend is made with."""
        made = {**options, "hook_url": self.address(alias)}
        entry = {"BACKEND": backend, "CHANNEL": alias, "OPTIONS": {}, "SIMULATOR": made}
        self.settings.NOTIFIER = {**make.GATEWAYS, alias: entry}
        self.settings.HOOKS_URL, self.settings.HOOK_TOKENS = self.url, {alias: token(alias)}
        return made

    def wait_for(self, count: int) -> None:
        """Asked instead of the database, which is being written meanwhile."""
        until(lambda: self.answered >= count, f"{count} call-backs", 15)

    def count(self, **_: object) -> None:
        self.answered += 1


def token(alias: str) -> str:
    return f"secret-path-{alias}"


@pytest.fixture
def doors(own_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    monkeypatch.setattr(inbound_received, "receivers", [])
    inbound_received.sender_receivers_cache.clear()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    opened = Doors(own_url, settings)
    request_finished.connect(opened.count, dispatch_uid="counting")
    yield opened
    request_finished.disconnect(dispatch_uid="counting")
    inbound_received.sender_receivers_cache.clear()
