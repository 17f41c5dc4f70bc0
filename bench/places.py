"""How long does it take to load a country's places, and to find one as people say it?

python -m bench.places [--json]
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rapidfuzz import fuzz, process

from geo import pack
from geo.names import normalise

COUNTRIES = Path(__file__).parent.parent / "project" / "countries"
ASKED = ("sidi", "hay riad", "قرب محطة القطار", "tqadum", "près de la gare", "nasr city", "glass", "x" * 50)
ROUNDS = 20


def median_ms(act: Callable[[str], object]) -> float:
    """Return the median of every question asked ROUNDS times, the first round left out."""
    took: list[float] = []
    for number in range(ROUNDS + 1):
        for words in ASKED:
            started = time.perf_counter()
            act(words)
            if number:
                took.append(time.perf_counter() - started)
    return statistics.median(took) * 1000


def figures(country: str) -> list[tuple[str, str, int, float]]:
    """Return (case, rival, n, milliseconds) of one country."""
    started = time.perf_counter()
    gazetteer = pack.load(COUNTRIES / f"{country}.toml").gazetteer
    loaded_ms = (time.perf_counter() - started) * 1000
    names = [normalise(name) for place in gazetteer.places for name in place.names]
    count = len(gazetteer.places)

    def every_name(words: str) -> object:
        return process.extract(normalise(words), names, scorer=fuzz.token_sort_ratio, limit=5)

    return [
        (f"load_{country}", "ours", count, loaded_ms),
        (f"search_{country}", "ours", count, median_ms(gazetteer.search)),
        (f"search_{country}", "rapidfuzz_every_name", count, median_ms(every_name)),
        (f"resolve_{country}", "ours", count, median_ms(gazetteer.resolve)),
    ]


def main() -> None:
    for country in ("ma", "ga", "eg"):
        for case, rival, count, value in figures(country):
            if "--json" in sys.argv:
                line = {"bench": "places", "case": case, "rival": rival, "n": count, "value": round(value, 3)}
                print(json.dumps({**line, "unit": "ms"}))
            else:
                print(f"{case:<12} {rival:<22} {value:8.3f} ms  of {count} places")


if __name__ == "__main__":
    main()
