"""Does the comparing of names find one name in two spellings, and keep two names apart?

python -m bench.names [--json] [--cases FILE.csv]     FILE has the columns a,b,same (1/0, true/false, yes/no)
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from bench import name_spellings
from bench.name_pairs import LATER, OWN, BadList, Pair, read
from cases.name_tokens import tokens
from cases.names.known import index
from cases.names.likeness import SAME, likeness
from cases.names.parts import parts
from cases.names.sounds import skeletons, sounds
from geo.names import normalise

Judge = Callable[[Pair], bool]
NOTHING_KNOWN = index(())


@dataclass(frozen=True)
class Figure:
    """Hold one line of the output; case and rival as in the design's list of benches."""

    case: str
    rival: str
    n: int
    value: float
    unit: str

    @property
    def line(self) -> str:
        return json.dumps({"bench": "names", **self.__dict__, "value": round(self.value, 4)})


def ours(pair: Pair) -> bool:
    return likeness(pair.a, pair.b) >= SAME


def without_known_names(pair: Pair) -> bool:
    return likeness(pair.a, pair.b, known=NOTHING_KNOWN) >= SAME


def equal(pair: Pair) -> bool:
    return sorted(normalise(pair.a).split()) == sorted(normalise(pair.b).split())


def same_consonants(pair: Pair) -> bool:
    one, other = (sorted(_consonants(name)) for name in (pair.a, pair.b))
    return one == other


def _consonants(name: str) -> list[str]:
    return [min(skeletons(heard[0]), default="") for word in parts(name) if (heard := sounds(word))]


def letters_in_common(pairs: Sequence[Pair]) -> Judge:
    """Return rapidfuzz's token_sort_ratio at the threshold that is best for these very pairs."""
    scored = [(_ratio(pair), pair.same) for pair in pairs]
    best = max(sorted({score for score, _ in scored}), key=lambda at: _f1(at, scored))
    return lambda pair: _ratio(pair) >= best


def _ratio(pair: Pair) -> float:
    return fuzz.token_sort_ratio(normalise(pair.a), normalise(pair.b))


def _f1(threshold: float, scored: list[tuple[float, bool]]) -> float:
    right = sum(score >= threshold and same for score, same in scored)
    called = sum(score >= threshold for score, _ in scored)
    return 2 * right / (called + sum(same for _, same in scored))


def measured(case: str, rival: str, judge: Judge, pairs: Sequence[Pair]) -> Iterator[Figure]:
    """Yield recall over the pairs that are the same, and precision over those called so."""
    truly = [pair for pair in pairs if pair.same]
    called = [pair for pair in pairs if judge(pair)]
    right = sum(pair.same for pair in called)
    if truly:
        yield Figure(case, rival, len(truly), right / len(truly), "recall")
    yield Figure(case, rival, len(called), right / len(called) if called else 1.0, "precision")


def cases(pairs: Sequence[Pair], *, own: bool) -> Iterator[tuple[str, list[Pair]]]:
    yield "all", list(pairs)
    for country in sorted({pair.country for pair in pairs} - {""}):
        yield country, [pair for pair in pairs if pair.country == country]
    if own:
        yield "tuned_half", [pair for pair in pairs if not pair.is_held_back]
        yield "held_back_half", [pair for pair in pairs if pair.is_held_back]
        yield "later_list", read(LATER)


def figures(pairs: Sequence[Pair], *, own: bool) -> Iterator[Figure]:
    judges = {
        "ours": ours,
        "ours_without_known_names": without_known_names,
        "token_sort_ratio": letters_in_common(pairs),
        "consonants": same_consonants,
        "equal": equal,
    }
    for case, chosen in cases(pairs, own=own):
        for rival, judge in judges.items():
            yield from measured(case, rival, judge, chosen)
    alike = [pair for pair in pairs if pair.same and ours(pair)]
    found = sum(bool(tokens(pair.a) & tokens(pair.b)) for pair in alike)
    yield Figure("tokens", "ours", len(alike), found / max(len(alike), 1), "recall")
    if own:
        yield from (Figure(*row, "recall") for row in name_spellings.rows())


def told(figure: Figure) -> str:
    return f"{figure.case:<20} {figure.rival:<26} {figure.unit:<10} {figure.value:6.3f}   of {figure.n}"


def speed(pairs: Sequence[Pair]) -> str:
    started = time.perf_counter()
    for pair in pairs:
        likeness(pair.a, pair.b)
    middle = time.perf_counter()
    for pair in pairs:
        tokens(pair.a)
    done = time.perf_counter()
    each = 1000 / len(pairs)
    return f"likeness {(middle - started) * each:.2f} ms, tokens {(done - middle) * each:.2f} ms a call"


def wrong(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        if ours(pair) != pair.same:
            kind = "missed" if pair.same else "false match"
            half = "held back" if pair.is_held_back else "tuned"
            yield f"{kind:<12} {likeness(pair.a, pair.b):.2f}  {pair.a} | {pair.b}  ({half})"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.names", description="Compare names, and their comparing.")
    parser.add_argument("--json", action="store_true", help="a line of JSON a figure, nothing else")
    parser.add_argument("--cases", type=Path, default=OWN, help="a CSV file with the columns a,b,same")
    chosen = parser.parse_args(arguments)
    try:
        pairs = read(chosen.cases)
    except BadList as error:
        print(error, file=sys.stderr)
        return 1
    for figure in figures(pairs, own=chosen.cases == OWN):
        print(figure.line if chosen.json else told(figure))
    if not chosen.json:
        print("", *wrong(pairs), "", speed(pairs), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
