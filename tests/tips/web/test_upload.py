"""A file in parts: it arrives whole over a line that breaks, and only for whoever began it."""

import hashlib
import random

import pytest

from tests.tips.web.told import WORDS, file, sends
from tips.files import uploads
from tips.models import Attachment, Tip, Upload
from trust import vault

pytestmark = pytest.mark.django_db
UPLOAD = "/fr/tip/upload/"
SIZE = 5 * 1024 * 1024 + 77


def begin(client, size: int | str = SIZE, name: str = "vid%C3%A9o.mp4"):
    return client.post(
        UPLOAD, b"", content_type="video/mp4", headers={"Upload-Length": str(size), "Upload-Name": name}
    )


def put(client, token: str, offset: int, data: bytes):
    headers = {"Upload-Token": token, "Upload-Offset": str(offset)}
    return client.patch(UPLOAD, data, content_type="application/octet-stream", headers=headers)


def state(client, token: str):
    return client.get(UPLOAD, headers={"Upload-Token": token})


def kept() -> bytes:
    row = Upload.objects.get()
    return b"".join(vault.get(row.pk, key) for key in row.parts)


def test_five_megabytes_arrive_whole_over_a_line_that_breaks(witness) -> None:
    """Answers are lost, parts come twice or at the wrong place; the page only asks and goes on."""
    chance = random.Random(6)
    film = chance.randbytes(SIZE)
    token, sent = begin(witness).json()["token"], 0
    while sent < SIZE:
        part = film[sent : sent + chance.randrange(60_000, uploads.PART)]
        fate = chance.choice(["arrives", "answer lost", "wrong place", "twice"])
        if fate == "wrong place":
            assert put(witness, token, sent + 1, part[:10]).status_code == 409
        answer = put(witness, token, sent, part)
        if fate == "twice":
            answer = put(witness, token, sent, part)
        sent = (
            state(witness, token).json()["received"] if fate == "answer lost" else answer.json()["received"]
        )
    assert hashlib.sha256(kept()).digest() == hashlib.sha256(film).digest()
    sends(witness, words="", kept=token)
    assert Attachment.objects.get().tip == Tip.objects.get()


def test_one_that_is_not_whole_stays_and_the_words_arrive(witness) -> None:
    token = begin(witness).json()["token"]
    put(witness, token, 0, b"a" * 100)
    answer = sends(witness, kept=token)
    assert b"banner warning" in answer.content
    assert state(witness, token).json()["received"] == 100


def test_one_upload_goes_into_one_tip(witness) -> None:
    token = begin(witness, 3).json()["token"]
    put(witness, token, 0, b"abc")
    sends(witness, kept=token)
    sends(witness, words="un autre", kept=token)
    assert Attachment.objects.count() == 1


def test_it_can_be_cancelled(witness) -> None:
    token = begin(witness).json()["token"]
    put(witness, token, 0, b"a" * 100)
    assert witness.delete(UPLOAD, headers={"Upload-Token": token}).status_code == 200
    assert state(witness, token).status_code == 404
    assert not Upload.objects.exists()


@pytest.mark.parametrize("size", ["", "x", "-5", "0", "٣", str(4 * 1024**3), "9" * 40])
def test_a_size_that_cannot_be_is_explained(witness, size: str) -> None:
    answer = begin(witness, size)
    assert answer.status_code in {400, 413}
    assert answer.json()["code"] in {"empty", "too_large"}


@pytest.mark.parametrize("token", ["", "x", "../../etc", "a" * 5000])
def test_nobody_elses_upload_is_reached_by_guessing(witness, token: str) -> None:
    begin(witness)
    assert put(witness, token, 0, b"abc").status_code == 404
    assert state(witness, token).status_code == 404
    assert witness.delete(UPLOAD, headers={"Upload-Token": token}).status_code == 404


def test_a_part_of_three_megabytes_is_refused_and_not_a_fault(witness) -> None:
    token = begin(witness).json()["token"]
    assert put(witness, token, 0, b"a" * 3_000_000).status_code == 413
    assert put(witness, token, 0, b"a" * (uploads.PART + 1)).status_code == 413


def test_the_token_stands_in_no_address_and_no_name_in_a_log(witness, caplog) -> None:
    token = begin(witness, name="Leila%20Bennis.mp4").json()["token"]
    put(witness, token, 0, b"abc")
    assert token not in caplog.text
    assert "Bennis" not in caplog.text


def test_a_disk_that_is_nearly_full_keeps_the_words(witness, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "SPARE_BYTES", 2**60)
    assert begin(witness).status_code == 507
    answer = sends(witness, attached=[file(b"abc")])
    assert Tip.objects.get().words == WORDS
    assert b"banner warning" in answer.content
