"""A photo on neutral ground: whole, in an allowed shape, with nothing but pixels in it."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cases.media.padded import GROUND, MOST_BYTES, ground_size, padded
from notifier.protocols.instagram import refuse_bad_picture


def jpeg(width: int, height: int, **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "JPEG", **more)
    return out.getvalue()


def read(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("width", "height"),
    [(1, 1), (60, 80), (1, 2000), (2000, 1), (3, 7), (799, 1000), (800, 1000), (1911, 1000), (1910, 1000),
     (4000, 3000), (320, 321), (1441, 800), (37, 911)],
)  # fmt: skip
def test_any_size_becomes_one_that_is_taken_and_shows_the_whole(width, height):
    made = padded(jpeg(width, height))
    refuse_bad_picture(made)
    image = read(made)
    assert image.format == "JPEG"
    assert 320 <= image.width <= 1440
    assert len(made) <= MOST_BYTES


def test_what_is_added_is_neutral_and_nothing_is_cut_off():
    image = read(padded(jpeg(400, 1000)))
    middle = image.width // 2
    assert reds(image, middle, image.height // 2) > 200
    grey = image.crop((2, 2, 6, 6)).getcolors()
    assert grey is not None
    assert all(abs(part - ground) < 6 for _count, colour in grey for part, ground in pairs(colour))
    for y in (5, image.height - 6):  # the whole height is there
        assert reds(image, middle, y) > 200


def reds(image: Image.Image, x: int, y: int) -> int:
    return image.getchannel("R").crop((x, y, x + 1, y + 1)).tobytes()[0]


def pairs(colour: Any) -> Iterator[tuple[int, int]]:
    yield from zip(colour, GROUND, strict=True)


def test_where_and_by_whom_it_was_taken_is_gone_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lay on its side
    exif[0x010F] = "Telephone of Karim"
    image = read(padded(jpeg(900, 800, exif=exif.tobytes(), comment=b"Karim")))
    assert len(image.getexif()) == 0
    assert not {"exif", "comment"} & set(image.info)
    assert image.width < image.height


class TestGround(SimpleTestCase):
    @settings(max_examples=300, deadline=None)
    @given(st.integers(1, 6000), st.integers(1, 6000))
    def test_the_ground_holds_the_picture_and_is_no_larger_than_needed(self, width: int, height: int):
        wide, high = ground_size(width, height)
        assert wide >= width
        assert high >= height
        assert 0.8 <= wide / high <= 1.91
        assert (wide, high) == (width, height) or min(wide - width, high - height) == 0
