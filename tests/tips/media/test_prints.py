import io
import pickle

import numpy as np
import pytest
from PIL import Image

from tests.tips.media import scenes
from tips.media import prints
from tips.media.prints import PDQ_BITS, PDQ_NEAR, Print, pdq_distance, take, trimmed

STRANGE = {
    "one pixel": Image.new("RGB", (1, 1)),
    "all black": Image.new("L", (400, 300)),
    "a thread": Image.new("RGB", (20_000, 10), "white"),
    "a clear one": Image.new("RGBA", (60, 400), (1, 2, 3, 0)),
    "grey with a clear part": Image.new("LA", (30, 30), (9, 0)),
    "a palette": Image.new("P", (50, 50)),
    "sixteen bits": Image.new("I;16", (300, 200), 40_000),
    "thirty-two bits": Image.new("I", (30, 30), -7),
    "numbers": Image.fromarray(np.full((30, 30), np.nan, np.float32)),
    "ink": Image.new("CMYK", (30, 30)),
    "two levels": Image.new("1", (64, 64)),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_a_picture_with_nothing_on_it_has_a_print_that_resembles_nothing(kind):
    taken = take(STRANGE[kind])
    assert (len(taken.looks), taken.has_pdq, taken.hashes) == (0, False, [])
    assert pdq_distance(taken, taken) == PDQ_BITS


def test_a_print_comes_back_as_it_was_packed():
    known = scenes.known(0)
    again = Print.unpacked(known.packed())
    assert (again.pdq, again.quality, again.grey) == (known.pdq, known.quality, known.grey)
    assert np.array_equal(again.looks, known.looks)
    assert np.abs(again.points - known.points).max() < 0.5
    assert len(known.packed()) < 40_000


@pytest.mark.parametrize("packed", [b"", b"PK\x03\x04", b"hello" * 50, pickle.dumps({"pdq": 1})])
def test_what_was_not_packed_here_is_refused(packed):
    with pytest.raises(ValueError, match="not packed here"):
        Print.unpacked(packed)


def test_no_object_hides_in_what_is_packed():
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was opened",))

    held = io.BytesIO()
    np.savez(held, pdq=np.array([Trap()], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="not packed here"):
        Print.unpacked(held.getvalue())


def test_points_lie_all_over_the_picture():
    points = scenes.known(0).points
    for axis, share in ((0, 1.0), (1, 0.75)):
        assert points[:, axis].min() < 60
        assert points[:, axis].max() > prints.SIDE * share - 60


def test_a_border_is_taken_away_and_a_picture_is_not():
    picture = scenes.pictures()[0]
    framed = Image.new("RGB", (picture.width + 200, picture.height + 300), "navy")
    framed.paste(picture, (100, 150))
    assert trimmed(framed).size == picture.size
    assert trimmed(picture) is picture


def test_the_hash_of_sixteen_bits_is_that_of_eight():
    grey = scenes.pictures()[0].convert("L")
    deep = Image.fromarray(np.asarray(grey, np.uint16) * 257)
    assert pdq_distance(take(grey), take(deep)) <= PDQ_NEAR


def test_what_a_border_hid_or_seemed_to_does_not_hide_the_hash():
    assert pdq_distance(take(scenes.changed("jpeg_10", 3)), scenes.known(3)) <= PDQ_NEAR
    assert pdq_distance(take(scenes.changed("border_15", 0)), scenes.known(0)) <= PDQ_NEAR


def test_a_large_picture_counts_no_more_than_its_small_copy():
    large = scenes.pictures()[0].resize((3000, 2250))
    assert pdq_distance(take(large), scenes.known(0)) <= PDQ_NEAR
