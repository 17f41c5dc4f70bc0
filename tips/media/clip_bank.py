"""All clips that were ever seen, asked for one that came now. Pure: holds no row and reads none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tips.media.bank import Bank
from tips.media.clips import AskedClip, Clip, Shared, compare_clips, spread

ASKED = 12  # frames of the clip asked for, as they are and again turned over
EACH = 8  # frames that one of them may point to
MOST = 4  # clips compared

Opener = Callable[[int], Clip | None]  # None: erased meanwhile


@dataclass(frozen=True, slots=True)
class ClipMatch:
    """Hold a known clip, by its number, and what it shares with the one that came."""

    number: int
    shared: Shared


@dataclass
class ClipBank:
    """Know clips again by their frames. One per process; the clips stay where the caller sealed them."""

    frames: Bank = field(default_factory=Bank)
    owners: list[int] = field(default_factory=list)

    def add(self, number: int, clip: Clip) -> None:
        """Take in a clip under a whole number of the caller's: each once."""
        for frame in clip.frames:
            self.frames.add(len(self.owners), frame.looks)
            self.owners.append(number)

    def candidates(self, seen: AskedClip, most: int = MOST) -> list[int]:
        """Return the numbers of the clips whose frames are likest, the likeliest first."""
        votes: Counter[int] = Counter()
        for clip in (seen.straight, seen.turned):
            for frame in spread(clip.frames, ASKED):
                for pdq in frame.looks.hashes:
                    near = self.frames.hashes.near(pdq)
                    votes.update({self.owners[number]: 64 for number, _apart in near})
                sharing = self.frames.points.candidates(frame.looks.looks, EACH)
                best = {self.owners[number]: points for number, points in reversed(sharing)}
                votes.update(best)
        return [number for number, _votes in votes.most_common(most)]

    def find(self, seen: AskedClip, opener: Opener, most: int = MOST) -> list[ClipMatch]:
        """Return the clips that share something with this one, the most first (about 1 s a candidate)."""
        found = []
        for number in self.candidates(seen, most):
            if known := opener(number):
                shared = compare_clips(seen, known)
                if shared.is_found:
                    found.append(ClipMatch(number, shared))
        return sorted(found, key=lambda match: match.shared.share, reverse=True)
