import io

from PIL import Image

from cases.media.small import LIGHT, small
from project.invented import drawn_face


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_large_photo_becomes_light_and_keeps_its_shape():
    large = opened(drawn_face()).resize((1200, 1600))
    held = io.BytesIO()
    large.save(held, "JPEG", quality=95)
    found = small(held.getvalue())
    assert opened(found).size == LIGHT
    assert len(found) < len(held.getvalue()) / 4


def test_a_small_one_is_not_blown_up_and_a_grey_one_stays_a_jpeg():
    held = io.BytesIO()
    Image.new("L", (60, 80), 128).save(held, "JPEG")
    found = opened(small(held.getvalue()))
    assert (found.size, found.format, found.mode) == ((60, 80), "JPEG", "RGB")
