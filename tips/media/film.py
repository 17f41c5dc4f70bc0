"""Make a small copy of a stranger's video or recording that browsers play, in a process that can do nothing
else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cases.media import apart

SANDBOX = Path(__file__).with_name("copy_sandbox.py")
MAX_BYTES = 200 * 1024 * 1024
MAX_SECONDS = 600
TIMEOUT_S = 400.0  # a core shared with others gives half of its time
CONTENT_TYPE, SOUND_TYPE = "video/webm", "audio/webm"
CODES = ("empty", "not_video", "too_large", "too_many_pixels", "too_many_streams", "truncated", "timed_out")
ADVICE = ("cut_short", "no_sound", "truncated")  # never a refusal


@dataclass(frozen=True, slots=True)
class Film:
    """Hold a clean WebM (VP8, Opus; 960 px at most, no metadata) and how many seconds it lasts.

    advice holds codes of ADVICE: "cut_short", the original is longer, and the copy stops where a limit was
    reached; "no_sound", its sound could not be read; "truncated", it is damaged, and what is there plays.
    """

    webm: bytes
    seconds: float
    advice: tuple[str, ...] = ()


class FilmRefused(ValueError):  # noqa: N818  (an answer, not a fault)
    """Name why with one of CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def copied(data: bytes, *, timeout_s: float = TIMEOUT_S, wait_s: float = apart.WAIT_S) -> Film:
    """Return the copy of a video, or of sound alone; raise FilmRefused.

    Costs one process and a quarter of the video's length of one core, 150 s at most: for a worker alone.
    """
    if not data:
        raise FilmRefused("empty")
    if len(data) > MAX_BYTES:
        raise FilmRefused("too_large")
    try:
        line, webm = apart.answer(SANDBOX, data, timeout_s=timeout_s, wait_s=wait_s)
    except apart.OutOfTimeError as error:
        raise FilmRefused("timed_out") from error
    head = json.loads(line)
    if head["code"] != "ok":
        raise FilmRefused(head["code"])
    return Film(webm, head["seconds"], tuple(head["advice"]))
