"""Make a stranger's photo safe to show, in a process that can do nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SANDBOX = Path(__file__).with_name("sandbox.py")
MAX_BYTES = 20 * 1024 * 1024
TIMEOUT_S = 30.0
CODES = ("not_a_picture", "too_large", "too_many_pixels", "truncated", "timed_out")


@dataclass(frozen=True)
class Picture:
    """Hold a clean JPEG: upright, no metadata, no side above 1,600 pixels. kind is what the original was."""

    jpeg: bytes
    width: int
    height: int
    kind: str


class PictureRefused(ValueError):  # noqa: N818  (an answer to the family, not a fault)
    """Name why with one of CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decode(data: bytes, *, timeout_s: float = TIMEOUT_S) -> Picture:
    """Return the clean copy of a JPEG, PNG, WebP or HEIC; raise PictureRefused. Costs one process.

    Limits (bytes, pixels, memory, CPU seconds) are those of MAX_BYTES and of sandbox.py.
    """
    if len(data) > MAX_BYTES:
        raise PictureRefused("too_large")
    try:
        done = subprocess.run(  # noqa: S603  (our own file, no argument from outside)
            [sys.executable, "-I", str(SANDBOX)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout_s,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PictureRefused("timed_out") from error
    return _read(done.stdout)


def _read(answer: bytes) -> Picture:
    line, parted, jpeg = answer.partition(b"\n")
    if not parted:  # killed by a limit before it could answer
        raise PictureRefused("timed_out")
    head = json.loads(line)
    if head["code"] != "ok":
        raise PictureRefused(head["code"])
    return Picture(jpeg, head["width"], head["height"], head["format"])
