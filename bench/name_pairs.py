"""Lists of name pairs: a, b, whether they are one name, and the country where it is said."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OWN = Path(__file__).parent / "data" / "names.csv"
LATER = OWN.with_name("names-later.csv")  # written when the tuning was done
TRUTHS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class BadList(ValueError):  # noqa: N818  (said to a person as it is)
    """Say what is wrong with a list, and where."""


@dataclass(frozen=True)
class Pair:
    a: str
    b: str
    same: bool
    country: str = ""

    @property
    def is_held_back(self) -> bool:
        """Tell the half that is not tuned on: by the letters, so that new rows do not move the old ones."""
        return zlib.crc32("|".join(sorted((self.a, self.b))).encode()) % 2 == 1


def read(file: Path) -> list[Pair]:
    """Return the pairs of a CSV file with the columns a, b, same; raise BadList with a sentence."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadList(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadList(f"{file}: is not UTF-8") from error
    pairs = list(_pairs(file, text))
    if not any(pair.same for pair in pairs):
        raise BadList(f"{file}: no pair is the same: there is nothing to recall")
    return pairs


def _pairs(file: Path, text: str) -> Iterator[Pair]:
    rows = csv.DictReader(text.splitlines())
    columns = [(name or "").strip().lower() for name in rows.fieldnames or []]
    if missing := {"a", "b", "same"} - set(columns):
        raise BadList(
            f"{file}: the first line must name the columns a,b,same: {', '.join(sorted(missing))} missing"
        )
    rows.fieldnames = columns
    try:
        for row in rows:
            yield _pair(f"{file}: line {rows.line_num}", row)
    except csv.Error as error:
        raise BadList(f"{file}: line {rows.line_num}: {error}") from error


def _pair(place: str, row: dict[str, str | None]) -> Pair:
    a, b, said = ((row[key] or "").strip() for key in ("a", "b", "same"))
    if not a or not b:
        raise BadList(f"{place}: two names are needed, in the columns a and b")
    if said.lower() not in TRUTHS:
        raise BadList(f"{place}: same is {said!r}, must be one of {', '.join(TRUTHS)}")
    return Pair(a, b, TRUTHS[said.lower()], (row.get("country") or "").strip().lower())
