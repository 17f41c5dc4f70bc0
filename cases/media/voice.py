"""Make a stranger's voice note safe to play, in a process that can do nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cases.media import apart

SANDBOX = Path(__file__).with_name("voice_sandbox.py")
MAX_BYTES = 10 * 1024 * 1024
MAX_SECONDS = 300
TIMEOUT_S = 30.0
CONTENT_TYPE = "audio/mpeg"
CODES = ("empty", "not_audio", "too_large", "too_long", "truncated", "timed_out")
ADVICE = ("silent", "truncated")  # never a refusal


@dataclass(frozen=True)
class Voice:
    """Hold a clean MP3 (CONTENT_TYPE): one channel, no metadata. kind is what the original was.

    advice holds codes of ADVICE: "silent", nothing is to be heard; "truncated", it ends before its end, and
    what is there plays.
    """

    mp3: bytes
    seconds: float
    kind: str
    advice: tuple[str, ...] = ()


class VoiceRefused(ValueError):  # noqa: N818  (an answer to the family, not a fault)
    """Name why with one of CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def listen(data: bytes, *, timeout_s: float = TIMEOUT_S, wait_s: float = apart.WAIT_S) -> Voice:
    """Return the clean copy of a recording of at most MAX_SECONDS; raise VoiceRefused. Costs one process.

    Takes what phones and browsers record (WebM, Ogg, M4A, 3GP, AMR, MP3, WAV, CAF, AAC, FLAC), and of a video
    its sound.
    """
    if not data:
        raise VoiceRefused("empty")
    if len(data) > MAX_BYTES:
        raise VoiceRefused("too_large")
    try:
        line, mp3 = apart.answer(SANDBOX, data, timeout_s=timeout_s, wait_s=wait_s)
    except apart.OutOfTimeError as error:
        raise VoiceRefused("timed_out") from error
    head = json.loads(line)
    if head["code"] != "ok":
        raise VoiceRefused(head["code"])
    return Voice(mp3, head["seconds"], head["kind"], tuple(head["advice"]))
