"""How often the machine is right about the labelled messages.

python -m tests.tips.triage.measured [--misses]
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tips.triage import read

FILE = Path(__file__).with_name("messages.toml")
AT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
ZONE = ZoneInfo("Africa/Casablanca")
LEAST_DANGER = 30  # the lightest sign that weighs something by itself
KINDS = ("report", "sighting", "offence", "rumour", "threat", "unclear")


@dataclass(frozen=True)
class Labelled:
    """Hold a message with its labels, and what the machine said of it."""

    language: str
    kind: str
    is_dangerous: bool
    words: str
    said: str
    said_dangerous: bool


@dataclass(frozen=True)
class Share:
    """Hold recall and precision, and of how many messages."""

    recall: float
    precision: float
    count: int


def messages(part: str) -> list[Labelled]:
    """Return the messages of a part ("tuned", "first_blind" or "blind") as the machine reads them."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))[part]
    return [_labelled(*row) for row in rows]


def _labelled(language: str, kind: str, is_dangerous: bool, words: str) -> Labelled:
    told = read(words, written_at=AT, zone=ZONE)
    danger = sum(reason.points for reason in told.danger)
    said_dangerous = danger >= LEAST_DANGER or told.guess == "threat"
    return Labelled(language, kind, is_dangerous, words, told.guess or "unclear", said_dangerous)


def of_kind(rows: Iterable[Labelled], kind: str) -> Share:
    return _share([(row.kind == kind, row.said == kind) for row in rows])


def of_danger(rows: Iterable[Labelled]) -> Share:
    return _share([(row.is_dangerous, row.said_dangerous) for row in rows])


def _share(pairs: list[tuple[bool, bool]]) -> Share:
    counted = Counter(pairs)
    both, missed, false = counted[True, True], counted[True, False], counted[False, True]
    return Share(both / ((both + missed) or 1), both / ((both + false) or 1), both + missed)


def lines(part: str) -> Iterator[str]:
    rows = messages(part)
    for kind in KINDS:
        yield _line(part, kind, of_kind(rows, kind))
    yield _line(part, "danger", of_danger(rows))
    for language in sorted({row.language for row in rows}):
        own = [row for row in rows if row.language == language]
        right = sum(row.kind == row.said for row in own) / len(own)
        yield (
            f"{part:11} {language}: right {right:.2f} of {len(own)}; "
            + _line("", "report", of_kind(own, "report")).strip()
            + "; "
            + _line("", "danger", of_danger(own)).strip()
        )


def _line(part: str, name: str, share: Share) -> str:
    return f"{part:11} {name:9} recall {share.recall:.2f} precision {share.precision:.2f} of {share.count}"


def misses(part: str) -> Iterator[str]:
    for row in messages(part):
        if row.kind != row.said or row.is_dangerous != row.said_dangerous:
            meant, said = row.kind + "!" * row.is_dangerous, row.said + "!" * row.said_dangerous
            yield f"{row.language} {meant} -> {said}: {row.words}"


if __name__ == "__main__":
    for part_ in ("tuned", "first_blind", "blind"):
        if part_ not in tomllib.loads(FILE.read_text(encoding="utf-8")):
            continue
        print("\n".join(lines(part_)))
        if "--misses" in sys.argv:
            print("\n".join(misses(part_)))
