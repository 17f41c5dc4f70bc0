"""Can 50,000 tips in an hour be taken in, put together, put in order and read, on one machine?

python -m bench.triage [--json] [--n 50000] [--rounds 20] [--database sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from bench import apart

NEEDED = 50_000 / 3600  # tips a second
MOST_MS = {"ack": 5000.0, "queue_page": 300.0}
RIVALS = 1_500  # tips that the path without triage takes in


@dataclass(frozen=True)
class Figure:
    """Hold one line. Of a time, value is the 95th percentile, low the median, high the worst."""

    case: str
    rival: str
    database: str
    n: int
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    workers: int | None = None

    @property
    def line(self) -> str:
        told = {name: value for name, value in self.__dict__.items() if value is not None}
        return json.dumps({"bench": "triage", **told})

    @property
    def is_too_much(self) -> bool:
        """Say whether a figure of ours misses what is asked."""
        if self.rival != "ours":
            return False
        slow = self.case == "intake" and self.value < NEEDED
        return slow or (self.unit == "ms" and self.value > MOST_MS.get(self.case, float("inf")))


def told(figure: Figure) -> str:
    between = "" if figure.low is None else f"   median {figure.low:.1f}, worst {figure.high:.1f}"
    mark = "   TOO MUCH" if figure.is_too_much else ""
    return (
        f"{figure.database:<10} {figure.case:<22} {figure.rival:<15} "
        f"{figure.value:9.2f} {figure.unit:<9}{between}{mark}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.triage", description="Take in an hour's flood of tips.")
    parser.add_argument("--json", action="store_true", help="a line of JSON a figure, nothing else")
    parser.add_argument("--n", type=int, default=50_000, help="tips taken in")
    parser.add_argument("--rounds", type=int, default=20)
    apart.choose(parser)
    chosen = parser.parse_args(arguments)
    if chosen.here:
        return _measure(chosen)
    return apart.each("triage", chosen, ["--n", str(chosen.n), "--rounds", str(chosen.rounds)])


def _measure(chosen: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    missed = 0
    for figure in figures(chosen.here, chosen.n, chosen.rounds):
        print(figure.line if chosen.json else told(figure), flush=True)
        missed += figure.is_too_much
    return 1 if missed else 0


def figures(database: str, count: int, rounds: int) -> Iterator[Figure]:
    """Yield every figure on the database at hand."""
    from bench import triage_intake

    flood = triage_intake.Flood(count)
    yield _rate("intake", "without_triage", database, flood.without_triage(min(count, RIVALS)))
    spent = flood.take_in()
    yield _rate("intake", "ours", database, spent)
    tenth = max(1, count // 10)
    yield _rate("intake_first_tenth", "ours", database, spent[:tenth])
    yield _rate("intake_last_tenth", "ours", database, spent[-tenth:])
    yield _times("ack", database, spent)
    yield _times("assess", database, flood.assessed)
    for group, recall, precision in flood.together():
        yield Figure(f"cluster_{group}", "ours", database, count, recall, "recall")
        yield Figure(f"cluster_{group}", "ours", database, count, precision, "precision")
    yield _times("queue", database, flood.queue(rounds), n=count)
    yield _times("queue_page", database, flood.queue_page(rounds), n=count)
    yield from _understood(database)


def _understood(database: str) -> Iterator[Figure]:
    """Yield how often the machine is right about the labelled messages it was never tuned on."""
    from tests.tips.triage import measured

    rows = measured.messages("blind")
    kinds = [(kind, measured.of_kind(rows, kind)) for kind in measured.KINDS]
    for case, share in [*kinds, ("danger", measured.of_danger(rows))]:
        yield Figure(f"reads_{case}", "ours", database, share.count, round(share.recall, 3), "recall")
        yield Figure(f"reads_{case}", "ours", database, share.count, round(share.precision, 3), "precision")


def _rate(case: str, rival: str, database: str, spent: Sequence[float]) -> Figure:
    rate = len(spent) / (sum(spent) or 1e-9)
    return Figure(case, rival, database, len(spent), round(rate, 2), "tips/s", workers=1)


def _times(case: str, database: str, spent: Sequence[float], n: int | None = None) -> Figure:
    found = sorted(one * 1000 for one in spent)
    p95 = found[min(len(found) - 1, int(len(found) * 0.95))]
    low, high = round(median(found), 2), round(found[-1], 2)
    return Figure(case, "ours", database, n or len(found), round(p95, 2), "ms", low, high)


if __name__ == "__main__":
    sys.exit(main())
