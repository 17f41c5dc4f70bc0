import io
import random
import subprocess
import sys
import zipfile
from itertools import pairwise

import av
import pytest
from PIL import Image

from bench import media_clips
from tests.cases.media import recordings
from tests.tips.media import scenes
from tips.media import frames_sandbox, video
from tips.media.video import SANDBOX, VideoRefused, watch

RUBBISH = random.Random(1).randbytes(9000)


def refusal(data: bytes) -> str:
    with pytest.raises(VideoRefused) as refused:
        watch(data)
    return refused.value.code


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("film.mp4", bytes(1000))
    return held.getvalue()


def filmed(width: int, height: int, streams: int = 1, container: str = "mp4", gap_s: int = 0) -> bytes:
    held = io.BytesIO()
    with av.open(held, "w", format=container) as file:
        tracks = [
            file.add_stream("mjpeg", rate=5, width=width, height=height, pix_fmt="yuvj420p")
            for _ in range(streams)
        ]
        for track in tracks:
            frame = av.VideoFrame.from_image(Image.new("RGB", (width, height)))
            frame.pts = 0
            file.mux(track.encode(frame))
            if gap_s:
                frame.pts = gap_s * 5
                file.mux(track.encode(frame))
            file.mux(track.encode(None))
    return held.getvalue()


def with_tracks(film: bytes, count: int) -> bytes:
    """Return the film with its first track told that many times more."""
    moov, trak = film.index(b"moov") - 4, film.index(b"trak") - 4
    track = film[trak : trak + int.from_bytes(film[trak : trak + 4])] * count
    size = int.from_bytes(film[moov : moov + 4]) + len(track)
    return film[:moov] + size.to_bytes(4) + film[moov + 4 : trak] + track + film[trak:]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(lambda: b"", "empty", id="nothing"),
        pytest.param(zipped, "not_video", id="a zip called mp4"),
        pytest.param(lambda: bytes(1000), "not_video", id="zeros"),
        pytest.param(lambda: scenes.film()[:3000], "truncated", id="a film cut short before its index"),
        pytest.param(lambda: b"\0\0\0\x18ftypmp42" + RUBBISH, "truncated", id="rubbish"),
        pytest.param(lambda: b"\x1a\x45\xdf\xa3" + RUBBISH, "truncated", id="webm rubbish"),
        pytest.param(lambda: filmed(9000, 64), "too_many_pixels", id="very wide"),
        pytest.param(lambda: filmed(4000, 4000), "too_many_pixels", id="very large"),
        pytest.param(lambda: filmed(64, 64, 20, "matroska"), "too_many_streams", id="20 streams"),
        pytest.param(lambda: recordings.recorded("safari"), "sound_only", id="sound alone"),
        pytest.param(lambda: recordings.recorded("chromium"), "sound_only", id="a voice note"),
    ],
)  # fmt: skip
def test_what_harms_or_shows_nothing_is_refused_by_a_code(data, code):
    assert refusal(data()) == code
    assert code in video.CODES


def test_thousands_of_streams_are_refused():
    assert refusal(with_tracks(filmed(64, 64), 3000)) == "too_many_streams"


def test_a_video_above_the_limit_is_not_read_at_all(monkeypatch):
    monkeypatch.setattr(video, "MAX_BYTES", 10)
    assert refusal(scenes.film()) == "too_large"


def test_a_film_of_hours_is_refused():
    assert refusal(filmed(64, 64, gap_s=7200)) == "too_long"


def test_a_reader_that_hangs_is_given_up(tmp_path, monkeypatch):
    (tmp_path / "hangs.py").write_text("while True: pass")
    monkeypatch.setattr(video, "SANDBOX", tmp_path / "hangs.py")
    with pytest.raises(VideoRefused, match="timed_out"):
        watch(b"film", timeout_s=0.3)


def test_frames_come_in_order_from_all_over_and_at_cuts():
    shown = watch(scenes.film())
    times = [frame.at_s for frame in shown.frames]
    assert times == sorted(times)
    assert (times[0], times[-1] > 10, len(times) <= 90) == (0, True, True)
    assert max(b - a for a, b in pairwise(times)) < 1
    assert {frame.picture().size for frame in shown.frames} == {media_clips.SIZE}
    assert (shown.kind, shown.codec, shown.advice) == ("mp4", "h264", ())


def test_a_cut_is_seen():
    scene = [Image.new("RGB", (64, 48), colour) for colour in ("black",) * 23 + ("white",) * 20]
    cuts = [frame.at_s for frame in watch(media_clips.encoded(iter(scene))).frames if frame.is_cut]
    assert cuts == [pytest.approx(2.3, abs=0.25)]


@pytest.mark.parametrize(
    ("container", "codec", "kind"), [("webm", "libvpx", "webm"), ("avi", "mpeg4", "avi")]
)
def test_other_containers_are_read(container, codec, kind):
    film = media_clips.encoded(iter(scenes.pictures()[:3]), codec=codec, container=container)
    assert watch(film).kind == kind


def test_a_film_damaged_in_the_middle_shows_what_is_there():
    film = bytearray(scenes.film())
    film[len(film) // 2 : len(film) // 2 + 4000] = bytes(4000)
    assert len(watch(bytes(film)).frames) > 5


def test_a_film_too_large_is_read_by_its_key_frames(monkeypatch):
    monkeypatch.setattr(frames_sandbox, "WHOLE_S", 0.0)
    frames, head = frames_sandbox._watched(scenes.film())
    assert head["advice"] == ["key_frames"]
    assert 0 < len(frames) < len(watch(scenes.film()).frames)


def test_the_sandbox_can_open_no_file_and_no_socket_and_take_no_gigabytes():
    probe = f"""
import importlib.util, socket, sys
spec = importlib.util.spec_from_file_location("sandbox", {str(SANDBOX)!r})
sandbox = sys.modules["sandbox"] = importlib.util.module_from_spec(spec); spec.loader.exec_module(sandbox)
sandbox._give_up_rights()
import av
for attempt in (lambda: open("/etc/hostname"), lambda: av.open("/etc/hostname"), lambda: socket.socket(),
                lambda: bytearray(2_000_000_000)):
    try:
        attempt()
        print("allowed")
    except (OSError, MemoryError) as refused:
        print(type(refused).__name__, getattr(refused, "errno", ""))
print("django" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:5] == ["OSError 24", "OSError 24", "OSError 24", "MemoryError ", "False"]
