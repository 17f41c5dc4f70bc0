import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.notifier.contract import Hooks
from trust import clock


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let time pass: later(minutes=10)."""

    def passes(**long: float) -> None:
        monkeypatch.setattr(clock, "SHIFT", clock.SHIFT + timedelta(**long))

    return passes


@pytest.fixture(scope="module")
def hooks() -> Iterator[Hooks]:
    """Our side of the call-backs; one a module, so that no stray call disturbs another."""
    listening = Hooks()
    thread = threading.Thread(
        target=listening.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()
    thread.join()
