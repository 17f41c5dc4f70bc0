"""Pictures given to WhatsApp and media fetched from it: the token goes to no stranger."""

import dataclasses
import json

import pytest

from notifier.exceptions import CannotCarry, ConnectFailed
from notifier.http import Response
from notifier.message import Accepted, DeliveryError
from notifier.simulators.run import running
from tests.notifier.contract import ARABIC, JPEG
from tests.notifier.test_backends_whatsapp import PICTURED, alert, whatsapp


@pytest.fixture
def meta():
    """A WhatsApp of its own for each test."""
    with running() as simulators:
        yield simulators


def test_a_picture_meta_lost_is_given_again_once(meta, tmp_path):
    (tmp_path / "face.jpg").write_bytes(JPEG)
    backend = whatsapp(meta.whatsapp_url, media_dir=str(tmp_path))
    (first,) = backend.send([alert(text=PICTURED)])
    meta.whatsapp.shelf.files.clear()
    (second,) = backend.send([alert(text=PICTURED)])
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert len(meta.whatsapp.shelf.files) == 1


def test_a_picture_that_cannot_be_had_is_said_before_anything_leaves(meta, tmp_path):
    (tmp_path / "text.jpg").write_bytes(b"no picture")
    (tmp_path / "large.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5_000_000))
    backend = whatsapp(meta.whatsapp_url, media_dir=str(tmp_path))
    for name in ("absent.jpg", "text.jpg", "large.png", "face.gif", "../../etc/passwd"):
        (outcome,) = backend.send([alert(text=dataclasses.replace(ARABIC, photo_name=name))])
        assert isinstance(outcome, CannotCarry)
        assert outcome.kind == "no_media"


def test_a_dead_media_address_is_asked_for_again(meta):
    backend = whatsapp(meta.whatsapp_url)
    file = meta.whatsapp.shelf.keep("image/jpeg", JPEG)
    real, calls = backend.transport, []

    def transport(request):
        calls.append(request.url)
        if len(calls) == 2:
            meta.whatsapp.shelf.forget_addresses()
        return real(request)

    backend.transport = transport
    assert backend.fetch({"media_id": file.id}).data == JPEG
    assert len(calls) == 4


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.invalid/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://user@lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com.evil.invalid/x",
        "https://[broken/x",
        "file:///etc/passwd",
    ],
)
def test_the_token_is_shown_to_no_host_but_metas(url):
    asked = []

    def transport(request):
        asked.append(request.url)
        return Response(200, {}, json.dumps({"url": url, "mime_type": "image/jpeg", "id": "1"}).encode())

    with pytest.raises(DeliveryError) as refused:
        whatsapp("https://graph.facebook.com", transport).fetch({"media_id": "1"})
    assert refused.value.detail == "media host"
    assert len(asked) == 1


@pytest.mark.parametrize("digest", ["hex", "base64", "wrong"])
def test_bytes_are_compared_with_what_was_announced_and_kept_whatever_that_was(digest):
    sums = {
        "hex": "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
        "base64": "tbudgBSg+bHWHiHnlteNzN8TUvI80ygS9IULh4rklEw=",
        "wrong": "0" * 64,
    }
    asked = []

    def transport(request):
        asked.append(request.url)
        if "lookaside" in request.url:
            return Response(200, {}, b"foo\n")
        told = {"url": "https://lookaside.fbsbx.com/x", "sha256": sums[digest], "id": "1"}
        return Response(200, {}, json.dumps(told).encode())

    got = whatsapp("https://graph.facebook.com", transport).fetch({"media_id": "1"})
    assert (got.data, got.sha256) == (b"foo\n", sums["hex"])
    assert len(asked) == (4 if digest == "wrong" else 2)  # a digest that lies is given a second look


def test_bytes_that_change_from_one_look_to_the_next_are_asked_for_later():
    bodies = iter((b"one", b"two"))

    def transport(request):
        if "lookaside" in request.url:
            return Response(200, {}, next(bodies))
        told = {"url": "https://lookaside.fbsbx.com/x", "sha256": "0" * 64, "id": "1"}
        return Response(200, {}, json.dumps(told).encode())

    with pytest.raises(DeliveryError, match="digest") as refused:
        whatsapp("https://graph.facebook.com", transport).fetch({"media_id": "1"})
    assert not refused.value.permanent


def test_an_upload_whose_answer_is_lost_is_no_message_sent():
    backend = whatsapp("https://graph.invalid", lambda request: Response(502, {}, b"<html>"))
    assert backend.send([alert()]) == [
        DeliveryError(permanent=False, kind="connection", detail="502 not json")
    ]

    def away(request):
        raise ConnectFailed("refused")

    (outcome,) = whatsapp("https://graph.invalid", away).send([alert()])
    assert isinstance(outcome, DeliveryError)
    assert outcome.kind == "connection"


def test_a_photo_may_be_a_link_that_we_can_take_away():
    sent = []

    def transport(request):
        sent.append(json.loads(request.content))
        return Response(200, {}, b'{"messages": [{"id": "wamid.1"}]}')

    backend = whatsapp("https://graph.invalid", transport, media_url="https://najda.invalid/media/")
    backend.send([alert(text=PICTURED)])
    header = sent[0]["template"]["components"][0]["parameters"][0]
    assert header == {"type": "image", "image": {"link": "https://najda.invalid/media/face.jpg"}}
