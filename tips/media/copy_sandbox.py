"""Read one video or recording from standard input, write a small copy to standard output, in a process of its
own.

Runs by its path and imports nothing of this project. Before a byte is looked at, the process gives up memory
above MEMORY, CPU above CPU_S, every file and every socket (no descriptor can be opened). The reader of the
container is chosen here by the first bytes, never guessed by FFmpeg, so that no playlist, list of files or
address is ever followed. The answer is one line of JSON, {"code", "seconds", "advice"}, then the WebM where
code is "ok": VP8 and Opus, which every browser of today plays with decoders of its own.

No more than MAX_SECONDS are copied, and no more than WORK_S of the processor spent: what is left out is said
by "cut_short". A sound that cannot be read is left out too, "no_sound".
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import av.subtitles.codeccontext
import av.subtitles.stream
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

MEMORY = 1_800_000_000  # bytes of address space; a video of 200 MB, its copy and sixteen frames of 4K fit
CPU_S = 170
NICE = 10  # whoever sends an alert comes first
WORK_S = 150.0  # of the processor; the rest is for finishing
MAX_SECONDS = 600
MAX_PIXELS = 9_500_000  # 4096 × 2304
MAX_SIDE = 4_096
MOST_STREAMS = 16
MOST_DAMAGED = 500
SIDE = 960  # the longer side of the copy: a number plate that filled a tenth of it can still be read
FASTEST = 30  # frames a second
LATE_S = 0.01  # a frame that comes this much too early is still one of FASTEST
BITS_PER_S, SOUND_BITS_PER_S = 800_000, 48_000
SOUND_HZ = 48_000
HIGHEST_RATE_HZ, MOST_CHANNELS = 192_000, 8
GAP_S = 0.25  # a hole in the sound longer than this is kept
MS = Fraction(1, 1000)
READERS = {
    "mp4": "mov", "webm": "matroska", "avi": "avi", "ogg": "ogg", "amr": "amr", "mp3": "mp3", "wav": "wav",
    "flac": "flac", "caf": "caf",
}  # fmt: skip
_ATOMS = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
_STARTS = {
    b"OggS": "ogg",
    b"#!AM": "amr",
    b"ID3\x03": "mp3",
    b"ID3\x04": "mp3",
    b"fLaC": "flac",
    b"caff": "caf",
}
MOVING = "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,libdav1d,av1,mpeg4,h263,mjpeg,msmpeg4v3,mpeg2video"
SOUNDING = (
    "opus,libopus,vorbis,aac,aac_latm,amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,mp3,mp3float,flac,alac,"
    "pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_f32le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav"
)
OPTIONS = {
    "format_whitelist": "matroska,webm,mov,mp4,avi,ogg,amr,mp3,wav,flac,caf",
    "codec_whitelist": f"{MOVING},{SOUNDING}",
    "protocol_whitelist": "none",  # no protocol has this name
    "max_streams": str(10 * MOST_STREAMS),
}


class Refused(Exception):  # noqa: N818  (an answer, not a fault)
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def main() -> None:
    data = sys.stdin.buffer.read()
    made = b""
    try:
        _give_up_rights()
        made, head = _copied(data)
    except Refused as refused:
        head = {"code": refused.code}
    except MemoryError:
        head = {"code": "too_many_pixels"}
    except FFmpegError:
        head = {"code": "truncated"}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made)
    sys.stdout.buffer.flush()


def kind_of(data: bytes) -> str:
    """Return the container by its first bytes, whatever the name of the file says; "" for all others."""
    if data[4:8] in _ATOMS:
        return "mp4"
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm"
    if data[:4] == b"RIFF":
        return {b"AVI ": "avi", b"WAVE": "wav"}.get(data[8:12], "")
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2:
        return "mp3"
    return _STARTS.get(data[:4], "")


def _give_up_rights() -> None:
    os.nice(NICE)
    # Readers and writers are told to Python above, all of them: later no file can be opened to import one.
    assert av.subtitles.stream
    assert av.subtitles.codeccontext
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(what, (limit, limit))


def _copied(data: bytes) -> tuple[bytes, dict[str, Any]]:
    kind = kind_of(data)
    if not kind:
        raise Refused("not_video")
    try:
        container = av.open(io.BytesIO(data), "r", format=READERS[kind], options=OPTIONS)
    except MemoryError as error:  # what FFmpeg says of more streams than max_streams
        raise Refused("too_many_streams") from error
    except Exception as error:  # the first bytes were right: what fails is damaged or cut
        raise Refused("truncated") from error
    if len(container.streams) > MOST_STREAMS:
        raise Refused("too_many_streams")
    film, sound = _moving(container), _sounding(container)
    if film is None and sound is None:
        raise Refused("not_video")
    copy = Copy(film, sound)
    for frame in copy.frames(container):
        copy.add(frame)
    made = copy.finish()
    if not copy.seconds:
        raise Refused("truncated")
    return made, {"code": "ok", "seconds": round(copy.seconds, 2), "advice": copy.advice}


def _moving(container: InputContainer) -> VideoStream | None:
    """Return the moving picture; refuse what no telephone films, before a decoder is opened for it."""
    found = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    if not found:
        return None
    context = found[0].codec_context
    if context.codec.name not in MOVING.split(","):
        raise Refused("not_video")
    _check_size(context.width, context.height)
    context.thread_count = 1
    context.options = {"max_pixels": str(MAX_PIXELS)}
    return found[0]


def _sounding(container: InputContainer) -> AudioStream | None:
    """Return the first sound that a decoder here reads."""
    for stream in container.streams.audio:
        context = stream.codec_context
        is_sane = 0 < context.sample_rate <= HIGHEST_RATE_HZ and 0 < context.channels <= MOST_CHANNELS
        if context.codec.name in SOUNDING.split(",") and is_sane:
            context.thread_count = 1
            return stream
    return None


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Refused("too_many_pixels")


class Copy:
    """Write what is seen and heard into a WebM, from its first moment on; seconds is how far it came."""

    def __init__(self, film: VideoStream | None, sound: AudioStream | None) -> None:
        self.out = io.BytesIO()
        self.container = av.open(self.out, "w", format="webm", container_options={"fflags": "+bitexact"})
        self.film, self.sound = film, sound
        self.picture: Any = None
        self.voice: Any = None
        self.advice: list[str] = []
        self.seconds = 0.0
        self.first_s: float | None = None
        self.due_s = 0.0
        self.heard = 0  # samples written, silence left out included
        self.damaged = 0
        if sound is not None:  # before the first packet: a stream cannot be added to a file that has begun
            self.voice = self.container.add_stream("libopus", rate=SOUND_HZ, layout="mono")
            self.voice.bit_rate = SOUND_BITS_PER_S
            self.resampler = AudioResampler(format="s16", layout="mono", rate=SOUND_HZ)

    def frames(self, container: InputContainer) -> Iterator[VideoFrame | AudioFrame]:
        """Yield frames of both in the order of the file, until its end, its damage or a limit."""
        streams = [stream for stream in (self.film, self.sound) if stream is not None]
        try:
            for packet in container.demux(*streams):
                yield from self._decoded(packet)
                if self.damaged > MOST_DAMAGED:
                    break
                if self.seconds >= MAX_SECONDS or time.process_time() > WORK_S:
                    self.advice.append("cut_short")
                    return
        except FFmpegError:
            self.damaged += 1
        if self.damaged:
            self.advice.append("truncated")

    def add(self, frame: VideoFrame | AudioFrame) -> None:
        at_s = frame.time if frame.time is not None else self.seconds
        if self.first_s is None:
            self.first_s = at_s
        at_s = max(0.0, at_s - self.first_s)
        if isinstance(frame, VideoFrame):
            self._see(frame, at_s)
        else:
            self._hear(frame, at_s)

    def finish(self) -> bytes:
        if self.picture is not None:
            self.container.mux(self.picture.encode(None))
        if self.voice is not None and self.heard and "no_sound" not in self.advice:
            self.container.mux(self.voice.encode(None))
        self.container.close()
        return self.out.getvalue()

    def _see(self, frame: VideoFrame, at_s: float) -> None:
        _check_size(frame.width, frame.height)
        if at_s < self.due_s - LATE_S:
            return
        shown = _shown(frame)
        if self.picture is None:
            self._begin(shown.width, shown.height)
        if (shown.width, shown.height) != (self.picture.width, self.picture.height):  # it turned on its way
            shown = shown.reformat(self.picture.width, self.picture.height)
        shown.pts, shown.time_base = round(at_s * 1000), MS
        self.container.mux(self.picture.encode(shown))
        self.due_s, self.seconds = at_s + 1 / FASTEST, max(self.seconds, at_s, 0.001)

    def _begin(self, width: int, height: int) -> None:
        stream: Any = self.container.add_stream("libvpx", rate=FASTEST)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate, stream.options = BITS_PER_S, {"deadline": "realtime", "cpu-used": "8"}
        stream.codec_context.time_base, stream.codec_context.thread_count = MS, 1
        self.picture = stream

    def _hear(self, frame: AudioFrame, at_s: float) -> None:
        if "no_sound" in self.advice or (self.film is not None and self.picture is None):
            return  # sound before the first picture would close the file's list of streams
        start = round(at_s * SOUND_HZ)
        if start > self.heard + GAP_S * SOUND_HZ:
            self.heard = start
        frame.pts = None
        try:
            for part in self.resampler.resample(frame):
                part.pts, part.time_base = self.heard, Fraction(1, SOUND_HZ)
                self.heard += part.samples
                self.container.mux(self.voice.encode(part))
        except (FFmpegError, ValueError):  # its recorder changed rate or channels on its way
            self.advice.append("no_sound")
        if self.film is None:
            self.seconds = self.heard / SOUND_HZ

    def _decoded(self, packet: Any) -> list[Any]:
        """Return the packet's frames; none of a damaged one, after which the next may be whole."""
        try:
            frames: list[Any] = packet.decode()
        except FFmpegError:
            self.damaged += 1
            return []
        return frames


def _shown(frame: VideoFrame) -> VideoFrame:
    """Return the frame upright, no side above SIDE, both even."""
    share = min(1.0, SIDE / max(frame.width, frame.height))
    size = (max(2, round(frame.width * share / 2) * 2), max(2, round(frame.height * share / 2) * 2))
    turns = round(frame.rotation / 90) % 4
    if not turns:
        return frame.reformat(*size, format="yuv420p")
    pixels = frame.reformat(*size, format="rgb24").to_ndarray()
    turned = np.ascontiguousarray(np.rot90(pixels, turns), dtype=np.uint8)
    return VideoFrame.from_ndarray(turned, format="rgb24").reformat(format="yuv420p")


if __name__ == "__main__":
    main()
