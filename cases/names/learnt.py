"""Spelling a word in the other script, as the known names are spelt: learnt from them at first use.

Every known name's two spellings are laid side by side, letters beside letters; then each letter of a new word
takes what most often stood beside it between such neighbours.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from cases.names.distance import cost

Unit = tuple[str, str]  # letters of one script, letters of the other
Context = tuple[Hashable, ...]

_GRAPHEME = re.compile(r"tch|[cskgrdtp]h|dj|ou|oo|ee|aa|ss|([bcdfgjklmnpqrtvwz])\1|.")
_HEARD = {"tch": "S", "ch": "S", "sh": "S", "kh": "x", "gh": "G", "rh": "G", "dh": "D", "th": "T", "ph": "f"}
_HEARD |= {"dj": "j", "ou": "u", "oo": "u", "ee": "i", "aa": "a", "c": "k", "x": "k"}
_LETTER = {
    "ب": "b", "پ": "b", "ت": "t", "ث": "T", "ج": "j", "ح": "h", "خ": "x", "د": "d", "ذ": "D", "ر": "r",
    "ز": "z", "س": "s", "ش": "S", "ص": "s", "ض": "d", "ط": "t", "ظ": "Z", "ع": "3", "غ": "G", "ف": "f",
    "ڤ": "v", "ق": "q", "ك": "k", "ڭ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ا": "A", "و": "U",
    "ي": "I", "أ": "O", "إ": "O", "آ": "A", "ى": "@", "ة": "Q", "ؤ": "3", "ئ": "3", "ء": "3",
}  # fmt: skip
_VOWELS = frozenset("aeiouy")
_UNWRITTEN, _UNSAID = 0.3, 0.5  # cost of a vowel Arabic leaves out, of a letter Latin leaves out
_TRUST = 16.0  # weight of sightings, before a narrower neighbourhood counts more than a wider one
_BEAM = 12


@dataclass
class Habits:
    """Count what stood beside what, in ever narrower neighbourhoods."""

    seen: dict[Context, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def learn(self, contexts: Iterable[Context], written: str, weight: int) -> None:
        for context in contexts:
            self.seen[context][written] += weight

    def chances(self, contexts: Iterable[Context]) -> dict[str, float]:
        """Return the chance of each spelling; contexts go from the widest to the narrowest."""
        chances: dict[str, float] = {}
        for context in contexts:
            counts = self.seen.get(context)
            if counts is None:
                break
            total = counts.total() + (_TRUST if chances else 0.0)
            before = {written: _TRUST * chance / total for written, chance in chances.items()}
            chances = {w: before.get(w, 0.0) + counts[w] / total for w in before.keys() | counts.keys()}
        return chances


def graphemes(latin: str) -> list[str]:
    """Return the letters of a lower-case word without accents, those that stand for one sound together."""
    return [found[0] for found in _GRAPHEME.finditer(latin)]


def beside(latin: str, arabic: str) -> list[Unit] | None:
    """Return each grapheme with the Arabic letters it stands beside; None for no plausible pair."""
    tokens = graphemes(latin)
    best: dict[tuple[int, int], tuple[float, tuple[str, ...]]] = {(0, 0): (0.0, ())}
    for i in range(len(tokens) + 1):
        for j in range(len(arabic) + 1):
            if (i, j) in best:
                _spread(best, (i, j), tokens, arabic)
    total, written = best.get((len(tokens), len(arabic)), (math.inf, ()))
    if total > max(1.0, 0.25 * len(tokens)):
        return None
    return list(zip(tokens, written, strict=True))


def _spread(
    best: dict[tuple[int, int], tuple[float, tuple[str, ...]]],
    at: tuple[int, int],
    tokens: list[str],
    arabic: str,
) -> None:
    (i, j), (spent, written) = at, best[at]

    def reach(where: tuple[int, int], price: float, letters: tuple[str, ...]) -> None:
        if where not in best or spent + price < best[where][0]:
            best[where] = (spent + price, letters)

    if i < len(tokens):
        reach((i + 1, j), _UNWRITTEN if tokens[i] in _VOWELS or tokens[i] == "ou" else 1.0, (*written, ""))
        if j < len(arabic):
            reach((i + 1, j + 1), _price(tokens[i], arabic[j]), (*written, arabic[j]))
    if j < len(arabic) and written:
        price = _UNSAID if _LETTER.get(arabic[j]) in {"3", "A", "O"} else 1.2
        reach((i, j + 1), price, (*written[:-1], written[-1] + arabic[j]))


def _price(token: str, letter: str) -> float:
    heard = _HEARD.get(token, token[0])
    return cost(heard, _LETTER.get(letter, "?")) if letter in _LETTER else 2.0


@dataclass
class Speller:
    """Spell words of one script in the other, by habits learnt from pairs."""

    split: Callable[[str], list[str]]
    habits: Habits = field(default_factory=Habits)

    def learn(self, units: list[Unit], weight: int) -> None:
        letters = [unit[0] for unit in units]
        before = ""
        for at, (_, written) in enumerate(units):
            self.habits.learn(_contexts(letters, at, before), written, weight)
            before += written

    def spell(self, word: str) -> list[str]:
        """Return spellings, the likeliest first; none where a letter was never seen."""
        letters = self.split(word)
        beam = [(0.0, "")]
        for at in range(len(letters)):
            grown = [
                (score + math.log(chance), written + more)
                for score, written in beam
                for more, chance in self.habits.chances(_contexts(letters, at, written)).items()
            ]
            beam = sorted(grown, reverse=True)[:_BEAM]
        return list(dict.fromkeys(written for _, written in beam))


def _contexts(letters: list[str], at: int, before: str) -> Iterator[Context]:
    """Yield the neighbourhoods of a letter, the widest first; before is what is written so far."""
    one = letters[at]
    left = letters[at - 1] if at else "^"
    right, far = ([*letters, "$", "$"])[at + 1 : at + 3]
    has_long = any(letter in "اويى" for letter in before[1:])
    yield (one[0],)
    yield (one, not at)
    yield (one, right == "$", not at, has_long)
    yield (one, right, not at, has_long)
    yield (one, right, far, has_long)
    yield (one, right, has_long, left, far)
