"""Whether one clip is in another, where, and how much of it. Pure: prints and times.

Frames that are alike vote for a distance in time; those that agree on one are what the clips share. So a
jingle or a title that both have counts as little as it lasts, and five seconds of a minute are found where
they lie.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TypeVar

from tips.media.hashes import HashIndex
from tips.media.index import PointIndex
from tips.media.likeness import Kind, Likeness, compare
from tips.media.prints import Print, mirrored, take
from tips.media.video import Video

T = TypeVar("T")

ASKED_FRAMES = 16  # of the shorter clip, spread over it
RIVALS = 3  # frames of the longer clip that one frame is compared with
TURNED_FRAMES = 30  # asked as their mirror, spread over the clip
FEWEST_POINTS = 4  # shared bands without which a frame is not compared
FEWEST_FRAMES = 3  # that agree on a distance; of a clip with fewer, all
LEAST_SHARE = 0.15
SAME_SHARE = 0.8
LATE_S = 0.75  # two readings of one second may lie that far apart, and half the distance of the frames


@dataclass(frozen=True, slots=True)
class Frame:
    """Hold the print of a frame and its time, in seconds from the start."""

    at_s: float
    looks: Print


@dataclass(frozen=True, slots=True)
class Clip:
    """Hold what a clip is recognised by: its length, and frames in order of time."""

    seconds: float
    frames: tuple[Frame, ...]

    @property
    def gap_s(self) -> float:
        """Return the usual distance of two frames."""
        times = [frame.at_s for frame in self.frames]
        return median(b - a for a, b in pairwise(times)) if len(times) > 1 else 0.0

    def packed(self) -> bytes:
        """Return it as bytes without any object in them (30 kB a frame, 2 MB at most), to be sealed."""
        parts = [struct.pack(">dI", self.seconds, len(self.frames))]
        for frame in self.frames:
            held = frame.looks.packed()
            parts += [struct.pack(">dI", frame.at_s, len(held)), held]
        return b"".join(parts)

    @classmethod
    def unpacked(cls, packed: bytes) -> Clip:
        """Return what was packed; raise ValueError for anything else."""
        head = struct.Struct(">dI")
        if len(packed) < head.size:
            raise ValueError("clip: not packed here")
        seconds, count = head.unpack_from(packed)
        frames, at = [], head.size
        for _ in range(count):
            if len(packed) < at + head.size:
                raise ValueError("clip: cut short")
            at_s, length = head.unpack_from(packed, at)
            at += head.size
            frames.append(Frame(at_s, Print.unpacked(packed[at : at + length])))
            at += length
        return cls(seconds, tuple(frames))


@dataclass(frozen=True, slots=True)
class AskedClip:
    """Hold a clip that came now: its frames as they are, and turned over."""

    straight: Clip
    turned: Clip


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold two frames that were compared: their times in shorter and longer, and in seen and known clip."""

    short_s: float
    long_s: float
    seen_s: float
    known_s: float
    likeness: Likeness

    @property
    def later_s(self) -> float:
        return self.long_s - self.short_s


@dataclass(frozen=True, slots=True)
class Shared:
    """Hold what two clips share.

    share: of the shorter clip's frames that are in the longer, 0-1; offset_s: where the start of the seen
    clip lies in the known one, in its seconds (below 0, the known one starts later), good to about a second;
    pairs: the frames side by side, for a person to judge.
    """

    kind: Kind
    share: float = 0.0
    offset_s: float = 0.0
    mirrored: bool = False
    pairs: tuple[Pair, ...] = ()

    @property
    def is_found(self) -> bool:
        return self.kind != Kind.OTHER


def known(video: Video) -> Clip:
    """Return what a video is recognised by (20 ms a frame, 2 s at most)."""
    return Clip(video.seconds, tuple(Frame(one.at_s, take(one.picture())) for one in video.frames))


def ask(video: Video) -> AskedClip:
    """Return the prints of a video that came now, and of its mirror (3 s at most)."""
    over = tuple(
        Frame(one.at_s, take(mirrored(one.picture()))) for one in spread(video.frames, TURNED_FRAMES)
    )
    return AskedClip(known(video), Clip(video.seconds, over))


def compare_clips(seen: AskedClip, kept: Clip) -> Shared:
    """Return what the seen clip shares with the known one, as it is or mirrored (0.2 to 1 s)."""
    straight = _shared(seen.straight, kept, mirrored=False)
    if straight.share >= SAME_SHARE:
        return straight
    over = _shared(seen.turned, kept, mirrored=True)
    return over if over.share > straight.share else straight


def spread(frames: Sequence[T], most: int) -> list[T]:
    """Return at most that many of them, spread over all."""
    if len(frames) <= most:
        return list(frames)
    return [frames[round(n * (len(frames) - 1) / (most - 1))] for n in range(most)]


@dataclass(frozen=True, slots=True)
class _Two:
    """Hold two clips as shorter and longer, and lay the shorter along the longer."""

    asking: list[Frame]
    long: Clip
    seen_is_short: bool

    @property
    def late_s(self) -> float:
        return LATE_S + self.long.gap_s / 2

    def pair(self, one: Frame, other: Frame) -> Pair:
        here, there = (one, other) if self.seen_is_short else (other, one)
        return Pair(one.at_s, other.at_s, here.at_s, there.at_s, compare(here.looks, there.looks))

    def pairs(self) -> Iterator[Pair]:
        """Yield each of the asking with the frames of the longer clip that are likest."""
        hashes, points = HashIndex(), PointIndex()
        for number, frame in enumerate(self.long.frames):
            for pdq in frame.looks.hashes:
                hashes.add(number, pdq)
            points.add(number, frame.looks.looks)
        for one in self.asking:
            near = [found for pdq in one.looks.hashes for found in hashes.near(pdq)[:RIVALS]]
            sharing = points.candidates(one.looks.looks, RIVALS)
            likest = [number for number, _apart in near]
            likest += [number for number, shared in sharing if shared >= FEWEST_POINTS]
            for number in dict.fromkeys(likest):
                yield self.pair(one, self.long.frames[number])

    def at(self, later_s: float) -> Iterator[Pair]:
        """Yield each of the asking with the frame of the longer clip that lies so much later, if there is
        one."""
        for one in self.asking:
            other = min(self.long.frames, key=lambda frame: abs(frame.at_s - one.at_s - later_s))
            if abs(other.at_s - one.at_s - later_s) <= self.late_s:
                yield self.pair(one, other)


def _shared(seen: Clip, kept: Clip, *, mirrored: bool) -> Shared:
    seen_is_short = seen.seconds <= kept.seconds
    short, long = (seen, kept) if seen_is_short else (kept, seen)
    two = _Two(spread(short.frames, ASKED_FRAMES), long, seen_is_short)
    pairs = [pair for pair in two.pairs() if pair.likeness.is_found]
    agreed = _agreed(pairs, two.late_s)
    if agreed and len(agreed) < len(two.asking):  # of a camera that stands still any frame is the likest
        beside = [pair for pair in two.at(_later_s(agreed)) if pair.likeness.is_found]
        agreed = _agreed([*agreed, *beside], two.late_s)
    share = len(agreed) / max(len(two.asking), 1)
    if not agreed or len(agreed) < min(FEWEST_FRAMES, len(two.asking)) or share < LEAST_SHARE:
        return Shared(Kind.OTHER)
    whole = sum(pair.likeness.kind == Kind.SAME for pair in agreed)
    is_same = share >= SAME_SHARE and whole * 2 >= len(agreed)
    offset_s = _later_s(agreed) * (1 if seen_is_short else -1)
    kind = Kind.SAME if is_same else Kind.PART
    return Shared(kind, round(share, 3), round(offset_s, 2), mirrored, tuple(agreed))


def _later_s(pairs: Sequence[Pair]) -> float:
    return median(pair.later_s for pair in pairs)


def _agreed(pairs: Sequence[Pair], late_s: float) -> list[Pair]:
    """Return the largest set of pairs that lie equally far apart in time, one for each moment of the shorter
    clip."""
    best: dict[float, Pair] = {}
    for middle in {round(pair.later_s, 1) for pair in pairs}:
        chosen: dict[float, Pair] = {}
        for pair in pairs:
            old = chosen.get(pair.short_s)
            is_better = old is None or pair.likeness.weight > old.likeness.weight
            if abs(pair.later_s - middle) <= late_s and is_better:
                chosen[pair.short_s] = pair
        if (len(chosen), _fit(chosen.values())) > (len(best), _fit(best.values())):
            best = chosen
    return [best[at_s] for at_s in sorted(best)]


def _fit(pairs: Iterable[Pair]) -> float:
    return sum(pair.likeness.agreement for pair in pairs)
