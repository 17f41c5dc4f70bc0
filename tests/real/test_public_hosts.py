"""Public hosts only, over real TLS: what is judged is what is connected to."""

import os
import socket
import ssl
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from notifier import http
from notifier.exceptions import AnswerLost, ConnectFailed
from notifier.http import Request
from notifier.public_hosts import LONGEST_EXCHANGE_S, NotPublic, PublicHosts, is_public
from tests.real.authority import Authority, Receiver, receiving

NAME = "push.najda.invalid"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("198.18.0.1", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
        ("2001:db8::1", False),
    ],
)
def test_an_address_is_judged_whatever_it_is_wrapped_in(address, public):
    assert is_public(address) is public


class Resolver:
    """Answers by a list, the last one for ever, and counts how often it is asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host, port, **_):
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def ask(authority: Authority, receiver: Receiver, adapter: PublicHosts, host: str = NAME) -> int:
    request = Request(
        "POST",
        f"https://{host}:{receiver.port}/x",
        content=b"sealed",
        public_only=True,
        authorities=str(authority.bundle),
    )
    http._kept.public_pid, http._kept.public = os.getpid(), {LONGEST_EXCHANGE_S: adapter}
    try:
        return http.send(request).status
    finally:
        adapter.close()
        http._kept.public_pid = None


def test_a_name_that_leads_to_loopback_is_never_connected_to(authority):
    with receiving(authority.issue(NAME)) as receiver:
        with pytest.raises(NotPublic):
            ask(authority, receiver, PublicHosts(Resolver(["127.0.0.1"])))
        with pytest.raises(NotPublic):
            ask(authority, receiver, PublicHosts(Resolver(["8.8.8.8", "127.0.0.1"])))
        with pytest.raises(NotPublic):
            ask(authority, receiver, PublicHosts(), "127.0.0.1")
    assert receiver.heard == []


def test_a_name_that_changes_after_the_look_changes_nothing(authority):
    """DNS rebinding: judged good at the first look-up, it would lead elsewhere at a second; there is none."""
    resolver = Resolver(["127.0.0.1"], ["127.0.0.2"])
    with receiving(authority.issue(NAME)) as receiver:
        adapter = PublicHosts(resolver, lambda address: address == "127.0.0.1")  # stands for "public" here
        assert ask(authority, receiver, adapter) == 200
        assert resolver.asked == 1
        with pytest.raises(NotPublic):
            ask(authority, receiver, PublicHosts(resolver, lambda address: address == "127.0.0.1"))
    assert len(receiver.heard) == 1


def test_the_certificate_must_be_the_names_and_not_the_addresss(authority):
    with receiving(authority.issue("127.0.0.1")) as receiver:
        adapter = PublicHosts(Resolver(["127.0.0.1"]), lambda address: True)
        with pytest.raises(ConnectFailed, match="certificate_other_host"):
            ask(authority, receiver, adapter)
    assert receiver.heard == []


def test_plain_http_and_a_redirect_lead_nowhere(authority):
    adapter = PublicHosts(Resolver(["127.0.0.1"]), lambda address: True)
    with receiving(authority.issue(NAME)) as receiver:
        receiver.answer = (307, {"Location": "http://127.0.0.1:9/"}, b"")
        assert ask(authority, receiver, adapter) == 307
        with pytest.raises(NotPublic):
            http.send(Request("GET", f"http://127.0.0.1:{receiver.port}/", public_only=True))
    assert len(receiver.heard) == 1


def test_a_name_without_address_means_nothing_was_sent():
    with pytest.raises(ConnectFailed):
        http.send(Request("POST", "https://nowhere.invalid/x", content=b"x", public_only=True))


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(authority):
    """Each byte is in time, and all of them would take minutes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.issue(NAME))
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)  # the one who asks may give up before anybody is here

        def drip() -> None:
            with suppress(OSError):
                plain = listening.accept()[0]
                plain.settimeout(5)
                with context.wrap_socket(plain, server_side=True) as stranger:
                    stranger.recv(65536)
                    stranger.sendall(b"HTTP/1.1 201 Created\r\nX: ")
                    while not ended.wait(0.02):
                        stranger.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        receiver = Receiver(port=listening.getsockname()[1])
        adapter = PublicHosts(Resolver(["127.0.0.1"]), lambda address: True, exchange_s=0.3)
        started = time.monotonic()
        try:
            with pytest.raises(AnswerLost):
                ask(authority, receiver, adapter)
        finally:
            ended.set()
            thread.join()
    assert time.monotonic() - started < 3
