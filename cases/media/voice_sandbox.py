"""Read one recording from standard input, write a clean copy to standard output, in a process of its own.

Runs by its path and imports nothing of this project. Before a byte of the recording is looked at, the
process gives up memory above MEMORY, CPU above CPU_S, every file and every socket (no descriptor can be
opened). The reader of the container is chosen here by the first bytes, never guessed by FFmpeg, so that no
playlist, list of files or address is ever followed. The answer is one line of JSON, {"code", "kind",
"seconds", "advice"}, then the MP3 where code is "ok".

MP3 at 24 kHz and 32 kbit/s: the one compact format that every browser plays with a decoder of its own.
Opus in Ogg plays in Safari from 18.4 only, Opus in WebM not in every Safari 15, AAC neither in a Chromium
nor in a Firefox whose system lacks the codec. At a constant rate without a header of its own a file tells
its length by its size, and says nothing of who made it and when.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import av.subtitles.codeccontext
import av.subtitles.stream
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

MEMORY = 700_000_000  # bytes of address space; FFmpeg's libraries take a third of it
CPU_S = 20
MAX_SECONDS = 300
RATE_HZ = 24_000
BITS_PER_S = 32_000
HIGHEST_RATE_HZ = 192_000
MOST_CHANNELS = 8
SILENT_PEAK = 164  # of 32,768: -46 dB, below a whisper at arm's length
SHORT_BY_S = 1.0  # a header may promise a little more than was recorded
MAX_DAMAGED = 200  # packets, four seconds of speech
READERS = {
    "webm": "matroska",
    "ogg": "ogg",
    "mp4": "mov",
    "m4a": "mov",
    "3gp": "mov",
    "amr": "amr",
    "mp3": "mp3",
    "wav": "wav",
    "caf": "caf",
    "aac": "aac",
    "flac": "flac",
}
TELLS_LENGTH = {"webm", "mp4", "m4a", "3gp", "flac"}  # for the others FFmpeg takes it from what came
CODECS = (
    "opus,libopus,vorbis,aac,aac_latm,amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,mp3,mp3float,flac,alac,"
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_alaw,"
    "pcm_mulaw,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt"
)
OPTIONS = {
    "format_whitelist": "matroska,webm,ogg,mov,mp4,amr,mp3,wav,caf,aac,flac",
    "codec_whitelist": CODECS,
    "protocol_whitelist": "none",  # no protocol has this name
}


class Refused(Exception):  # noqa: N818  (an answer, not a fault)
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def main() -> None:
    data = sys.stdin.buffer.read()
    try:
        _give_up_rights()
        clean, head = _clean(data)
    except Refused as refused:
        clean, head = b"", {"code": refused.code}
    except MemoryError:
        clean, head = b"", {"code": "timed_out"}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + clean)
    sys.stdout.buffer.flush()


def kind_of(data: bytes) -> str:
    """Return the container by its first bytes, whatever the name of the file says; "" for all others."""
    if data[4:8] == b"ftyp":
        return "3gp" if data[8:10] == b"3g" else "m4a" if data[8:11] == b"M4A" else "mp4"
    if data[:4] == b"RIFF":
        return "wav" if data[8:12] == b"WAVE" else ""
    for start, kind in (
        (b"\x1a\x45\xdf\xa3", "webm"),
        (b"OggS", "ogg"),
        (b"#!AMR", "amr"),
        (b"ID3", "mp3"),
        (b"caff", "caf"),
        (b"fLaC", "flac"),
    ):
        if data.startswith(start):
            return kind
    if len(data) > 1 and data[0] == 0xFF:  # a frame of MPEG audio: eleven bits set, then version and layer
        return "mp3" if data[1] & 0xE6 == 0xE2 else "aac" if data[1] & 0xF6 == 0xF0 else ""
    return ""


def _give_up_rights() -> None:
    # FFmpeg's readers are told to Python above, all of them: later no file can be opened to import one.
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


def _clean(data: bytes) -> tuple[bytes, dict[str, Any]]:
    kind = kind_of(data)
    if not kind:
        raise Refused("not_audio")
    try:
        container = av.open(io.BytesIO(data), "r", format=READERS[kind], options=OPTIONS)
    except MemoryError:
        raise
    except Exception as error:  # the first bytes were right: what fails is damaged or cut
        raise Refused("truncated") from error
    if not container.streams.audio:
        raise Refused("not_audio")
    return _transcode(container, container.streams.audio[0], kind)


def _transcode(container: InputContainer, stream: AudioStream, kind: str) -> tuple[bytes, dict[str, Any]]:
    _check(stream)
    sound, clean = Sound(container, stream), Mp3()
    for frame in sound:
        clean.add(frame)
    mp3 = clean.finish()
    if not clean.samples:
        raise Refused("truncated")
    promised_s = (container.duration or 0) / av.time_base
    is_short = kind in TELLS_LENGTH and promised_s - sound.seconds > SHORT_BY_S
    advice = ["silent"] * (clean.peak < SILENT_PEAK) + ["truncated"] * (sound.ends_damaged or is_short)
    return mp3, {"code": "ok", "kind": kind, "seconds": round(clean.samples / RATE_HZ, 2), "advice": advice}


def _check(stream: AudioStream) -> None:
    """Refuse what no phone records, before a decoder is opened for it."""
    context = stream.codec_context
    if context.codec.name not in CODECS.split(","):
        raise Refused("not_audio")
    if not 0 < context.sample_rate <= HIGHEST_RATE_HZ or not 0 < context.channels <= MOST_CHANNELS:
        raise Refused("not_audio")
    context.thread_count = 1


class Sound:
    """What can be heard of a stream, frame by frame, until its end or its damage; seconds counts it."""

    def __init__(self, container: InputContainer, stream: AudioStream) -> None:
        self.container = container
        self.stream = stream
        self.seconds = 0.0
        self.damaged = 0
        self.ends_damaged = False

    def __iter__(self) -> Iterator[AudioFrame]:
        try:
            for packet in self.container.demux(self.stream):
                for frame in self._decoded(packet):
                    self.seconds += frame.samples / frame.sample_rate
                    if self.seconds > MAX_SECONDS:
                        raise Refused("too_long")
                    yield frame
                if self.damaged > MAX_DAMAGED:
                    return
        except FFmpegError:
            self.ends_damaged = True

    def _decoded(self, packet: Any) -> list[AudioFrame]:
        """Return the packet's frames; none of a damaged one, after which the next may be whole."""
        try:
            frames: list[AudioFrame] = packet.decode()
        except FFmpegError:
            self.damaged += 1
            self.ends_damaged = True
            return []
        if frames:
            self.ends_damaged = False
        return frames


class Mp3:
    """Write one channel of speech; peak is its loudest sample, samples how many there are."""

    def __init__(self) -> None:
        self.out = io.BytesIO()
        options = {"write_xing": "0", "id3v2_version": "0", "fflags": "+bitexact"}
        self.container = av.open(self.out, "w", format="mp3", container_options=options)
        self.stream = self.container.add_stream("libmp3lame", rate=RATE_HZ, layout="mono")
        self.stream.bit_rate = BITS_PER_S
        self.resampler = self._new_resampler()
        self.samples = 0
        self.peak = 0

    def add(self, frame: AudioFrame) -> None:
        frame.pts = None  # a gap or a jump of the recorder's clock is not heard
        try:
            resampled = self.resampler.resample(frame)
        except ValueError:  # the recorder changed rate or channels on its way
            self._write(self.resampler.resample(None))
            self.resampler = self._new_resampler()
            resampled = self.resampler.resample(frame)
        self._write(resampled)

    def finish(self) -> bytes:
        self._write(self.resampler.resample(None))
        if self.samples:
            self.container.mux(self.stream.encode(None))
        self.container.close()
        return self.out.getvalue()

    def _new_resampler(self) -> AudioResampler:
        return AudioResampler(format="s16p", layout="mono", rate=RATE_HZ)

    def _write(self, frames: list[AudioFrame]) -> None:
        for frame in frames:
            samples = memoryview(frame.planes[0]).cast("B")[: frame.samples * 2].cast("h")
            self.peak = max(self.peak, max(samples, default=0), -min(samples, default=0))
            frame.pts, frame.time_base = self.samples, Fraction(1, RATE_HZ)
            self.samples += frame.samples
            self.container.mux(self.stream.encode(frame))


if __name__ == "__main__":
    main()
