"""Recordings, good and nasty, made here by PyAV."""

import io
import math
from array import array

import av

# What recorders write: the container, the encoder, its rate, the kind that listen() names.
MADE = {
    "chromium": ("webm", "libopus", 48_000, "webm"),
    "whatsapp": ("ogg", "libopus", 48_000, "ogg"),
    "iphone": ("ipod", "aac", 44_100, "m4a"),
    "safari": ("mp4", "aac", 48_000, "mp4"),
    "android": ("3gp", "aac", 16_000, "3gp"),
    "old android": ("amr", "libopencore_amrnb", 8_000, "amr"),
    "old phone": ("3gp", "libopencore_amrnb", 8_000, "3gp"),
    "recorder": ("wav", "pcm_s16le", 44_100, "wav"),
    "dictation": ("mp3", "libmp3lame", 44_100, "mp3"),
    "mac": ("caf", "pcm_s16le", 44_100, "caf"),
    "stream": ("adts", "aac", 44_100, "aac"),
    "lossless": ("flac", "flac", 44_100, "flac"),
}


def tone(seconds: float, rate: int, loudness: float = 0.3) -> "array[int]":
    """Return a voice's stand-in: 220 Hz, mono, 16 bits."""
    step = 2 * math.pi * 220 / rate
    return array("h", (int(32_767 * loudness * math.sin(step * at)) for at in range(int(seconds * rate))))


def recorded(by: str = "chromium", seconds: float = 2.0, loudness: float = 0.3, metadata=None) -> bytes:
    container, encoder, rate, _kind = MADE[by]
    return written(container, encoder, tone(seconds, rate, loudness), rate, metadata=metadata)


def written(container, encoder, samples, rate, *, metadata=None, picture=False) -> bytes:
    """Return samples as a file; picture adds a video track before the sound."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        file.metadata.update(metadata or {})
        video = file.add_stream("mpeg4", rate=25, width=64, height=48, pix_fmt="yuv420p") if picture else None
        sound = file.add_stream(encoder, rate=rate, layout="mono")
        if video:
            for _ in range(25):
                file.mux(video.encode(av.VideoFrame(64, 48, "yuv420p")))
            file.mux(video.encode(None))
        resampler = av.AudioResampler(
            sound.codec_context.format, "mono", rate, sound.codec_context.frame_size or 1024
        )
        frame = av.AudioFrame("s16", "mono", len(samples))
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate, frame.pts = rate, 0
        for part in [*resampler.resample(frame), *resampler.resample(None), None]:
            file.mux(sound.encode(part))
    return out.getvalue()
