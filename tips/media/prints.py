"""What a picture is recognised by. Pure: numpy, OpenCV and Pillow.

PDQ (Meta, 2019) knows a picture that was recompressed, resized or darkened, and no other: five percent cut
away is a stranger to it. So a print also holds points of the picture and what each looks like (ORB, Rublee et
al. 2011), spread over the whole of it, so that a line of text draws only the points of its own place.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from zipfile import BadZipFile

import cv2
import numpy as np
import numpy.typing as npt
import pdqhash  # type: ignore[import-untyped]  # comes without types
from PIL import Image

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.float32]

SIDE = 480  # px, the longer side of the grey picture that points are taken from
LEAST_SIDE = 32  # px: narrower has no room for a point
CELLS = 6  # a side: each of the 36 fields gives its strongest points
MOST_POINTS = 360
PLAIN = 4.0  # standard deviation of a line of grey that is a border and no picture
KEPT = 0.97  # a border smaller than this is left alone
LARGEST_SIDE = 1600  # px: nothing finer counts
PDQ_BITS = 256
PDQ_NEAR = 31  # bits; the distance its authors give for the same picture
PDQ_POOR = 50  # of 100: a picture with nothing on it has a hash that says nothing
QUALITY = 70

cv2.setNumThreads(1)  # Celery's workers fork, and threads do not come along


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """Hold what a picture is recognised by.

    pdq: 32 bytes of the picture without its border and, where there seemed to be one, 32 of the whole;
    quality: 0-100, by PDQ's own measure; points: (n, 2) pixels of grey; looks: (n, 32) bytes,
    the strongest of each field first; grey: the picture's JPEG, at most SIDE pixels long.
    """

    pdq: bytes
    quality: int
    points: Numbers
    looks: Bytes
    grey: bytes

    @property
    def has_pdq(self) -> bool:
        """Say whether the hash says anything."""
        return self.quality >= PDQ_POOR

    @property
    def hashes(self) -> list[bytes]:
        """Return the hashes that say something, one or two."""
        return [self.pdq[at : at + 32] for at in range(0, len(self.pdq), 32)] if self.has_pdq else []

    def packed(self) -> bytes:
        """Return it as bytes without any object in them (about 30 kB), to be sealed."""
        held = io.BytesIO()
        np.savez_compressed(
            held, pdq=np.frombuffer(self.pdq, np.uint8), quality=np.uint8(self.quality),
            points=self.points.astype(np.float16), looks=self.looks,
            grey=np.frombuffer(self.grey, np.uint8),
        )  # fmt: skip
        return held.getvalue()

    @classmethod
    def unpacked(cls, packed: bytes) -> Print:
        """Return what was packed; raise ValueError for anything else."""
        try:
            with np.load(io.BytesIO(packed), allow_pickle=False) as found:
                return cls(
                    found["pdq"].tobytes(), int(found["quality"]), found["points"].astype(np.float32),
                    found["looks"], found["grey"].tobytes(),
                )  # fmt: skip
        except (ValueError, KeyError, OSError, EOFError, BadZipFile, zlib.error) as error:
            raise ValueError("print: not packed here") from error


def take(picture: Image.Image) -> Print:
    """Return the print of a decoded picture of any mode (about 30 ms)."""
    whole = _plain(picture)
    flat = trimmed(whole)
    pdq, quality = _hash(flat)
    if flat is not whole:
        pdq += _hash(whole)[0]
    grey = _grey(flat)
    points, looks = _points(grey)
    held = io.BytesIO()
    Image.fromarray(grey).save(held, "JPEG", quality=QUALITY)
    return Print(pdq, quality, points, looks, held.getvalue())


def mirrored(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def trimmed(picture: Image.Image) -> Image.Image:
    """Return the picture without the plain border that a story or a frame put around it."""
    grey = np.asarray(picture.convert("L"), dtype=np.float32)
    height, width = grey.shape
    busy_rows = np.flatnonzero(grey.std(axis=1) >= PLAIN)
    if not busy_rows.size:
        return picture
    top, bottom = int(busy_rows[0]), int(busy_rows[-1]) + 1
    busy_columns = np.flatnonzero(grey[top:bottom].std(axis=0) >= PLAIN)
    left, right = (int(busy_columns[0]), int(busy_columns[-1]) + 1) if busy_columns.size else (0, width)
    if (right - left) * (bottom - top) >= KEPT * width * height:
        return picture
    return picture.crop((left, top, right, bottom))


def pdq_distance(one: Print, other: Print) -> int:
    """Return the bits of PDQ_BITS in which two hashes differ; PDQ_BITS where either says nothing."""
    apart = [
        (int.from_bytes(mine) ^ int.from_bytes(theirs)).bit_count()
        for mine in one.hashes
        for theirs in other.hashes
    ]
    return min(apart, default=PDQ_BITS)


def opened(grey: bytes) -> Bytes:
    """Return the pixels of a print's grey picture."""
    with Image.open(io.BytesIO(grey), formats=["JPEG"]) as picture:
        return np.asarray(picture.convert("L"), np.uint8)


def _hash(picture: Image.Image) -> tuple[bytes, int]:
    bits, quality = pdqhash.compute(np.asarray(picture))
    return np.packbits(bits).tobytes(), int(quality)


def _plain(picture: Image.Image) -> Image.Image:
    """Return it in RGB on white, no side above LARGEST_SIDE."""
    if picture.mode.startswith(("I", "F")):  # 16 bits of grey: Pillow would call all above 255 white
        picture = _in_eight_bits(picture)
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        ground = Image.new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        picture = ground
    flat = picture.convert("RGB")
    flat.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BILINEAR)
    return flat


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    levels = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    highest = levels.max() or 1.0
    return Image.fromarray(np.clip(levels / highest * 255, 0, 255).astype(np.uint8))


def _grey(picture: Image.Image) -> Bytes:
    share = SIDE / max(picture.size)
    size = (max(LEAST_SIDE, round(picture.width * share)), max(LEAST_SIDE, round(picture.height * share)))
    return np.asarray(picture.convert("L").resize(size, Image.Resampling.BILINEAR), np.uint8)


def _points(grey: Bytes) -> tuple[Numbers, Bytes]:
    """Return the strongest points of each field in turn, and their looks."""
    finder = cv2.ORB.create(
        nfeatures=4000, scaleFactor=1.2, nlevels=8, edgeThreshold=19, patchSize=31, fastThreshold=5
    )
    height, width = grey.shape
    by_cell: dict[tuple[int, int], list[cv2.KeyPoint]] = {}
    for point in sorted(finder.detect(grey, None), key=lambda one: -one.response):
        cell = (int(point.pt[0] * CELLS / width), int(point.pt[1] * CELLS / height))
        by_cell.setdefault(cell, []).append(point)
    each = 3 * MOST_POINTS // CELLS**2
    in_turn = [points[turn] for turn in range(each) for points in by_cell.values() if turn < len(points)]
    kept, looks = finder.compute(grey, in_turn[:MOST_POINTS])
    if not kept:  # and looks is None, whatever the stubs say
        return np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8)
    return np.array([point.pt for point in kept], np.float32).reshape(-1, 2), np.asarray(looks, np.uint8)
