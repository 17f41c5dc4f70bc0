import os
import subprocess
import sys

import pytest

from cases.media import decode as module
from cases.media.decode import MAX_BYTES, SANDBOX, PictureRefused, decode
from cases.media.sandbox import CLEAN_SIDE
from tests.cases import pictures

HEIC = pictures.picture("HEIF")
JPEG = pictures.picture()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_each_kind_of_photo_becomes_a_jpeg(kind):
    clean = decode(pictures.picture(kind))
    assert clean.jpeg.startswith(b"\xff\xd8\xff")
    assert (clean.width, clean.height) == pictures.opened(clean.jpeg).size == (640, 480)
    assert clean.kind == {"HEIF": "heic"}.get(kind, kind.lower())


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("JPEG", "CMYK"), ("PNG", "1")]
)
def test_every_mode_of_colour_becomes_plain(kind, mode):
    assert pictures.opened(decode(pictures.picture(kind, mode=mode)).jpeg).mode == "RGB"


def test_a_photo_is_turned_upright():
    clean = decode(pictures.rotated(6))
    assert (clean.width, clean.height) == (480, 640)
    red, _green, blue = pictures.colour_at(
        clean.jpeg, 240, 40
    )  # the left half is on top after a quarter turn
    assert red > 200
    assert blue < 80


def test_nothing_of_where_and_with_what_it_was_taken_is_left():
    clean = decode(pictures.rotated()).jpeg
    assert not pictures.opened(clean).getexif()
    assert b"Spycam" not in clean
    assert b"taken at home" not in clean
    assert b"Exif" not in clean


def test_a_polyglot_loses_its_code():
    assert pictures.PHP in pictures.polyglot()
    assert b"<?php" not in decode(pictures.polyglot()).jpeg


def test_a_large_photo_becomes_small_enough_to_show():
    clean = decode(pictures.picture(size=(4000, 3000)))
    assert (clean.width, clean.height) == (CLEAN_SIDE, 1200)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_taken(kind):
    red, _green, blue = pictures.colour_at(decode(pictures.animated(kind)).jpeg, 40, 30)
    assert (red > 200, blue < 80) == (True, True)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "not_a_picture", id="nothing"),
        pytest.param(b"hello", "not_a_picture", id="words"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not_a_picture", id="svg"),
        pytest.param(b"%PDF-1.7 not a photo", "not_a_picture", id="pdf"),
        pytest.param(pictures.PHP + JPEG, "not_a_picture", id="code before the photo"),
        pytest.param(pictures.animated("GIF"), "not_a_picture", id="gif"),
        pytest.param(b"\xff\xd8\xff" + b"\0" * (40 << 20), "too_large", id="40 MB"),
        pytest.param(pictures.wide_png(), "too_many_pixels", id="900 megapixels"),
        pytest.param(pictures.wide_png(30_000, 10), "too_many_pixels", id="30,000 pixels wide"),
        pytest.param(JPEG[: len(JPEG) // 2], "truncated", id="half a jpeg"),
        pytest.param(HEIC[: len(HEIC) // 2], "truncated", id="half a heic"),
        pytest.param(HEIC[:40], "truncated", id="the start of a heic"),
        pytest.param(pictures.picture("PNG")[:200], "truncated", id="the start of a png"),
        pytest.param(b"\xff\xd8\xff\xe0 rubbish", "truncated", id="a jpeg's first bytes alone"),
    ],
)
def test_what_is_no_good_photo_is_refused_by_name(data, code):
    with pytest.raises(PictureRefused) as refused:
        decode(data)
    assert refused.value.code == code


def test_a_webp_of_too_many_pixels_is_refused_before_it_is_opened():
    vp8x = b"VP8X" + (10).to_bytes(4, "little") + bytes(4) + (15_999).to_bytes(3, "little") * 2
    with pytest.raises(PictureRefused, match="too_many_pixels"):
        decode(b"RIFF" + (22).to_bytes(4, "little") + b"WEBP" + vp8x)


def test_a_decoder_that_hangs_is_given_up(tmp_path, monkeypatch):
    (tmp_path / "hangs.py").write_text("while True: pass")
    monkeypatch.setattr(module, "SANDBOX", tmp_path / "hangs.py")
    with pytest.raises(PictureRefused, match="timed_out"):
        decode(JPEG, timeout_s=0.3)


def test_a_decoder_that_is_killed_is_an_answer_too(tmp_path, monkeypatch):
    (tmp_path / "dies.py").write_text("import os; os.kill(os.getpid(), 9)")
    monkeypatch.setattr(module, "SANDBOX", tmp_path / "dies.py")
    with pytest.raises(PictureRefused, match="timed_out"):
        decode(JPEG)


def test_the_sandbox_can_open_no_file_and_no_socket_and_take_no_gigabytes():
    probe = f"""
import importlib.util, socket, sys
spec = importlib.util.spec_from_file_location("sandbox", {str(SANDBOX)!r})
sandbox = importlib.util.module_from_spec(spec); spec.loader.exec_module(sandbox)
sandbox._give_up_rights()
for attempt in (lambda: open("/etc/hostname"), lambda: socket.socket(), lambda: bytearray(2_000_000_000)):
    try:
        attempt()
        print("allowed")
    except (OSError, MemoryError) as refused:
        print(type(refused).__name__)
"""
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["OSError", "OSError", "MemoryError"]


def test_the_sandbox_imports_nothing_of_django():
    probe = f"import runpy, sys; runpy.run_path({str(SANDBOX)!r}); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert MAX_BYTES == 20 * 1024 * 1024
    assert os.access(SANDBOX, os.R_OK)
