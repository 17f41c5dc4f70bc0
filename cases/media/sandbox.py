"""Read one picture from standard input, write a clean copy to standard output, in a process of its own.

Runs by its path and imports nothing of this project. Before a byte of the picture is looked at, the process
gives up memory above MEMORY, CPU above CPU_S, every file and every socket (no descriptor can be opened).
The answer is one line of JSON, {"code", "width", "height", "format"}, then the JPEG where code is "ok".
"""

from __future__ import annotations

import io
import json
import resource
import sys

import pi_heif
from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

MEMORY = 1_500_000_000  # bytes of address space; a 40-megapixel photo needs a third of it
CPU_S = 20
MAX_PIXELS = 40_000_000
MAX_SIDE = 12_000
CLEAN_SIDE = 1_600
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}


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
        clean, head = b"", {"code": "too_many_pixels"}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + clean)
    sys.stdout.buffer.flush()


def kind_of(data: bytes) -> str:
    """Return the format by its first bytes, whatever the name of the file says; "" for all others."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "heic"
    return ""


def _give_up_rights() -> None:
    # Decoders are told to Pillow now: later no file can be opened to import one.
    Image.MAX_IMAGE_PIXELS = None  # the header is checked below, before anything is decoded
    Image._initialized = 2  # no other plugin is ever loaded
    pi_heif.register_heif_opener(thumbnails=False)
    for module in (JpegImagePlugin, PngImagePlugin, WebPImagePlugin, TiffImagePlugin):  # TIFF reads EXIF
        assert module  # imported for what it registers
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(what, (limit, limit))


def _clean(data: bytes) -> tuple[bytes, dict[str, str | int]]:
    kind = kind_of(data)
    if not kind:
        raise Refused("not_a_picture")
    if kind == "webp":
        _check_size(*_webp_size(data))  # Pillow makes room for the whole canvas while it opens one
    image = _open(data, kind)
    _check_size(*image.size)
    small = _shrink(image)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return out.getvalue(), {"code": "ok", "width": small.width, "height": small.height, "format": kind}


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Refused("too_many_pixels")


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return the canvas by the first chunk (RFC 9649): VP8X, VP8L or VP8."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF


def _open(data: bytes, kind: str) -> Image.Image:
    """Read the header alone; the first bytes were right, so what fails is damaged or cut."""
    try:
        return Image.open(io.BytesIO(data), formats=[FORMATS[kind]])
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("truncated") from error


def _shrink(image: Image.Image) -> Image.Image:
    """Return the first frame upright, without transparency or metadata, no side above CLEAN_SIDE."""
    try:
        image.draft("RGB", (CLEAN_SIDE, CLEAN_SIDE))  # a JPEG decodes at a fraction of its size: less memory
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((CLEAN_SIDE, CLEAN_SIDE), Image.Resampling.LANCZOS)
        return _opaque(upright)
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("truncated") from error


def _opaque(image: Image.Image) -> Image.Image:
    """Return pixels alone, in RGB, on white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        plain = Image.new("RGB", image.size, "white")
        plain.paste(image, mask=image.getchannel("A"))
        return plain
    plain = image.convert("RGB")
    plain.info = {}  # comments, profiles and EXIF would be written again by save()
    return plain


if __name__ == "__main__":
    main()
