"""How long one picture is sought among very many hashes: banded indexes beside a look at each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

import numpy as np

from bench.media_figure import Figure
from tips.media.hashes import HASH_BYTES, HashIndex
from tips.media.index import HASHES, PointIndex

ROUNDS = 15
PDQ_FLIPS, LOOK_FLIPS = 28, 20  # bits changed on the way: of a hash, of the look of a point


def figures(count: int) -> Iterator[Figure]:
    """Yield the median time (ms) of a question among so many PDQ hashes, then among looks of points."""
    dice = np.random.default_rng(1)
    hashes = dice.integers(0, 256, (count, HASH_BYTES), dtype=np.uint8)
    asked = [flipped(hashes[n], PDQ_FLIPS, dice) for n in dice.integers(0, count, ROUNDS)]
    index = HashIndex()
    for number, one in enumerate(hashes):
        index.add(number, one.tobytes())
    index.near(asked[0].tobytes())  # sorts, once
    took = timed([partial(index.near, one.tobytes()) for one in asked])
    yield Figure("search_pdq", "ours", count, took, "ms")
    took = timed([partial(scan, hashes, one) for one in asked])
    yield Figure("search_pdq", "scan", count, took, "ms")
    yield from of_points(hashes, dice)


def of_points(looks: np.ndarray, dice: np.random.Generator) -> Iterator[Figure]:
    """Yield the time of a question with the points of one picture, HASHES a known picture."""
    pictures = len(looks) // HASHES
    index, asked = PointIndex(), []
    index.add_all((n, looks[n * HASHES : (n + 1) * HASHES]) for n in range(pictures))
    for number in dice.integers(0, pictures, ROUNDS):
        own = looks[number * HASHES : (number + 1) * HASHES]
        changed = np.array([flipped(look, LOOK_FLIPS, dice) for look in own])
        strange = dice.integers(0, 256, (136, HASH_BYTES), dtype=np.uint8)
        asked.append((int(number), np.concatenate([changed, strange])))
    index.candidates(asked[0][1])  # sorts, once
    found = sum(number in dict(index.candidates(one)) for number, one in asked)
    yield Figure("search_points", "ours", pictures * HASHES, found / ROUNDS, "recall")
    took = timed([partial(index.candidates, one) for _number, one in asked])
    yield Figure("search_points", "ours", pictures * HASHES, took, "ms")
    one = asked[0][1]
    took = timed([lambda: [scan(looks, look) for look in one[:5]]]) * len(one) / 5
    yield Figure("search_points", "scan", pictures * HASHES, took, "ms")


def scan(hashes: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Return who is near, by a look at each."""
    words = hashes.view(np.uint64) ^ asked.view(np.uint64)
    return np.flatnonzero(np.bitwise_count(words).sum(axis=1) <= PDQ_FLIPS + 3)


def flipped(bits: np.ndarray, count: int, dice: np.random.Generator) -> np.ndarray:
    """Return the bits with that many of them turned over."""
    apart = np.unpackbits(bits)
    apart[dice.choice(len(apart), count, replace=False)] ^= 1
    return np.packbits(apart)


def timed(questions: list[Callable[[], object]]) -> float:
    """Return the median time of a question, in ms."""
    took = []
    for question in questions:
        started = time.perf_counter()
        question()
        took.append((time.perf_counter() - started) * 1000)
    return median(took)
