import io
import json
import random
import struct
import subprocess
import sys

import av
import pytest

from tests.cases.media import recordings
from tests.tips.media import scenes
from tips.media import copy_sandbox, film
from tips.media.film import FilmRefused, copied

RUBBISH = random.Random(2).randbytes(9000)


def with_sound(seconds=2.0):
    """A film of grey frames with a tone, as a telephone writes it, with a place in its metadata."""
    tone = recordings.tone(seconds, 48_000)
    place = {"location": "+33.5731-007.5898/"}
    return recordings.written("mp4", "aac", tone, 48_000, metadata=place, picture=True)


def turned(data: bytes) -> bytes:
    """Tell the player to turn the picture by a quarter (the matrix of its track header)."""
    straight = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    over = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    track = data.index(b"trak")
    at = data.index(straight, track)
    return data[:at] + over + data[at + len(straight) :]


def test_sound_and_picture_are_copied_and_nothing_else():
    made = copied(with_sound())
    assert made.advice == ()
    with av.open(io.BytesIO(made.webm), "r") as copy:
        assert {one.codec_context.name for one in copy.streams} == {"vp8", "opus"}
        heard = sum(frame.samples for frame in copy.decode(audio=0)) / 48_000
    assert heard == pytest.approx(2.0, abs=0.2)
    assert b"33.5731" not in made.webm


def test_a_film_held_upright_is_shown_upright():
    made = copied(turned(with_sound()))
    with av.open(io.BytesIO(made.webm)) as copy:
        shown = copy.streams.video[0].codec_context
    assert (shown.width, shown.height) == (48, 64)


@pytest.mark.long
def test_a_large_film_becomes_a_small_one():
    made = copied(scenes.film())
    with av.open(io.BytesIO(made.webm)) as copy:
        assert max(copy.streams.video[0].width, copy.streams.video[0].height) <= copy_sandbox.SIDE
    assert made.seconds == pytest.approx(12, abs=0.5)


def test_a_damaged_film_plays_as_far_as_it_goes():
    webm = recordings.recorded("chromium", seconds=4.0)
    made = copied(webm[: len(webm) // 2])
    assert 0 < made.seconds < 4


def test_sound_alone_is_copied_too():
    made = copied(recordings.recorded("whatsapp"))
    assert made.seconds == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (bytes(1000), "not_video"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "not_video"),
        (b"\x1a\x45\xdf\xa3" + RUBBISH, "truncated"),
        (b"\0\0\0\x18ftypmp42" + RUBBISH, "truncated"),
    ],
)
def test_what_is_no_film_is_refused_by_a_code(data, code):
    with pytest.raises(FilmRefused) as refused:
        copied(data)
    assert refused.value.code == code


def test_too_large_is_refused_before_a_process_is_started(monkeypatch):
    monkeypatch.setattr(film, "MAX_BYTES", 10)
    with pytest.raises(FilmRefused) as refused:
        copied(bytes(11))
    assert refused.value.code == "too_large"


def test_the_reader_can_open_neither_files_nor_sockets():
    tried = (
        "import json, runpy, socket\n"
        f"runpy.run_path({str(film.SANDBOX)!r})['_give_up_rights']()\n"
        "said = []\n"
        "for act in (lambda: open('/etc/hostname'), socket.socket):\n"
        "    try:\n        act(); said.append('done')\n"
        "    except OSError:\n        said.append('refused')\n"
        "print(json.dumps(said))\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", tried], capture_output=True, check=True)
    assert json.loads(done.stdout) == ["refused", "refused"]
