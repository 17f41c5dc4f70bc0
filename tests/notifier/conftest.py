import threading
from collections.abc import Iterator

import pytest

from tests.notifier.contract import Hooks


@pytest.fixture(scope="session")
def hooks() -> Iterator[Hooks]:
    """A server of ours for the simulators to call back."""
    listening = Hooks()
    thread = threading.Thread(
        target=listening.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()
    thread.join()
