"""Take the telling frames out of a stranger's video, in a process that can do nothing else."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from cases.media import apart

SANDBOX = Path(__file__).with_name("frames_sandbox.py")
MAX_BYTES = 200 * 1024 * 1024
MAX_SECONDS = 3600
TIMEOUT_S = 120.0
CODES = (
    "empty",
    "not_video",
    "sound_only",
    "too_large",
    "too_long",
    "too_many_pixels",
    "too_many_streams",
    "truncated",
    "timed_out",
)
ADVICE = ("key_frames", "truncated")  # never a refusal


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold one frame: seconds from the start, whether the scene changed there, its JPEG (640 px at most)."""

    at_s: float
    is_cut: bool
    jpeg: bytes

    def picture(self) -> Image.Image:
        """Return it decoded: our own JPEG, safe to open here."""
        with Image.open(io.BytesIO(self.jpeg), formats=["JPEG"]) as held:
            return held.convert("RGB")


@dataclass(frozen=True, slots=True)
class Video:
    """Hold what a video showed: its frames in order of time, and what it says of itself (see origin).

    width and height are pixels as stored; advice holds codes of ADVICE: "key_frames", only those were read,
    since the whole is too large; "truncated", it ends before its end, and what is there is here.
    """

    seconds: float
    width: int
    height: int
    kind: str
    codec: str
    frames: tuple[Shown, ...]
    told: Mapping[str, str]
    advice: tuple[str, ...] = ()


class VideoRefused(ValueError):  # noqa: N818  (an answer to the sender, not a fault)
    """Name why with one of CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def watch(data: bytes, *, timeout_s: float = TIMEOUT_S, wait_s: float = apart.WAIT_S) -> Video:
    """Return the telling frames of a video (MP4, MOV, 3GP, WebM, MKV, AVI); raise VideoRefused.

    Costs one process and up to 40 s of one core: for a worker, never for a web process.
    """
    if not data:
        raise VideoRefused("empty")
    if len(data) > MAX_BYTES:
        raise VideoRefused("too_large")
    try:
        line, jpegs = apart.answer(SANDBOX, data, timeout_s=timeout_s, wait_s=wait_s)
    except apart.OutOfTimeError as error:
        raise VideoRefused("timed_out") from error
    head = json.loads(line)
    if head["code"] != "ok":
        raise VideoRefused(head["code"])
    return Video(
        head["seconds"], head["width"], head["height"], head["kind"], head["codec"],
        tuple(_frames(head["frames"], jpegs)), head["told"], tuple(head["advice"]),
    )  # fmt: skip


def _frames(about: list[dict[str, Any]], jpegs: bytes) -> Iterator[Shown]:
    start = 0
    for one in about:
        yield Shown(one["at_s"], one["is_cut"], jpegs[start : start + one["bytes"]])
        start += one["bytes"]
