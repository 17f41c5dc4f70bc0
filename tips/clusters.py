"""Which tips are about one thing: what they share, and what makes only a copy of another. Pure.

Two tips are neighbours by a plate, a link, a number, a file, a run of words, or by place and hour. Each such
thing has a token; whoever finds a token of theirs taken joins the tips of whoever holds it. So a tip costs as
much beside 500 copies as beside one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import h3.api.basic_int as h3

from geo.cells import cell_of
from geo.points import Point
from tips.triage.spelling import forms

CELL = 7  # of H3: about 5 km2, 1.4 km across; "the same place" is a cell and the six round it
MOST_ERROR_M = 2_500.0  # a place known less well than this is no meeting point: "in Rabat" joins nobody
MOST_ERROR_MIN = 90
HOUR = timedelta(hours=1)
RUN = 5  # words that follow each other
LEAST_WORDS = 8  # a shorter text is said by many
KEPT = 6  # runs of a text, those of the least digests: near-copies share most of them
SHARED = 3  # of KEPT, for two texts to be one
_DIGEST = 8  # bytes
T = TypeVar("T")


def runs(words: str) -> tuple[str, ...]:
    """Return a few runs of a text by which its copies know each other; none of a short one."""
    said = forms(words).plain.split()
    if len(said) < LEAST_WORDS:
        return ()
    found = {" ".join(said[at : at + RUN]) for at in range(len(said) - RUN + 1)}
    return tuple(sorted(found, key=_digest)[:KEPT])


def place_cell(point: Point) -> int:
    """Return the cell that Tip.cell holds."""
    return cell_of(point, CELL)


def meets(error_m: float, seen_error_min: float) -> bool:
    """Say whether place and hour are known well enough to be shared with others."""
    return error_m <= MOST_ERROR_M and seen_error_min <= MOST_ERROR_MIN


def spot(event: str, cell: int, at: datetime) -> str:
    """Return what stands for one cell and hour of one event ("" for a tip that names none)."""
    return f"{event}:{cell:x}:{_hour(at)}"


def spots_round(events: Iterable[str], cell: int, at: datetime) -> list[str]:
    """Return the spots that meet this one: the cell and those round it, the hour and those beside it."""
    cells = sorted(int(one) for one in h3.grid_disk(cell, 1))
    hours = (at, at - HOUR, at + HOUR)
    return [spot(event, one, hour) for event in dict.fromkeys(events) for hour in hours for one in cells]


def same_text(shared: int, own: int) -> bool:
    """Say whether a text is another's copy, by how many of its runs they share."""
    return own > 0 and shared >= min(SHARED, own)


def first(members: Sequence[tuple[datetime, T]]) -> T:
    """Return whichever came first: a cluster has the name of its first tip. Raise ValueError for none."""
    return min(members, key=lambda member: (member[0], str(member[1])))[1]


def further(witnesses: Iterable[object], own: object) -> int:
    """Return how many others there are; all who came without an address count as one."""
    return len({*witnesses} - {own})


def _hour(at: datetime) -> int:
    return int(at.timestamp() // HOUR.total_seconds())


def _digest(run: str) -> bytes:
    return hashlib.blake2b(run.encode(), digest_size=_DIGEST).digest()
