"""How long do the desk's lists take over 20,000 cases and 50,000 tips, and how many queries do they ask?

python -m bench.desk [--json] [--cases 20000] [--tips 50000] [--rounds 20] [--database sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench import apart

MOST_QUERIES, MOST_MS = 15, 300.0
OFFICER, APPROVER, AUDITOR = ROLES = ("officer", "approver", "auditor")


@dataclass(frozen=True)
class Figure:
    """Hold one line of the output. Of a time, value is the 95th percentile, low the median, high the most."""

    case: str
    rival: str
    database: str
    n: int
    value: float
    unit: str
    low: float | None = None
    high: float | None = None

    @property
    def line(self) -> str:
        told = {name: value for name, value in self.__dict__.items() if value is not None}
        return json.dumps({"bench": "desk", **told})

    @property
    def is_too_much(self) -> bool:
        """Say whether a page of ours asks or takes more than is allowed."""
        return self.rival == "ours" and self.value > (MOST_QUERIES if self.unit == "queries" else MOST_MS)


def told(figure: Figure) -> str:
    between = "" if figure.low is None else f"   median {figure.low:.0f}, worst {figure.high:.0f}"
    mark = "   TOO MUCH" if figure.is_too_much else ""
    return (
        f"{figure.database:<10} {figure.case:<34} {figure.rival:<15} "
        f"{figure.value:7.0f} {figure.unit:<8}{between}{mark}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.desk", description="Measure the lists of the desk.")
    parser.add_argument("--json", action="store_true", help="a line of JSON a figure, nothing else")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--tips", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=20)
    apart.choose(parser)
    chosen = parser.parse_args(arguments)
    if chosen.here:
        return _measure(chosen)
    return apart.each(
        "desk",
        chosen,
        ["--cases", str(chosen.cases), "--rounds", str(chosen.rounds), "--tips", str(chosen.tips)],
    )


def _measure(chosen: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    missing = 0
    for figure in figures(chosen.here, chosen.cases, chosen.rounds, chosen.tips):
        if isinstance(figure, str):
            print(figure, file=sys.stderr)
            missing += 1
        else:
            print(figure.line if chosen.json else told(figure), flush=True)
    return 1 if missing else 0


def figures(database: str, count: int, rounds: int, tips: int) -> Iterator[Figure | str]:
    """Yield every figure on the database at hand, and a sentence for each page that answered otherwise."""
    from django.test import Client
    from django.test.utils import override_settings

    from bench import desk_cases, desk_pages, desk_tips
    from tests import people

    units = [people.unit(f"u{number}") for number in range(8)]
    units.append(people.unit("x", people.agency("autre", ar="أخرى", fr="Autre", en="Other")))
    readers = {role: people.officer(f"b-{role}", role, at=units[0]) for role in ROLES}
    archive = desk_cases.fill(count, units, readers[OFFICER], readers[APPROVER])
    tip = desk_tips.fill(tips, units)
    with override_settings(ROOT_URLCONF="bench.desk_rival", ALLOWED_HOSTS=["testserver"]):
        for role, reader in readers.items():
            client = Client()
            people.login(client, reader)
            for asked in (*desk_pages.pages(archive, reader), *desk_pages.of_tips(tip, reader)):
                try:
                    yield from _lines(
                        desk_pages.measured(asked, "ours", client, rounds), role, database, count
                    )
                except desk_pages.NotFound as missing:
                    yield f"{database} {role}: {missing}"
            found = desk_pages.searches(archive, reader, rounds)
            rival = desk_pages.stock(archive, client, max(3, rounds // 4)) if role == APPROVER else ()
            for measured in (*found, *rival):
                yield from _lines(measured, role, database, count)


def _lines(found: Any, role: str, database: str, count: int) -> Iterator[Figure]:
    case = f"{found.case}_{role}"
    yield Figure(case, found.rival, database, count, found.queries, "queries")
    p50, p95, worst = (round(found.at(share), 1) for share in (0.5, 0.95, 1.0))
    yield Figure(case, found.rival, database, count, p95, "ms", p50, worst)


if __name__ == "__main__":
    sys.exit(main())
