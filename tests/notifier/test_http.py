"""The seam, against a server that misbehaves on command."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from notifier.exceptions import AnswerLost, AnswerUnreadable, ConnectFailed
from notifier.http import MAX_ANSWER, Request, send
from notifier.simulators.server import Answered, Asked, Fault, HttpProtocol

SECRET = "password=hunter2&text=secret"


@contextmanager
def serving(
    handler: Callable[[Asked], Answered | Fault],
) -> Iterator[tuple[str, list[HttpProtocol]]]:
    loop = asyncio.new_event_loop()
    sessions: list[HttpProtocol] = []

    def session() -> HttpProtocol:
        sessions.append(HttpProtocol(handler))
        return sessions[-1]

    server = loop.run_until_complete(loop.create_server(session, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", sessions
    finally:
        loop.call_soon_threadsafe(_stop, loop, server, sessions)
        thread.join()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def _stop(loop: asyncio.AbstractEventLoop, server: asyncio.Server, sessions: list[HttpProtocol]) -> None:
    server.close()
    for session in sessions:
        if session.transport is not None:
            session.transport.abort()
    loop.call_soon(loop.stop)


def test_an_answer_comes_whole_with_lower_case_headers():
    with serving(lambda asked: Answered(202, b"0: Accepted", headers={"X-App-Usage": "1"})) as (url, _):
        answer = send(Request("GET", url, "a=1"))
    assert (answer.status, answer.text, answer.headers["x-app-usage"]) == (202, "0: Accepted", "1")


def test_the_connection_is_kept_between_calls():
    asked_for = []

    def handler(asked: Asked) -> Answered:
        asked_for.append(asked.path)
        return Answered(200, b"ok")

    with serving(handler) as (url, sessions):
        for number in range(3):
            send(Request("GET", f"{url}/{number}"))
        assert len(sessions) == 1
    assert asked_for == ["/0", "/1", "/2"]


def test_a_redirect_is_not_followed():
    with serving(lambda asked: Answered(302, headers={"Location": "http://127.0.0.1:9/"})) as (url, _):
        assert send(Request("GET", url)).status == 302


def test_a_form_and_a_file_travel_as_multipart():
    seen: list[Asked] = []

    def handler(asked: Asked) -> Answered:
        seen.append(asked)
        return Answered()

    with serving(handler) as (url, _):
        send(
            Request(
                "POST", url, fields={"caption": "طفل"}, files={"source": ("f.jpg", b"\xff\xd8", "image/jpeg")}
            )
        )
    assert seen[0].headers["content-type"].startswith("multipart/form-data")
    assert "طفل".encode() in seen[0].body
    assert b"\xff\xd8" in seen[0].body


def test_a_whole_body_travels_as_it_is():
    seen: list[Asked] = []

    def take(asked: Asked) -> Answered:
        seen.append(asked)
        return Answered(201)

    with serving(take) as (url, _sessions):
        body = '{"to": "Noé"}'.encode()
        headers = {"Content-Type": "application/json"}
        assert send(Request("POST", url + "/messages", headers=headers, content=body)).status == 201
    assert seen[0].body == body
    assert seen[0].headers["content-type"] == "application/json"


def test_a_port_nobody_has_means_nothing_was_sent():
    with pytest.raises(ConnectFailed):
        send(Request("GET", "http://127.0.0.1:9/"))


@pytest.mark.parametrize("url", ["nonsense", "ftp://example.org/", "http://", "http://host.invalid/"])
def test_an_address_that_leads_nowhere_means_nothing_was_sent(url):
    with pytest.raises(ConnectFailed):
        send(Request("GET", url))


@pytest.mark.parametrize("fault", [Fault.CLOSE, Fault.HANG])
def test_silence_after_the_request_may_be_a_yes(fault):
    with serving(lambda asked: fault) as (url, _), pytest.raises(AnswerLost):
        send(Request("GET", url, read_s=0.2))


def test_ten_megabytes_are_not_read():
    with (
        serving(lambda asked: Answered(200, b"x" * (10 * MAX_ANSWER))) as (url, _),
        pytest.raises(AnswerUnreadable),
    ):
        send(Request("GET", url))


@pytest.mark.parametrize("fault", [Fault.CLOSE, Fault.HANG])
def test_no_error_carries_the_address_or_its_query(fault):
    with serving(lambda asked: fault) as (url, _), pytest.raises(AnswerLost) as lost:
        send(Request("GET", url, SECRET, read_s=0.2))
    assert lost.value.__cause__ is None
    assert lost.value.__suppress_context__
    assert "hunter2" not in str(lost.value)
