"""Run the tests on SQLite and, for those marked postgresql, again on PostgreSQL, two processes at a time.

`python -m bin.test short` runs all but those marked long, `long` those, `total` adds up what both found.
The last line is "N passed, N failed"; the exit code is 0 only when nothing failed.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from bin import need
from tests import servers

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "var" / "tests"
SELECTED = {"short": "not long", "long": "long"}
SERVERS_AND_PROGRAMS = ("postgresql", "redis", "chromium", "xmlsec1", "gettext", "poppler", "kannel")
NO_TESTS = 5  # pytest's exit code
# The folders of one half, by tier; the other takes all others. Each half is a pytest of its own, both at once
# on two cores; within each stands pytest-django's order, which tests that look at a whole database need.
FIRST_HALF = {
    "short": ("bench", "cases", "geo", "house", "journeys", "project", "real", "tips", "trust"),
    "long": ("bench", "geo", "house", "journeys", "project"),
}


Server = Callable[[], AbstractContextManager[dict[str, str]]]  # an environment with a database in it


@dataclass(frozen=True)
class Tally:
    """How many tests passed and failed; an error in a fixture is a failure."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.passed + other.passed, self.failed + other.failed)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


def read(result: Path) -> Tally:
    """Return what pytest wrote into its JUnit file; a file that is not there is one failure."""
    if not result.exists():
        return Tally(failed=1)
    suites = ElementTree.parse(result).getroot().iter("testsuite")
    return sum(map(_suite, suites), Tally())


def _suite(suite: ElementTree.Element) -> Tally:
    tests, failures, errors, skipped = (
        int(suite.get(n, 0)) for n in ("tests", "failures", "errors", "skipped")
    )
    return Tally(passed=tests - failures - errors - skipped, failed=failures + errors)


def halves(tier: str) -> tuple[list[str], list[str]]:
    """Return the folders of tests, parted in two of about one length."""
    folders = sorted(path.name for path in (ROOT / "tests").iterdir() if (path / "__init__.py").exists())
    first = [name for name in folders if name in FIRST_HALF[tier]]
    return first, [name for name in folders if name not in first]


def run_pass(tier: str, database: str, selected: str, server: Server) -> Tally:
    """Run both halves at once and return what they found together; each starts a server of its own."""
    print(f"\n--- {tier} tests on {database} ---", flush=True)
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda number: run_half(number, tier, database, selected, server), (0, 1))
        return sum(found, Tally())


def run_half(number: int, tier: str, database: str, selected: str, server: Server) -> Tally:
    """Run one pytest, then print what it said; a pytest that failed without a failed test counts as one."""
    result = RESULTS / f"{tier}-{database.lower()}-{number + 1}.xml"
    line = [sys.executable, "-m", "pytest", "-q", "-m", selected, f"--junitxml={result}"]
    folders = halves(tier)[number]
    if not folders:
        return Tally()
    line += [f"tests/{folder}" for folder in folders]
    with server() as environment:
        done = subprocess.run(line, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    print(done.stdout + done.stderr, flush=True)
    if done.returncode == NO_TESTS:
        print(f"No {tier} test of this half is marked for {database}.")
        return Tally()
    tally = read(result)
    return tally if tally.failed or done.returncode == 0 else tally + Tally(failed=1)


@contextmanager
def sqlite() -> Iterator[dict[str, str]]:
    """Yield the environment without a database in it."""
    yield {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


@contextmanager
def postgresql() -> Iterator[dict[str, str]]:
    """Yield the environment with a private server in it: one left open delays no other's seals."""
    with servers.private_postgresql() as url, sqlite() as environment:
        yield {**environment, "DATABASE_URL": url}


def run(tier: str) -> Tally:
    """Run both passes of one tier."""
    need.require(*SERVERS_AND_PROGRAMS)
    RESULTS.mkdir(parents=True, exist_ok=True)
    for old in RESULTS.glob(f"{tier}-*.xml"):
        old.unlink()
    selected = SELECTED[tier]
    on_sqlite = run_pass(tier, "SQLite", selected, sqlite)
    on_postgresql = run_pass(tier, "PostgreSQL", f"postgresql and {selected}", postgresql)
    print(f"\n{tier}, SQLite: {on_sqlite}; PostgreSQL: {on_postgresql}")
    return on_sqlite + on_postgresql


def main(what: str) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers are stopped on the way out
    tally = sum(map(read, sorted(RESULTS.glob("*.xml"))), Tally()) if what == "total" else run(what)
    if tally != Tally():
        print(tally)
    return 1 if tally.failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
