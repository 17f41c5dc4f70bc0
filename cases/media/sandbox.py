"""Read one picture from standard input, write a clean copy to standard output, in a process of its own.

Runs by its path and imports nothing of this project. Before a byte of the picture is looked at, the process
gives up memory above MEMORY, CPU above CPU_S, every file and every socket (no descriptor can be opened).
The answer is one line of JSON, {"code", "width", "height", "format", "advice", "taken"}, then the JPEG where
code is "ok".
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any

import pi_heif
from PIL import (
    Image,
    ImageChops,
    ImageFilter,
    ImageStat,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

MEMORY = 1_500_000_000  # bytes of address space; a 40-megapixel photo needs up to half of it
CPU_S = 20
MAX_PIXELS = 40_000_000
MAX_SIDE = 12_000
CLEAN_SIDE = 1_600
SMALL_SIDE = 400  # the shorter side; below it a face has too few pixels for a poster
JUDGED_SIDE = 400  # blur and darkness are judged at this size, at which noise and the blocks of JPEG are gone
TILE = 50
REBLUR = 4
FLAT = 1.5  # levels from one pixel to the next, on average: below it a tile is sky, wall or night
# Measured on drawn faces (tests/cases/media/test_advice.py): sharp ones, even dim, noisy, at JPEG quality 10
# or before a soft background, 0.10-0.35, soft by 1/400 of their width to 0.43; shaken, or blurred by 1/200
# of their width or more, 0.54-0.91. Blur under strong noise passes for sharp: a bad camera is not blamed.
BLURRED = 0.5
DARK_LEVEL = 60
ORIENTATION, EXIF_IFD, TAKEN = 0x0112, 0x8769, 0x9003  # tags of EXIF; TAKEN is DateTimeOriginal
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
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


def _clean(data: bytes) -> tuple[bytes, dict[str, Any]]:
    kind = kind_of(data)
    if not kind:
        raise Refused("not_a_picture")
    if kind == "webp":
        _check_size(*_webp_size(data))  # Pillow makes room for the whole canvas while it opens one
    image = _open(data, kind)
    _check_size(*image.size)
    shorter_side = min(image.size)
    orientation, taken = _told(image)
    small = _shrink(image, orientation)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return out.getvalue(), {
        "code": "ok",
        "width": small.width,
        "height": small.height,
        "format": kind,
        "advice": _advice(small, shorter_side),
        "taken": taken,
    }


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


def _told(image: Image.Image) -> tuple[int, str]:
    """Return the orientation (1-8) and the time taken that EXIF tells; 1 and "" where it is damaged."""
    try:
        exif = image.getexif()
        orientation, taken = exif.get(ORIENTATION, 1), exif.get_ifd(EXIF_IFD).get(TAKEN, "")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  (no photo is refused for what stands beside it)
        return 1, ""
    return orientation if isinstance(orientation, int) else 1, taken[:19] if isinstance(taken, str) else ""


def _shrink(image: Image.Image, orientation: int) -> Image.Image:
    """Return the first frame upright, without transparency or metadata, no side above CLEAN_SIDE."""
    try:
        image.draft("RGB", (CLEAN_SIDE, CLEAN_SIDE))  # a JPEG decodes at a fraction of its size: less memory
        image.load()
        if image.mode.startswith("I"):  # 16 bits of grey: Pillow would call all above 255 white
            image = image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
        if image.mode in ("1", "P", "PA"):  # colours of a palette have no mean
            image = _opaque(image)
        image.thumbnail((CLEAN_SIDE, CLEAN_SIDE), Image.Resampling.LANCZOS)
        plain = _opaque(image)
        return plain.transpose(TURNS[orientation]) if orientation in TURNS else plain
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


def _advice(image: Image.Image, shorter_side: int) -> list[str]:
    grey = image.convert("L")
    grey.thumbnail((JUDGED_SIDE, JUDGED_SIDE), Image.Resampling.LANCZOS)
    found = {
        "small": shorter_side < SMALL_SIDE,
        "blurred": max(blur(grey, sideways=True), blur(grey, sideways=False)) > BLURRED,
        "dark": highlight(grey) < DARK_LEVEL,
    }
    return [code for code, is_so in found.items() if is_so]


def highlight(grey: Image.Image) -> int:
    """Return the level (0-255) that the brightest tenth reaches: no dark skin or night lowers it."""
    brighter, tenth = 0, grey.width * grey.height / 10
    levels = grey.histogram()
    for level in range(255, -1, -1):
        brighter += levels[level]
        if brighter >= tenth:
            return level
    return 0


def blur(grey: Image.Image, *, sideways: bool) -> float:
    """Return how little a picture's sharpest tiles lose when they are blurred once more: 0 much, 1 nothing.

    After Crete et al., The blur effect (SPIE 6492, 2007), which contrast does not sway, here by tiles, so
    that a face before a soft background counts as sharp. 0 where too little is to be seen to tell.
    """
    again = grey.filter(ImageFilter.BoxBlur((REBLUR, 0) if sideways else (0, REBLUR)))
    edges = _edges(grey, sideways=sideways)
    lost = ImageChops.subtract(edges, _edges(again, sideways=sideways))
    kept = sorted(filter(None, (_kept(edges.crop(tile), lost.crop(tile)) for tile in _tiles(edges))))
    return kept[len(kept) // 10] if len(kept) > 1 else 0.0


def _edges(grey: Image.Image, *, sideways: bool) -> Image.Image:
    """Return how much each pixel differs from the next one."""
    width, height = max(grey.width - sideways, 1), max(grey.height - (not sideways), 1)
    first, next_one = (0, 0), (grey.width - width, grey.height - height)
    here, there = (grey.crop((x, y, x + width, y + height)) for x, y in (first, next_one))
    return ImageChops.difference(here, there)


def _tiles(image: Image.Image) -> list[tuple[int, int, int, int]]:
    """Return the boxes of whole tiles; of a picture smaller than one, itself."""
    columns, rows = max(image.width // TILE, 1), max(image.height // TILE, 1)
    width, height = min(TILE, image.width), min(TILE, image.height)
    return [
        (x * TILE, y * TILE, x * TILE + width, y * TILE + height) for y in range(rows) for x in range(columns)
    ]


def _kept(edges: Image.Image, lost: Image.Image) -> float | None:
    """Return the share of a tile's edges that a second blur left; None where the tile is flat."""
    before = ImageStat.Stat(edges)
    if before.mean[0] < FLAT:
        return None
    return 1 - ImageStat.Stat(lost).sum[0] / before.sum[0]


if __name__ == "__main__":
    main()
