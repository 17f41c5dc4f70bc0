import numpy as np
import pytest

from tips.media import index
from tips.media.hashes import HashIndex
from tips.media.index import COMMON, PointIndex

DICE = np.random.default_rng(7)


def looks(count=64):
    return DICE.integers(0, 256, (count, 32), dtype=np.uint8)


def flipped(bits, count):
    apart = np.unpackbits(bits)
    apart[DICE.choice(256, count, replace=False)] ^= 1
    return np.packbits(apart)


def test_every_hash_within_the_limit_is_found_and_none_beyond():
    known = looks(2_000)
    held = HashIndex()
    for number, one in enumerate(known):
        held.add(number, one.tobytes())
    for bits in (0, 1, 17, 30, 31):
        assert held.near(flipped(known[5], bits).tobytes()) == [(5, bits)]
    assert held.near(flipped(known[5], 32).tobytes()) == []


def test_what_was_added_last_is_found_as_well_and_the_nearest_comes_first():
    held, known = HashIndex(), looks(200)
    for number, one in enumerate(known):
        held.add(number, one.tobytes())
    assert held.near(known[0].tobytes()) == [(0, 0)]
    held.add(900, flipped(known[0], 9).tobytes())
    held.add(901, flipped(known[0], 4).tobytes())
    assert held.near(known[0].tobytes()) == [(0, 0), (901, 4), (900, 9)]


def test_an_empty_index_answers_and_a_wrong_hash_is_refused():
    assert HashIndex().near(bytes(32)) == []
    assert PointIndex().candidates(looks()) == []
    with pytest.raises(ValueError, match="32 bytes"):
        HashIndex().add(1, b"short")


def test_a_picture_is_a_candidate_though_a_tenth_of_each_look_changed():
    held, known = PointIndex(), [looks() for _ in range(50)]
    held.add_all(enumerate(known))
    asked = np.array([flipped(one, 25) for one in known[7]])
    assert held.candidates(asked)[0][0] == 7
    assert len(held) == 50 * index.HASHES


def test_pictures_added_one_by_one_are_found_like_those_added_at_once():
    held, known = PointIndex(), [looks() for _ in range(40)]
    held.add_all(enumerate(known[:35]))
    for number, one in enumerate(known[35:], 35):
        held.add(number, one)
        assert held.candidates(one) == [(number, 64)]


def test_a_look_that_everybody_has_says_nothing():
    held, frame = PointIndex(), looks()
    for number in range(COMMON + 1):
        held.add(number, frame)
    assert held.candidates(frame) == []


def test_a_picture_without_points_is_no_candidate():
    held = PointIndex()
    held.add(1, np.zeros((0, 32), np.uint8))
    held.add(2, looks())
    assert held.candidates(np.zeros((0, 32), np.uint8)) == []
