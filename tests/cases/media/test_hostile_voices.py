"""Recordings made to harm: each ends as a code or as a clean copy, never as a crash, a look-up or a call."""

import io
import random
import struct
import subprocess
import sys
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import av
import pytest

from cases.media import voice, voice_sandbox
from cases.media.voice import MAX_BYTES, SANDBOX, VoiceRefused, listen
from tests.cases import pictures
from tests.cases.media import recordings
from tests.cases.media.recordings import recorded, tone, written

PHP = pictures.PHP


def refusal(data: bytes) -> str:
    with pytest.raises(VoiceRefused) as refused:
        listen(data)
    return refused.value.code


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("note.ogg", bytes(50 << 20))
    return out.getvalue()


def wav(rate: int, channels: int, bits: int = 16) -> bytes:
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * 2 & 0xFFFFFFFF, 2, bits)
    return (
        b"RIFF" + struct.pack("<I", 4000) + b"WAVE" + fmt + struct.pack("<4sI", b"data", 4000) + bytes(4000)
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"hello", "not_audio", id="words"),
        pytest.param(bytes(1000), "not_audio", id="zeros"),
        pytest.param(random.Random(1).randbytes(100_000), "not_audio", id="random"),
        pytest.param(zip_bomb(), "not_audio", id="a zip bomb named ogg"),
        pytest.param(pictures.picture(), "not_audio", id="a photo"),
        pytest.param(pictures.HEIC.read_bytes(), "not_audio", id="a photo in the dress of an m4a"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_audio", id="svg"),
        pytest.param(b"OggS" + bytes(MAX_BYTES), "too_large", id="10 MB and a little"),
        pytest.param(wav(0, 1), "truncated", id="0 Hz"),
        pytest.param(wav(4_000_000_000, 1), "truncated", id="4 GHz"),
        pytest.param(wav(1_000_000, 1), "not_audio", id="1 MHz"),
        pytest.param(wav(8_000, 65_535), "not_audio", id="65,535 channels"),
        pytest.param(wav(8_000, 9), "not_audio", id="9 channels"),
    ],
)
def test_each_is_refused_by_its_code(data, code):
    assert refusal(data) == code


def test_a_film_without_sound_is_no_recording():
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        video = file.add_stream("mpeg4", rate=25, width=64, height=48, pix_fmt="yuv420p")
        file.mux([*video.encode(av.VideoFrame(64, 48, "yuv420p")), *video.encode(None)])
    assert refusal(out.getvalue()) == "not_audio"


def test_a_sound_no_phone_records_is_refused_before_its_decoder_is_opened():
    assert refusal(written("matroska", "ac3", tone(1, 44_100), 44_100)) == "not_audio"


@pytest.mark.long
def test_ten_hours_of_silence_are_given_up_after_five_minutes():
    out = io.BytesIO()
    with av.open(out, "w", format="flac") as file:
        sound = file.add_stream("flac", rate=8_000, layout="mono")
        frame = av.AudioFrame("s16", "mono", 4_608)
        frame.planes[0].update(bytes(2 * 4_608))
        frame.sample_rate = 8_000
        for _ in range(10 * 3600 * 8_000 // 4_608):
            frame.pts = None
            file.mux(sound.encode(frame))
        file.mux(sound.encode(None))
    assert len(out.getvalue()) < MAX_BYTES
    assert refusal(out.getvalue()) == "too_long"


STARTS = (
    b"OggS",
    b"\x1a\x45\xdf\xa3",
    b"\0\0\0\x1cftypM4A ",
    b"#!AMR\n",
    b"ID3\x04",
    b"caff",
    b"fLaC",
    b"\xff\xfb",
    b"\xff\xf1",
    b"RIFF\0\0\0\0WAVE",
)


@pytest.mark.few(3)
@pytest.mark.parametrize("start", STARTS)
def test_the_right_first_bytes_before_rubbish_are_an_answer(start):
    try:
        assert listen(start + random.Random(2).randbytes(50_000)).seconds < 60
    except VoiceRefused as refused:
        assert refused.code in ("truncated", "not_audio")  # noqa: PT017  (rubbish may sound like a little)


@pytest.mark.few(2)
@pytest.mark.parametrize("by", recordings.MADE)
def test_a_recording_with_wrong_bytes_is_an_answer(by):
    whole, dice = recorded(by, seconds=1), random.Random(by)
    for _ in range(3):
        data = bytearray(whole)
        for _ in range(12):
            data[dice.randrange(8, len(data))] = dice.randrange(256)
        try:
            assert listen(bytes(data)).mp3
        except VoiceRefused as refused:
            assert refused.code != "timed_out"  # noqa: PT017  (so a crash would be told)


@pytest.mark.few(2)
@pytest.mark.parametrize("by", ["chromium", "whatsapp", "iphone", "dictation", "recorder"])
def test_no_byte_of_a_payload_reaches_the_clean_copy(by):
    data = recorded(by, metadata={"title": PHP.decode()}) + PHP
    assert PHP in data
    assert b"php" not in listen(data).mp3.lower()


@pytest.fixture
def caught():
    """An address on this machine and the calls it received."""
    calls: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_error(404)

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", calls
        server.shutdown()
        thread.join()


def lists(local: str, address: str) -> dict[str, bytes]:
    """Files that tell a reader to open another: FFmpeg would, if it were left to guess."""
    hls = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n"
    sdp = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"
    dash = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
        '<AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1">'
        f"<BaseURL>{address}/dash</BaseURL></Representation></AdaptationSet></Period></MPD>"
    )
    made = {
        "hls file": hls.format(local),
        "hls http": hls.format(f"{address}/hls.ts"),
        "concat file": f"ffconcat version 1.0\nfile '{local}'\n",
        "concat http": f"ffconcat version 1.0\nfile '{address}/concat'\n",
        "sdp": sdp,
        "dash": dash,
    }
    return {name: text.encode() for name, text in made.items()}


NAMES = list(lists("", ""))


@pytest.mark.few(3)
@pytest.mark.parametrize("before", [b"", b"ID3\x04\0\0\0\0\0\0", b"OggS"])
@pytest.mark.parametrize("name", NAMES)
def test_no_list_opens_another_file_or_address(name, before, tmp_path, caught):
    address, calls = caught
    secret = tmp_path / "secret.wav"
    secret.write_bytes(recorded("recorder"))
    assert refusal(before + lists(str(secret), address)[name]) in ("not_audio", "truncated")
    assert calls == []


@pytest.mark.few(2)
@pytest.mark.parametrize("name", NAMES)
def test_not_even_a_reader_left_to_guess_would_open_one(name, tmp_path, caught):
    address, calls = caught
    secret = tmp_path / "secret.wav"
    secret.write_bytes(recorded("recorder"))
    with pytest.raises((av.FFmpegError, ValueError)):
        av.open(io.BytesIO(lists(str(secret), address)[name]), options=voice_sandbox.OPTIONS)
    assert calls == []


def test_without_our_limits_a_list_would_be_followed(caught):
    address, calls = caught
    with (
        pytest.raises(av.FFmpegError),
        av.open(io.BytesIO(lists("", address)["hls http"]), "r", format="hls") as file,
    ):
        next(file.decode(audio=0))
    assert calls


def test_an_m4a_that_keeps_its_sound_in_another_file_does_not_get_it(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"the words of another family")
    data = recorded("iphone")
    at = data.index(b"url \0\0\0\1")  # "in this file"; a link in its place names another
    link = data[: at + 4] + b"\0\0\0\0" + data[at + 8 :]
    try:
        assert b"another family" not in listen(link).mp3
    except VoiceRefused as refused:
        assert refused.code in ("truncated", "not_audio")  # noqa: PT017  (either answer is right)


def test_the_sandbox_can_open_no_file_and_no_socket_and_take_no_gigabytes():
    probe = f"""
import importlib.util, socket
spec = importlib.util.spec_from_file_location("sandbox", {str(SANDBOX)!r})
sandbox = importlib.util.module_from_spec(spec); spec.loader.exec_module(sandbox)
sandbox._give_up_rights()
import av
for attempt in (lambda: open("/etc/hostname"), lambda: av.open("/etc/hostname"), lambda: socket.socket(),
                lambda: bytearray(1_000_000_000)):
    try:
        attempt()
        print("allowed")
    except (OSError, MemoryError) as refused:
        print(type(refused).__name__, getattr(refused, "errno", ""))
"""
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["OSError 24", "OSError 24", "OSError 24", "MemoryError "]


def test_the_sandbox_imports_nothing_of_django():
    probe = f"import runpy, sys; runpy.run_path({str(SANDBOX)!r}); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_reader_that_hangs_is_given_up(tmp_path, monkeypatch):
    (tmp_path / "hangs.py").write_text("while True: pass")
    monkeypatch.setattr(voice, "SANDBOX", tmp_path / "hangs.py")
    with pytest.raises(VoiceRefused, match="timed_out"):
        listen(b"OggS", timeout_s=0.3)
