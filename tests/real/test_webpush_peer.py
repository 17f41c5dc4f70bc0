"""A push service of others opens what we seal and believes our token."""

import dataclasses
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from notifier import http
from notifier.backends.webpush import WebPushBackend
from notifier.http import Request, Response
from notifier.message import Accepted, DeliveryError, Message, Text
from notifier.protocols import webpush_crypto
from tests.real.push_peer import Peer, push_peer
from tests.servers import ServerError

pytestmark = pytest.mark.long  # npm installs it once
KEY = webpush_crypto.new_private_key()
PUBLIC = webpush_crypto.vapid(KEY, "mailto:a@najda.invalid").public
SAID = Text(subject="[تنبيه] طفلة مفقودة في الرباط", url="https://najda.invalid/ar/a/K7M2XQ4T/")


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    try:
        with push_peer() as running:
            yield running
    except SystemExit as missing:
        pytest.exit(str(missing), returncode=1)
    except ServerError as fault:  # no registry of npm from here: what it would show is said elsewhere too
        pytest.skip(str(fault))


@pytest.fixture
def backend(peer: Peer) -> WebPushBackend:
    def transport(request: Request) -> Response:
        """The peer speaks plain HTTP on loopback; all else is as it would be."""
        assert request.public_only
        path = urlsplit(request.url).path
        return http.send(dataclasses.replace(request, url=peer.url + path, public_only=False))

    options = {
        "vapid_private_key": KEY,
        "vapid_subject": "mailto:a@najda.invalid",
        "hosts": ("push.example",),
    }
    return WebPushBackend("webpush", options, transport=transport)


def subscribed(peer: Peer, key: str = PUBLIC) -> tuple[str, str]:
    """A subscription of the peer's as our address, and its name there."""
    made = peer.ask("/subscribe", userVisibleOnly="true", applicationServerKey=key)["data"]
    name = str(made["clientHash"])
    keys = made["keys"]
    return json.dumps({"endpoint": f"https://push.example/notify/{name}", "keys": keys}), name


def heard(peer: Peer, name: str) -> list[str]:
    said = peer.ask("/get-notifications", clientHash=name)["data"]["messages"]
    assert isinstance(said, list)
    return said


def alert(address: str) -> Message:
    return Message("r-1", address, "ar", SAID, valid_s=3600, thread="alert-1")


def test_a_foreign_reader_opens_our_push(backend, peer):
    address, name = subscribed(peer)
    assert backend.send([alert(address)]) == [Accepted("r-1")]
    (said,) = heard(peer, name)
    assert json.loads(said)["title"] == SAID.subject
    assert json.loads(said)["url"] == SAID.url


def test_an_expired_subscription_is_gone(backend, peer):
    address, name = subscribed(peer)
    peer.ask(f"/expire-subscription/{name}")
    assert backend.send([alert(address)]) == [DeliveryError(permanent=True, kind="bad_address", detail="410")]
    assert heard(peer, name) == []


def test_a_subscription_made_with_another_key_is_not_taken(backend, peer):
    other = webpush_crypto.vapid(webpush_crypto.new_private_key(), "mailto:a@najda.invalid").public
    address, name = subscribed(peer, other)
    (outcome,) = backend.send([alert(address)])
    assert isinstance(outcome, DeliveryError)
    assert heard(peer, name) == []
