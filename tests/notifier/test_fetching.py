"""A file is fetched by a worker whatever the other side does: it lies, drips, never ends, is gone."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from pytest_django import Settings

from notifier import fetching
from notifier.exceptions import DeliveryError, Gone, TooLarge
from tests.notifier.test_backends_facebook import facebook

MOST = 200_000
Serve = Callable[[socket.socket], None]


@contextmanager
def serving(serve: Serve) -> Iterator[str]:
    """A host that answers each connection by `serve`, once it was asked."""
    listening = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    serve(connection)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", "Content-Type: video/mp4", *lines, "", "")).encode()


def endless(connection: socket.socket) -> None:
    connection.sendall(head("Transfer-Encoding: chunked"))
    while True:
        connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def dripping(connection: socket.socket) -> None:
    connection.sendall(head("Content-Length: 1000"))
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def says(*parts: bytes) -> Serve:
    def serve(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return serve


BOMB = gzip.compress(bytes(50_000_000), 9)


@pytest.mark.parametrize(
    ("serve", "raises", "permanent"),
    [
        (says(head("Content-Length: 4294967296"), b"x" * 10), TooLarge, True),
        (endless, TooLarge, True),
        (says(head("Content-Encoding: gzip", f"Content-Length: {len(BOMB)}"), BOMB), TooLarge, True),
        (dripping, DeliveryError, False),
        (says(head("Content-Length: 100"), b"half"), DeliveryError, False),
        (says(head("Content-Length: 0", status="503 Busy")), DeliveryError, False),
        (says(head("Content-Length: 0", status="418 Teapot")), DeliveryError, True),
        (says(head("Content-Length: 0", status="410 Gone")), Gone, True),
        (says(b"no HTTP at all\r\n\r\n"), DeliveryError, False),
        (says(), DeliveryError, False),
    ],
    ids=["4 GB", "endless", "bomb", "drips", "half", "busy", "odd", "gone", "no http", "nothing"],
)
def test_what_is_not_the_file_is_left_in_time(settings: Settings, serve, raises, permanent):
    with serving(serve) as url:
        entry = {
            "BACKEND": "notifier.backends.facebook.FacebookBackend",
            "CHANNEL": "facebook",
            "OPTIONS": {},
        }
        options = {**facebook(url).options, "most_media_bytes": MOST, "media_timeout_s": 0.3}
        settings.NOTIFIER = {"facebook": {**entry, "SIMULATOR": options}}
        began = time.monotonic()
        with pytest.raises(DeliveryError) as refused:
            fetching.fetch("facebook", {"url": f"{url}/v"})
    assert type(refused.value) is raises
    assert refused.value.permanent is permanent
    assert time.monotonic() - began < 5


def test_a_file_comes_whole(settings: Settings):
    with serving(says(head("Content-Length: 5"), b"a", b"bcde")) as url:
        entry = {
            "BACKEND": "notifier.backends.facebook.FacebookBackend",
            "CHANNEL": "facebook",
            "OPTIONS": {},
        }
        settings.NOTIFIER = {"facebook": {**entry, "SIMULATOR": facebook(url).options}}
        got = fetching.fetch("facebook", {"url": f"{url}/v"})
    assert (got.data, got.media_type, len(got.sha256)) == (b"abcde", "video/mp4", 64)


def test_a_channel_that_has_no_files_says_so(settings: Settings):
    entry = {"BACKEND": "notifier.backends.console.ConsoleBackend", "CHANNEL": "sms", "OPTIONS": {}}
    settings.NOTIFIER = {"sms": {**entry, "SIMULATOR": {}}}
    with pytest.raises(DeliveryError) as refused:
        fetching.fetch("sms", {"media_id": "1"})
    assert refused.value.permanent
    fetching.let_go("sms", {"media_id": "1"})
