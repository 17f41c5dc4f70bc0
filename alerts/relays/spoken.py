"""Words for a voice: numbers, hours and plates spoken out, and how long a text takes to read. Pure.

Each language is data, in spoken/: its number words, and its words a second with their source.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from alerts.lint.plates import PLATES
from trust.digits import western

FOLDER = Path(__file__).parent / "spoken"
_WORD = re.compile(r"[\w’']+")  # "quatre-vingt-dix" is three
_HOUR = re.compile(r"(?<![\d:])([01]?\d|2[0-3])\s*[h:]\s*([0-5]\d)(?![\d:])")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Voice:
    """Hold how one language is read aloud."""

    code: str
    data: Mapping[str, Any]

    @property
    def words_per_second(self) -> float:
        return float(self.data["words_per_second"])

    def seconds(self, text: str) -> float:
        """Return how long a newsreader takes; no pause is counted."""
        return len(_WORD.findall(text)) / self.words_per_second

    def part(self, key: str, sex: str = "", **values: object) -> str:
        """Return a part of the script, in the form that agrees with the sex where it has forms."""
        found = self.data["script"][key]
        return str(found if isinstance(found, str) else found[sex or "child"]).format(**values)

    def number(self, n: int) -> str:
        """Return a number in words; from 1,000 on digit by digit."""
        if n < 100:
            return str(self.data["numbers"][n])
        if n > 999:
            return self.digits(str(n))
        hundreds, rest = divmod(n, 100)
        if not rest:
            return str(self.data["hundreds"][hundreds - 1])
        return f"{self.data['hundreds_and'][hundreds - 1]}{self.data['hundred_join']}{self.number(rest)}"

    def digits(self, number: str) -> str:
        """Return a number to call: two digits a breath, one by one; of two digits at most as a number."""
        bare = re.sub(r"\D", "", western(number))
        plus = f"{self.data['plus']} " if number.strip().startswith("+") else ""
        if len(bare) <= 2:
            return plus + (self.number(int(bare)) if bare else "")
        said = [str(self.data["numbers"][int(digit)]) for digit in bare]
        pairs = (" ".join(said[at : at + 2]) for at in range(0, len(said), 2))
        return plus + str(self.data["script"]["number_separator"]).join(pairs)

    def day(self, local: datetime, weekday: str) -> str:
        return self.part(
            "when",
            weekday=weekday,
            day=self.data["days"][local.day - 1],
            month=self.data["months"][local.month - 1],
        )

    def clock(self, hour: int, minute: int) -> dict[str, str]:
        """Return hour, minute and part of the day in words."""
        periods = self.data.get("periods")
        return {
            "hour": self.data["hours"][hour],
            "minute": self.data["minutes"][minute],
            "period": periods[hour] if periods else "",
        }

    def age(self, years: int | None, months: int | None) -> str:
        if months is not None and months < len(self.data["months_old"]):
            return str(self.data["months_old"][months])
        if years is None:
            return ""
        known = self.data["years"]
        return str(known[years]) if years < len(known) else self.number(years)

    def say(self, text: str) -> str:
        """Return free words with every plate spelt and every number in words."""
        spoken = western(text)
        for pattern in PLATES:
            spoken = pattern.sub(lambda found: self.spelt(found[0]), spoken)
        spoken = _HOUR.sub(self._hour, spoken)
        for unit, word in self.data["units"].items():
            spoken = re.sub(rf"(\d)\s*{unit}(?!\w)", rf"\1 {word}", spoken)
        return _NUMBER.sub(self._count, spoken)

    def spelt(self, plate: str) -> str:
        """Return letters and digits of a plate one by one, a breath between its parts."""
        letters = self.data["letters"]
        groups = re.findall(r"\d+|[^\W\d_]+", western(plate))
        said = (
            " ".join(
                self.data["numbers"][int(c)] if c.isdigit() else letters.get(c, c.upper()) for c in group
            )
            for group in groups
        )
        return str(self.data["script"]["number_separator"]).join(said)

    def _hour(self, found: re.Match[str]) -> str:
        said = self.clock(int(found[1]), int(found[2]))
        return f"{said['hour']}{said['minute']} {said['period']}".strip()

    def _count(self, found: re.Match[str]) -> str:
        digits = found[0]
        is_code = len(digits) > 3 or (len(digits) > 1 and digits.startswith("0"))
        return self.digits(digits) if is_code else self.number(int(digits))


@cache
def load(code: str) -> Voice:
    """Return the voice; raise KeyError(code) where there is no file for it."""
    path = FOLDER / f"{code}.toml"
    if not path.is_file():
        raise KeyError(code)
    with path.open("rb") as file:
        return Voice(code, tomllib.load(file))
