"""Read one video from standard input, write frames of it to standard output, in a process of its own.

Runs by its path and imports nothing of this project. Before a byte of the video is looked at, the process
gives up memory above MEMORY, CPU above CPU_S, every file and every socket (no descriptor can be opened). The
reader of the container is chosen here by the first bytes, never guessed by FFmpeg, so that no playlist, list
of files or address is ever followed. The answer is one line of JSON, {"code", "kind", "codec", "width",
"height", "seconds", "advice", "told", "frames"}, then the JPEGs of the frames one after the other, each as
long as its "bytes" says.

Frames are taken spread over the whole and at cuts. A video too large to be decoded frame by frame in WHOLE_S
is read by its key frames: telephones write one each second, and what a messenger wrote anew is small.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import av
import av.subtitles.codeccontext
import av.subtitles.stream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageChops, ImageStat, JpegImagePlugin

MEMORY = 1_600_000_000  # bytes of address space; a video of 200 MB and sixteen frames of 4K fit
CPU_S = 40
WHOLE_S = 15.0  # of the processor; then key frames alone
PIXELS_A_S = 60_000_000  # decoded and looked at, on a slow core
MAX_SECONDS = 3600
MAX_PIXELS = 9_500_000  # 4096 × 2304
MAX_SIDE = 4_096
MOST_STREAMS = 16
MOST_PACKETS = 400_000  # an hour at a hundred a second
MOST_DAMAGED = 500
SPREAD, EVERY_S = 60, 0.5  # frames spread over it, no nearer than that
MOST_CUTS = 30
LOOKED_S = 0.12  # between two looks for a cut
CUT, CUT_GAP_S = 32.0, 0.4  # grey levels of 255 that a pixel changes by, on average
SHOWN_SIDE, QUALITY = 640, 85
SMALL = (32, 24)
MOST_TOLD, LONGEST_TOLD = 60, 200
SHORT_BY_S = 2.0
TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}
READERS = {"mp4": "mov", "webm": "matroska", "avi": "avi"}
_ATOMS = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
CODECS = "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,libdav1d,av1,mpeg4,h263,mjpeg,msmpeg4v3,mpeg2video"
OPTIONS = {
    "format_whitelist": "matroska,webm,mov,mp4,avi",
    "codec_whitelist": CODECS,
    "protocol_whitelist": "none",  # no protocol has this name
    "max_streams": str(10 * MOST_STREAMS),
}


class Refused(Exception):  # noqa: N818  (an answer, not a fault)
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def main() -> None:
    data = sys.stdin.buffer.read()
    try:
        _give_up_rights()
        frames, head = _watched(data)
    except Refused as refused:
        frames, head = [], {"code": refused.code}
    except MemoryError:
        frames, head = [], {"code": "too_many_pixels"}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(frames))
    sys.stdout.buffer.flush()


def kind_of(data: bytes) -> str:
    """Return the container by its first bytes, whatever the name of the file says; "" for all others."""
    if data[4:8] in _ATOMS:
        return "mp4"
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm"
    return "avi" if data[:4] == b"RIFF" and data[8:11] == b"AVI" else ""


def _give_up_rights() -> None:
    # Readers and writers are told to Python above, all of them: later no file can be opened to import one.
    assert av.subtitles.stream
    assert av.subtitles.codeccontext
    assert JpegImagePlugin
    Image._initialized = 2  # no other plugin is ever loaded
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(what, (limit, limit))


def _watched(data: bytes) -> tuple[list[bytes], dict[str, Any]]:
    kind = kind_of(data)
    if not kind:
        raise Refused("not_video")
    try:
        container = av.open(io.BytesIO(data), "r", format=READERS[kind], options=OPTIONS)
    except MemoryError as error:  # what FFmpeg says of more streams than max_streams
        raise Refused("too_many_streams") from error
    except Exception as error:  # the first bytes were right: what fails is damaged or cut
        raise Refused("truncated") from error
    stream = _stream(container)
    film = Film(container, stream)
    for frame in film:
        film.look(frame)
    if not film.kept:
        raise Refused("truncated")
    return [jpeg for _about, jpeg in film.kept], {
        "code": "ok",
        "kind": kind,
        "codec": stream.codec_context.name,
        "width": stream.codec_context.width,
        "height": stream.codec_context.height,
        "seconds": round(max(film.seconds, 0.0), 3),
        "advice": film.advice,
        "told": _told(container, stream),
        "frames": [about for about, _jpeg in film.kept],
    }


def _stream(container: InputContainer) -> VideoStream:
    """Return the moving picture; refuse what no telephone films, before a decoder is opened for it."""
    if len(container.streams) > MOST_STREAMS:
        raise Refused("too_many_streams")
    moving = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    if not moving:
        raise Refused("sound_only" if container.streams.audio else "not_video")
    if (container.duration or 0) / av.time_base > MAX_SECONDS:
        raise Refused("too_long")
    stream = moving[0]
    context = stream.codec_context
    if context.codec.name not in CODECS.split(","):
        raise Refused("not_video")
    _check_size(context.width, context.height)
    context.thread_count = 1
    context.options = {"max_pixels": str(MAX_PIXELS)}
    return stream


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Refused("too_many_pixels")


def _told(container: InputContainer, stream: VideoStream) -> dict[str, str]:
    """Return what container and stream say of themselves, the container's word first."""
    said = {**stream.metadata, **container.metadata}
    return {key[:LONGEST_TOLD]: value[:LONGEST_TOLD] for key, value in list(said.items())[:MOST_TOLD]}


def _picture(frame: VideoFrame, size: tuple[int, int]) -> Image.Image:
    shown: Image.Image = frame.reformat(*size, format="rgb24").to_image()  # type: ignore[no-untyped-call]  # PyAV
    return shown


@dataclass
class Film:
    """Go through a video once and keep the frames that tell most; seconds is how far it came."""

    container: InputContainer
    stream: VideoStream
    kept: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cuts: int = 0
    damaged: int = 0
    last: Image.Image | None = None
    looked_s: float = -1.0
    due_s: float = 0.0

    def __post_init__(self) -> None:
        promised_s = (self.container.duration or 0) / av.time_base
        self.every_s = max(EVERY_S, promised_s / SPREAD)
        self.first_s = float((self.stream.start_time or 0) * (self.stream.time_base or 0))
        rate = float(self.stream.average_rate or 30)
        pixels = self.stream.codec_context.width * self.stream.codec_context.height
        if promised_s * rate * pixels > WHOLE_S * PIXELS_A_S:
            self._hurry()

    def __iter__(self) -> Iterator[VideoFrame]:
        try:
            for count, packet in enumerate(self.container.demux(self.stream)):
                yield from self._decoded(packet)
                if self.damaged > MOST_DAMAGED or count > MOST_PACKETS:
                    break
                if "key_frames" not in self.advice and time.process_time() > WHOLE_S:
                    self._hurry()
        except FFmpegError:
            self.damaged += 1
        promised_s = float((self.stream.duration or 0) * (self.stream.time_base or 0))
        is_short = "key_frames" not in self.advice and promised_s - self.seconds > SHORT_BY_S
        if self.damaged or is_short:
            self.advice.append("truncated")

    def look(self, frame: VideoFrame) -> None:
        """Keep the frame if its time has come or if it shows what the last one did not."""
        _check_size(frame.width, frame.height)
        at_s = max(0.0, frame.time - self.first_s) if frame.time is not None else self.seconds
        self.seconds = max(self.seconds, at_s)
        is_due = at_s >= self.due_s and len(self.kept) - self.cuts < SPREAD
        if not is_due and at_s - self.looked_s < LOOKED_S:
            return
        small = _picture(frame, SMALL).convert("L")
        differs = self._is_cut(small) and self.cuts < MOST_CUTS
        is_cut = differs and at_s - self._kept_s >= CUT_GAP_S
        self.looked_s = at_s
        if is_due or is_cut or not differs:  # a cut right after a kept frame is kept a little later
            self.last = small
        if is_due or is_cut:
            self.cuts += is_cut and not is_due
            self._keep(frame, at_s, is_cut=is_cut)
            self.due_s = at_s + self.every_s

    @property
    def _kept_s(self) -> float:
        return float(self.kept[-1][0]["at_s"]) if self.kept else -1.0

    def _is_cut(self, small: Image.Image) -> bool:
        if self.last is None:
            return False
        return ImageStat.Stat(ImageChops.difference(small, self.last)).mean[0] > CUT

    def _keep(self, frame: VideoFrame, at_s: float, *, is_cut: bool) -> None:
        share = min(1.0, SHOWN_SIDE / max(frame.width, frame.height))
        size = max(2, round(frame.width * share)), max(2, round(frame.height * share))
        picture = _picture(frame, size)
        turn = TURNS.get(round(frame.rotation) % 360)
        held = io.BytesIO()
        (picture.transpose(turn) if turn is not None else picture).save(held, "JPEG", quality=QUALITY)
        about = {"at_s": round(at_s, 3), "is_cut": is_cut, "bytes": len(held.getvalue())}
        self.kept.append((about, held.getvalue()))

    def _decoded(self, packet: Any) -> list[VideoFrame]:
        """Return the packet's frames; none of a damaged one, after which the next may be whole."""
        try:
            frames: list[VideoFrame] = packet.decode()
        except FFmpegError:
            self.damaged += 1
            return []
        return frames

    def _hurry(self) -> None:
        self.stream.codec_context.skip_frame = "NONKEY"
        self.advice.append("key_frames")


if __name__ == "__main__":
    main()
