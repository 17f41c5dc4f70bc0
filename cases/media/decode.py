"""Make a stranger's photo safe to show, in a process that can do nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cases.media import apart

SANDBOX = Path(__file__).with_name("sandbox.py")
MAX_BYTES = 20 * 1024 * 1024
TIMEOUT_S = 30.0
CODES = ("not_a_picture", "too_large", "too_many_pixels", "truncated", "timed_out")
ADVICE = ("small", "blurred", "dark")  # never a refusal: any photo is worth more than none
FIRST_YEAR = 2000  # a camera whose clock was never set says 1970 or 1980
FARTHEST_EAST = timedelta(hours=14)  # EXIF tells local time without a zone: there tomorrow began already


@dataclass(frozen=True)
class Picture:
    """Hold a clean JPEG: upright, no metadata, no side above 1,600 pixels. kind is what the original was.

    advice holds codes of ADVICE; taken_on is the day the camera says, where that can be true.
    """

    jpeg: bytes
    width: int
    height: int
    kind: str
    advice: tuple[str, ...] = ()
    taken_on: date | None = None


class PictureRefused(ValueError):  # noqa: N818  (an answer to the family, not a fault)
    """Name why with one of CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decode(data: bytes, *, timeout_s: float = TIMEOUT_S, wait_s: float = apart.WAIT_S) -> Picture:
    """Return the clean copy of a JPEG, PNG, WebP or HEIC; raise PictureRefused. Costs one process.

    Limits (bytes, pixels, memory, CPU seconds) are those of MAX_BYTES and of sandbox.py.
    """
    if len(data) > MAX_BYTES:
        raise PictureRefused("too_large")
    try:
        line, jpeg = apart.answer(SANDBOX, data, timeout_s=timeout_s, wait_s=wait_s)
    except apart.OutOfTimeError as error:
        raise PictureRefused("timed_out") from error
    head = json.loads(line)
    if head["code"] != "ok":
        raise PictureRefused(head["code"])
    taken_on = day(head["taken"], datetime.now(UTC))
    return Picture(jpeg, head["width"], head["height"], head["format"], tuple(head["advice"]), taken_on)


def day(taken: str, now: datetime) -> date | None:
    """Return the day of an EXIF time ("2024:05:17 18:30:00"); None where it is none, or cannot be true."""
    try:
        found = datetime.strptime(taken[:10], "%Y:%m:%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
    return found if found.year >= FIRST_YEAR and found <= (now + FARTHEST_EAST).date() else None
