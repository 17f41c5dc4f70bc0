"""Read one PDF from standard input, write its first pages as one picture to standard output.

Runs by its path and imports nothing of this project. Poppler's pdftoppm draws the pages, in a process of its
own that gives up memory above MEMORY, CPU above CPU_S, every file it could write, further processes and,
where the system lets it, the network; it knows no script and follows no link. What it draws is pixels, read
here without a decoder. The answer is one line of JSON, {"code", "pages", "width", "height", "advice"}, then
the JPEG where code is "ok": the pages one below the other.
"""

from __future__ import annotations

import ctypes
import io
import json
import re
import resource
import shutil
import subprocess
import sys
from typing import Any

from PIL import Image, JpegImagePlugin

MEMORY, CPU_S = 1_000_000_000, 25
OWN_MEMORY = 1_200_000_000
TIMEOUT_S = 50.0
PAGES = 8
SIDE = 1_200  # px, the longer side of a page
GAP = 12  # px between two
PATH = "/usr/bin:/usr/local/bin:/opt/homebrew/bin"
NEW_USER, NEW_NET = 0x10000000, 0x40000000  # linux/sched.h
_HEAD = re.compile(rb"P6\s(\d{1,5})\s(\d{1,5})\s255\s")


def main() -> None:
    data = sys.stdin.buffer.read()
    made, head = b"", dict[str, Any]()
    program = shutil.which("pdftoppm", path=PATH)
    try:
        if program is None:
            head = {"code": "no_reader"}
        elif not data.startswith(b"%PDF-"):
            head = {"code": "not_pages"}
        else:
            made, head = _joined(*_pages(_drawn(program, data)))
    except MemoryError:
        made, head = b"", {"code": "too_many_pixels"}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made)
    sys.stdout.buffer.flush()


def _drawn(program: str, data: bytes) -> bytes:
    """Return what the pages look like, as far as they were drawn before a limit."""
    asked = ["-f", "1", "-l", str(PAGES + 1), "-scale-to", str(SIDE), "-"]
    with subprocess.Popen(  # noqa: S603  (a program of the system, no argument from outside)
        [program, *asked],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C"},
        preexec_fn=_give_up_rights,  # this process has one thread
    ) as drawing:
        try:
            return drawing.communicate(data, timeout=TIMEOUT_S)[0]
        except subprocess.TimeoutExpired:
            drawing.kill()
            return drawing.communicate()[0]


def _give_up_rights() -> None:
    # Without the right to do so the call says so and changes nothing: then only the limits hold.
    ctypes.CDLL(None).unshare(NEW_USER | NEW_NET)
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 32),  # libraries and fonts, one after the other
    ):
        resource.setrlimit(what, (limit, limit))


def _pages(drawn: bytes) -> tuple[list[Image.Image], bool]:
    """Return the whole pages of a run of PPM, and whether the last one is cut."""
    found: list[Image.Image] = []
    at = 0
    while head := _HEAD.match(drawn, at):
        width, height = int(head[1]), int(head[2])
        start, at = head.end(), head.end() + 3 * width * height
        if width > SIDE or height > SIDE or at > len(drawn):
            return found, True
        found.append(Image.frombytes("RGB", (width, height), drawn[start:at]))
    return found, False


def _joined(pages: list[Image.Image], is_cut: bool) -> tuple[bytes, dict[str, Any]]:  # noqa: FBT001  (a pair)
    if not pages:
        return b"", {"code": "truncated"}
    assert JpegImagePlugin
    shown = pages[:PAGES]
    width = max(page.width for page in shown)
    whole = Image.new("RGB", (width, sum(page.height + GAP for page in shown) - GAP), (128, 128, 128))
    top = 0
    for page in shown:
        whole.paste(page, ((width - page.width) // 2, top))
        top += page.height + GAP
    out = io.BytesIO()
    whole.save(out, "JPEG", quality=80, optimize=True)
    advice = [*(["cut_short"] if len(pages) > PAGES else []), *(["truncated"] if is_cut else [])]
    head = {"code": "ok", "pages": len(shown), "width": whole.width, "height": whole.height, "advice": advice}
    return out.getvalue(), head


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (OWN_MEMORY, OWN_MEMORY))
    main()
