"""Pictures, good and nasty, made here."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image

# Drawn by this module and kept: no encoder of HEIC has a licence this project may build on.
HEIC = Path(__file__).parent / "samples" / "red-left.heic"
PHP = b"<?php system($_GET['c']); ?>"


def picture(kind: str = "JPEG", size=(640, 480), mode: str = "RGB", **options) -> bytes:
    """Return a picture whose left half is red and right half blue."""
    if kind == "HEIF":
        return HEIC.read_bytes()
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def rotated(orientation: int = 6) -> bytes:
    """Return a JPEG that says it must be turned, where it was taken and with what."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Spycam Industries"
    exif.get_ifd(0x8825)[2] = (34.0, 1.0, 13.0)
    return picture(exif=exif, comment=b"taken at home")


def polyglot() -> bytes:
    return picture(comment=PHP) + PHP


def wide_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a PNG of a few bytes whose header promises a flood of pixels."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    )


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (80, 60), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=50)
    return out.getvalue()


def colour_at(jpeg: bytes, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = (opened(jpeg).getchannel(band).getpixel((x, y)) for band in "RGB")
    return int(red), int(green), int(blue)  # type: ignore[arg-type]  # one band gives one number


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return image


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
