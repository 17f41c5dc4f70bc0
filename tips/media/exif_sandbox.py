"""Read one photo from standard input, write what its EXIF says as one line of JSON, in a process of its own.

Runs by its path and imports nothing of this project. Before a byte of the photo is looked at, the process
gives up memory above MEMORY, CPU above CPU_S, every file and every socket. No pixel is decoded. The answer is
{"code", "told"}: texts under taken, zone, latitude, longitude, make, model, software.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any

import pi_heif
from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

MEMORY, CPU_S = 700_000_000, 10
LONGEST = 120
MAKE, MODEL, SOFTWARE, EXIF_IFD, GPS_IFD = 0x010F, 0x0110, 0x0131, 0x8769, 0x8825
TAKEN, ZONE = 0x9003, 0x9011  # DateTimeOriginal, OffsetTimeOriginal
FORMATS = ["JPEG", "PNG", "WEBP", "HEIF"]


def main() -> None:
    data = sys.stdin.buffer.read()
    _give_up_rights()
    try:
        head: dict[str, Any] = {"code": "ok", "told": _told(data)}
    except Exception:  # noqa: BLE001  (damaged in one of many ways: it tells nothing)
        head = {"code": "unreadable", "told": {}}
    sys.stdout.write(json.dumps(head) + "\n")
    sys.stdout.flush()


def _give_up_rights() -> None:
    Image.MAX_IMAGE_PIXELS = None  # nothing is decoded
    Image._initialized = 2  # no other plugin is ever loaded
    pi_heif.register_heif_opener(thumbnails=False)
    for module in (JpegImagePlugin, PngImagePlugin, WebPImagePlugin, TiffImagePlugin):
        assert module  # imported for what it registers
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(what, (limit, limit))


def _told(data: bytes) -> dict[str, str]:
    exif = Image.open(io.BytesIO(data), formats=FORMATS).getexif()
    inner = exif.get_ifd(EXIF_IFD)
    said = {
        "make": exif.get(MAKE), "model": exif.get(MODEL), "software": exif.get(SOFTWARE),
        "taken": inner.get(TAKEN), "zone": inner.get(ZONE),
    }  # fmt: skip
    texts = {key: value.strip("\0 ")[:LONGEST] for key, value in said.items() if isinstance(value, str)}
    return {key: value for key, value in {**texts, **_place(exif.get_ifd(GPS_IFD))}.items() if value}


def _place(gps: dict[int, Any]) -> dict[str, str]:
    """Return decimal degrees from degrees, minutes and seconds (tags 1 to 4); nothing where they are
    wrong."""
    try:
        return {"latitude": _degrees(gps[2], gps[1], "S"), "longitude": _degrees(gps[4], gps[3], "W")}
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return {}


def _degrees(parts: Any, side: Any, negative: str) -> str:
    degrees, minutes, seconds = (float(part) for part in parts)
    found = degrees + minutes / 60 + seconds / 3600
    if found != found:
        raise ValueError
    return f"{-found if side == negative else found:.6f}"


if __name__ == "__main__":
    main()
