"""The pages of a PDF of a stranger, as a picture: by a program that knows no script, in its own process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cases.media import apart

SANDBOX = Path(__file__).with_name("pages_sandbox.py")
MAX_BYTES = 50 * 1024 * 1024
TIMEOUT_S = 80.0
CODES = ("no_reader", "not_pages", "too_large", "too_many_pixels", "truncated", "timed_out")
ADVICE = ("cut_short", "truncated")  # never a refusal


@dataclass(frozen=True, slots=True)
class Pages:
    """Hold one JPEG with the first pages below one another (1,200 px a page at most).

    advice: "cut_short", there are more pages; "truncated", one could not be drawn whole.
    """

    jpeg: bytes
    count: int
    width: int
    height: int
    advice: tuple[str, ...] = ()


class PagesRefused(ValueError):  # noqa: N818  (an answer, not a fault)
    """Name why with one of CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def drawn(data: bytes, *, timeout_s: float = TIMEOUT_S, wait_s: float = apart.WAIT_S) -> Pages:
    """Return the first pages of a PDF; raise PagesRefused. Costs two processes (0.2 s a page)."""
    if len(data) > MAX_BYTES:
        raise PagesRefused("too_large")
    try:
        line, jpeg = apart.answer(SANDBOX, data, timeout_s=timeout_s, wait_s=wait_s)
    except apart.OutOfTimeError as error:
        raise PagesRefused("timed_out") from error
    head = json.loads(line)
    if head["code"] != "ok":
        raise PagesRefused(head["code"])
    return Pages(jpeg, head["pages"], head["width"], head["height"], tuple(head["advice"]))
