"""Recall and false matches over invented pictures and clips, beside PDQ as its authors give it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, field
from multiprocessing import get_context

import numpy as np
import pdqhash  # type: ignore[import-untyped]  # comes without types
from PIL import Image, ImageOps

from bench import media_clips, media_pictures
from bench.media_figure import Figure
from tips.media import bank, clip_bank, clips, prints, video
from tips.media.likeness import Kind

SEED = 5
WORKERS = 2
OFFSET_S = 1.5  # further off, the place in the longer clip is called wrong


@dataclass
class Tally:
    """Count what one rival said of the pictures of one case."""

    asked: int = 0
    found: int = 0
    same: int = 0
    false_same: int = 0
    false_part: int = 0
    false_frame: int = 0

    def plus(self, other: Tally) -> Tally:
        return Tally(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def figures(self, case: str, rival: str) -> Iterator[Figure]:
        """Yield recall, and how many others an asked one was called the same as, or a part of, on average."""
        n = max(self.asked, 1)
        yield Figure(case, rival, self.asked, self.found / n, "recall")
        if rival.startswith("ours"):
            yield Figure(case, rival, self.asked, self.same / n, "recall_same")
            yield Figure(case, rival, self.asked, self.false_part / n, "false_part")
            yield Figure(case, rival, self.asked, self.false_frame / n, "shared_frame")
        yield Figure(case, rival, self.asked, self.false_same / n, "false_same")


@dataclass
class Known:
    """Hold the pictures that were seen before, as each rival keeps them."""

    names: Sequence[str]
    prints: list[prints.Print]
    hashes: np.ndarray
    bank: bank.Bank = field(default_factory=bank.Bank)

    @classmethod
    def of(cls, pictures: Sequence[tuple[str, Image.Image]]) -> Known:
        taken = [prints.take(picture) for _name, picture in pictures]
        made = cls([name for name, _p in pictures], taken, np.array([plain_pdq(p) for _n, p in pictures]))
        for number, one in enumerate(taken):
            made.bank.add(number, one)
        return made

    def tally(self, seen: Image.Image, right: int, tallies: dict[str, Tally]) -> None:
        """Ask each rival for one picture."""
        straight = self._near(plain_pdq(seen))
        self._count(tallies["pdq"], straight, right)
        self._count(tallies["pdq_mirrored"], straight | self._near(plain_pdq(ImageOps.mirror(seen))), right)
        found = self.bank.find(bank.asked(seen), self.prints.__getitem__)
        kinds = {match.number: match.likeness.kind for match in found}
        ours = tallies["ours"]
        ours.asked += 1
        ours.found += right in kinds
        ours.same += kinds.get(right) == Kind.SAME
        for number, kind in kinds.items():
            if number == right:
                continue
            mine = self.names[right] if right >= 0 else ""  # a stranger has no name
            both_posters = self.names[number].startswith("poster") and mine.startswith("poster")
            ours.false_same += kind == Kind.SAME
            ours.false_frame += kind == Kind.PART and both_posters
            ours.false_part += kind == Kind.PART and not both_posters

    def _near(self, pdq: np.ndarray) -> set[int]:
        apart = np.bitwise_count(self.hashes ^ pdq).sum(axis=1)
        return set(np.flatnonzero(apart <= prints.PDQ_NEAR).tolist())

    def _count(self, tally: Tally, found: set[int], right: int) -> None:
        tally.asked += 1
        tally.found += right in found
        tally.same += right in found
        tally.false_same += len(found - {right})


def plain_pdq(picture: Image.Image) -> np.ndarray:
    """Return PDQ as its authors give it: of the whole picture, nothing trimmed."""
    bits, _quality = pdqhash.compute(np.asarray(picture.convert("RGB")))
    return np.packbits(bits)


def of_pictures(count: int) -> Iterator[Figure]:
    """Yield the figures of that many invented pictures, way by way."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        halves = list(pool.map(_seen, [count] * WORKERS, range(WORKERS)))
    for case, rivals in halves[0].items():
        for rival in rivals:
            total = halves[0][case][rival]
            for half in halves[1:]:
                total = total.plus(half[case][rival])
            yield from total.figures(case, rival)


def _seen(count: int, turn: int) -> dict[str, dict[str, Tally]]:
    """Return what the rivals said of every WORKERS-th picture, by way."""
    pictures = media_pictures.pictures(count)
    known, chance = Known.of(pictures), random.Random(SEED + turn)
    found = {}
    for case, way in media_pictures.ways(chance).items():
        found[case] = {"pdq": Tally(), "pdq_mirrored": Tally(), "ours": Tally()}
        for number in range(turn, count, WORKERS):
            known.tally(way(pictures[number][1]), number, found[case])
    return found


def of_clips(count: int, seconds: float) -> Iterator[Figure]:
    """Yield the figures of that many invented clips, way by way."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        made = list(pool.map(_made, range(count), [seconds] * count))
        known = {seed: clips.Clip.unpacked(packed) for seed, _film, packed in made}
        jobs = [(seed, film, seconds, known) for seed, film, _packed in made]
        rows = [row for rows in pool.map(_asked, jobs) for row in rows]
    for case in dict.fromkeys(case for _seed, case, _right, _off in rows):
        mine = [row for row in rows if row[1] == case]
        yield from _clip_figures(case, mine)


Row = tuple[int, str, dict[int, str], float]  # seed, way, kinds found by number, seconds off the true place


def _clip_figures(case: str, rows: Sequence[Row]) -> Iterator[Figure]:
    n = len(rows)
    kinds = [
        Counter(kind for number, kind in found.items() if number != seed) for seed, _c, found, _o in rows
    ]
    hits = [found.get(seed) for seed, _case, found, _off in rows]
    placed = sum(off <= OFFSET_S for _seed, _case, _found, off in rows)
    name = f"clip_{case}"
    yield Figure(name, "ours", n, sum(hit is not None for hit in hits) / n, "recall")
    yield Figure(name, "ours", n, hits.count("same") / n, "recall_same")
    yield Figure(name, "ours", n, placed / n, "placed")
    yield Figure(name, "ours", n, sum(kind["part"] for kind in kinds) / n, "false_part")
    yield Figure(name, "ours", n, sum(kind["same"] for kind in kinds) / n, "false_same")


def _made(seed: int, seconds: float) -> tuple[int, bytes, bytes]:
    film = media_clips.encoded(media_clips.filmed(seed, seconds))
    return seed, film, clips.known(video.watch(film)).packed()


def _asked(job: tuple[int, bytes, float, dict[int, clips.Clip]]) -> list[Row]:
    """Return what is found of one clip after each way."""
    seed, film, seconds, known = job
    held = clip_bank.ClipBank()
    for number, clip in known.items():
        held.add(number, clip)
    rows: list[Row] = []
    for case, (way, start_s) in media_clips.ways(seed, seconds).items():
        found = held.find(clips.ask(video.watch(way(film), wait_s=600)), known.get)
        mine = [match.shared.offset_s for match in found if match.number == seed]
        off_s = abs(mine[0] - start_s) if mine else float("inf")
        rows.append((seed, case, {match.number: str(match.shared.kind) for match in found}, off_s))
    return rows
