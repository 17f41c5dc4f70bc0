"""Common names and how they are spelt: known.tsv, compiled for this project from public knowledge.

A line is a name: its kind (m, f: given to boys, to girls; s: family), its Arabic spellings, its Latin ones
in the habit of Morocco, Egypt and Gabon (the likeliest first; an empty column follows another), its short
forms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cases.names.parts import is_arabic, parts
from cases.names.sounds import sounds

COLUMNS = ("kind", "arabic", "ma", "eg", "ga", "short")
COUNTRIES = ("ma", "eg", "ga")
FILE = Path(__file__).parent / "known.tsv"
_PLAIN = str.maketrans("oVyJqjTDGZ~", "uuiikgtdgdn")  # habits of spelling that tell no two names apart


@dataclass(frozen=True)
class Known:
    """Hold one name: kind m, f or s; spellings as they are written."""

    kind: str
    arabic: tuple[str, ...]
    latin: dict[str, tuple[str, ...]]  # by country
    short: tuple[str, ...]

    @property
    def is_french_boy(self) -> bool:
        """Tell a name whose girl's form has one mute e more: Denis, Denise."""
        return self.kind == "m" and not self.latin["ma"]

    @property
    def spellings(self) -> Iterator[str]:
        yield from self.arabic
        for habit in self.latin.values():
            yield from habit


@dataclass(frozen=True)
class Names:
    """Hold the known names, looked up by their parts, joined by a space; values are line numbers."""

    entries: tuple[Known, ...]
    spelt: dict[str, frozenset[int]]
    heard: dict[str, frozenset[int]]  # Latin spellings alike but for habit
    short: dict[str, frozenset[int]]

    def find(self, word: str) -> frozenset[int]:
        """Return the names that word may spell; none where it is not known."""
        return self.spelt.get(word) or self.heard.get(plain(word), frozenset())

    def kinds(self, ids: frozenset[int]) -> frozenset[str]:
        return frozenset(self.entries[at].kind for at in ids)


def plain(word: str) -> str:
    """Return what a Latin word sounds like apart from habits of spelling; "" for Arabic, or several."""
    heard = "" if is_arabic(word) or " " in word else next(iter(sounds(word)), "")
    return heard.translate(_PLAIN)


@cache
def names() -> Names:
    """Read the file once a process (30 ms)."""
    return index(read(FILE))


def read(file: Path) -> tuple[Known, ...]:
    _, *lines = file.read_text(encoding="utf-8").splitlines()
    return tuple(_known(line.split("\t")) for line in lines)


def _known(cells: list[str]) -> Known:
    kind, *lists = cells
    arabic, ma, eg, ga, short = (tuple(filter(None, cell.split("|"))) for cell in lists)
    return Known(kind, arabic, {"ma": ma, "eg": eg, "ga": ga}, short)


def index(entries: tuple[Known, ...]) -> Names:
    spelt = _by(lambda known: (" ".join(parts(s)) for s in known.spellings), entries)
    heard: dict[str, set[int]] = defaultdict(set)
    for word in spelt:
        told = plain(word)
        heard[told] |= spelt[word]
        heard[told.removesuffix("E")] |= spelt[word]  # Chancele may be Chancelle, Gabrielle is no Gabriel
    heard.pop("", None)
    short = _by(lambda known: (" ".join(parts(s)) for s in known.short), entries)
    return Names(entries, spelt, {key: frozenset(ids) for key, ids in heard.items()}, short)


def _by(keys: Callable[[Known], Iterable[str]], entries: tuple[Known, ...]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for at, known in enumerate(entries):
        for key in filter(None, keys(known)):
            found[key].add(at)
    return {key: frozenset(ids) for key, ids in found.items()}
