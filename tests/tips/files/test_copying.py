"""The copy of what strangers send: made apart, limited, honest; bad files are kept, limited, explained."""

import io
import math
import struct
import zipfile
import zlib

import av
import numpy as np
import pytest
from PIL import Image

from tests.cases.media import recordings
from tests.tips import arrivals
from tips.files import copying, facts
from tips.media import kinds

pytestmark = pytest.mark.django_db


def png_header(width, height):
    """A PNG that promises that many pixels in a few bytes."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9999)))


def zipped():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("film.mp4", bytes(1000))
    return held.getvalue()


def gif(frames=40):
    pictures = [Image.new("P", (500, 500), n) for n in range(frames)]
    held = io.BytesIO()
    pictures[0].save(held, "GIF", save_all=True, append_images=pictures[1:])
    return held.getvalue()


def pdf(*extra, pages=2):
    held = io.BytesIO()
    shown = [Image.new("RGB", (595, 842), colour) for colour in ("white", "navy", "teal") * 4][:pages]
    shown[0].save(held, "PDF", save_all=True, append_images=shown[1:])
    return held.getvalue() + b"".join(extra)


def filmed(frames=3, every_s=1, size=None):
    """A film of few small frames; size: what its headers say instead."""
    held = io.BytesIO()
    with av.open(held, "w", format="mp4") as file:
        track = file.add_stream("mjpeg", rate=1, width=64, height=48, pix_fmt="yuvj420p")
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(
                np.full((48, 64, 3), number * 40 % 255, np.uint8), format="rgb24"
            )
            frame.pts = number * every_s
            file.mux(track.encode(frame))
        file.mux(track.encode(None))
    film = held.getvalue()
    if size:  # in the container's words and in each frame's, which stand height first
        film = film.replace(struct.pack(">HH", 64, 48), struct.pack(">HH", *size))
        film = film.replace(struct.pack(">HH", 48, 64), struct.pack(">HH", *reversed(size)))
    return film


BAD = {
    "empty picture": (lambda: b"\xff\xd8\xff", "truncated"),
    "50,000 x 50,000 px": (lambda: png_header(50_000, 50_000), "too_many_pixels"),
    "film of 16k x 16k": (lambda: filmed(size=(16_000, 16_000)), "too_many_pixels"),
    "picture cut off": (lambda: arrivals.grey_jpeg()[:300], "truncated"),
    "GIF of 40 large frames": (lambda: gif(), "not_a_picture"),
    "clip without its index": (lambda: arrivals.clip()[: len(arrivals.clip()) // 3], "truncated"),
    "zip": (lambda: zipped(), "never_opened"),
    "text": (lambda: b"#EXTM3U\nhttp://192.0.2.7/list", "never_opened"),
    "PDF cut off": (lambda: pdf()[:120], "truncated"),
    "playlist in a film's clothes": (
        lambda: b"\0\0\0\x18ftypmp42" + b"#EXTM3U\nfile:///etc/passwd\n" * 9,
        "truncated",
    ),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_what_cannot_be_shown_is_refused_by_a_code_that_has_words(name):
    make, code = BAD[name]
    data = make()
    made = copying.make(kinds.of_bytes(data[:16]), data)
    assert (made.copy, made.trouble) == (None, code)
    assert str(facts.TROUBLES[code])


def test_a_zip_that_calls_itself_a_video_is_sealed_and_never_opened():
    row = arrivals.worked(zipped(), media_type="video/mp4")
    assert (row.state, row.kind, row.facts["trouble"]) == ("unreadable", "other", "never_opened")
    assert row.original_sha256
    assert facts.words(row)[0] == str(facts.TROUBLES["never_opened"])


def test_the_copy_of_a_photo_holds_no_bytes_that_were_hidden_in_it():
    data = arrivals.jpeg() + zipped() + b"<script>alert(1)</script>"
    made = copying.make(kinds.PHOTO, data)
    assert made.copy is not None
    assert made.copy.startswith(b"\xff\xd8")
    assert b"PK\x03\x04" not in made.copy
    assert b"<script>" not in made.copy


def test_a_document_becomes_pictures_of_its_first_pages():
    script = b"1 0 obj <</OpenAction <</S /JavaScript /JS (app.alert(1))>> >> endobj"
    made = copying.make(kinds.DOCUMENT, pdf(script, pages=10))
    assert (made.copy_type, made.shown["pages"], made.shown["advice"]) == ("image/jpeg", 8, ["cut_short"])
    assert made.copy is not None
    assert b"JavaScript" not in made.copy
    with Image.open(io.BytesIO(made.copy)) as shown:
        assert shown.height > 8 * shown.width


def test_a_document_of_another_kind_stays_one_and_is_never_opened():
    row = arrivals.worked(zipped(), media_type="application/vnd.ms-excel")
    assert (row.state, row.kind, row.facts["trouble"]) == ("unreadable", "document", "not_pages")


@pytest.mark.parametrize("kind", ["whatsapp", "old android", "iphone"])
def test_a_voice_note_becomes_a_recording_that_every_browser_plays(kind):
    data = recordings.recorded(kind)
    row = arrivals.worked(data, media_type="audio/ogg; codecs=opus")
    assert (row.state, row.kind, row.copy_type) == ("ready", "audio", "audio/mpeg")
    assert row.facts["seconds"] > 0


def test_a_clip_becomes_a_small_one_with_a_still_and_the_facts_of_the_original():
    row = arrivals.worked(arrivals.clip(), media_type="video/mp4")
    assert (row.state, row.copy_type) == ("ready", "video/webm")
    assert row.facts["seconds"] == pytest.approx(6, abs=0.4)
    assert row.still_key
    with av.open(io.BytesIO(row.copy_bytes())) as copy:
        assert copy.streams.video[0].codec_context.name == "vp8"
        assert not copy.streams.video[0].metadata.get("location")


def test_sound_in_a_films_container_is_a_recording():
    row = arrivals.worked(recordings.recorded("safari"), media_type="video/mp4")
    assert (row.state, row.copy_type) == ("ready", "audio/mpeg")


@pytest.mark.long
def test_an_hour_of_one_frame_a_second_is_refused_or_cut_and_said():
    made = copying.make(kinds.VIDEO, filmed(frames=700))
    assert made.shown["advice"] == ["cut_short"]
    assert made.shown["seconds"] == pytest.approx(699, abs=2)
    assert made.copy is not None
    with av.open(io.BytesIO(made.copy), "r") as copy:
        last = max(packet.pts * packet.time_base for packet in copy.demux(video=0) if packet.pts is not None)
    assert math.isclose(last, 600, abs_tol=2)


def test_ten_hours_are_too_long_for_a_copy():
    assert copying.make(kinds.VIDEO, filmed(frames=40, every_s=1000)).trouble == "too_long"
