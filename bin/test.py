"""Run the tests on SQLite and, for those marked postgresql, again on PostgreSQL.

`python -m bin.test short` runs all but those marked long, `long` those, `total` adds up what both found.
The last line is "N passed, N failed"; the exit code is 0 only when nothing failed.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from bin import need
from tests import servers

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "var" / "tests"
SELECTED = {"short": "not long", "long": "long"}
SERVERS_AND_PROGRAMS = ("postgresql", "redis", "chromium", "xmlsec1", "gettext")
NO_TESTS = 5  # pytest's exit code


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


def run_pass(tier: str, database: str, selected: str, environment: Mapping[str, str]) -> Tally:
    """Run one pytest and return its tally; a pytest that failed without a failed test counts as one."""
    print(f"\n--- {tier} tests on {database} ---", flush=True)
    result = RESULTS / f"{tier}-{database.lower()}.xml"
    line = [sys.executable, "-m", "pytest", "-q", "-m", selected, f"--junitxml={result}"]
    code = subprocess.run(line, cwd=ROOT, env=environment, check=False).returncode
    if code == NO_TESTS:
        print(f"No {tier} test is marked for {database}.")
        return Tally()
    tally = read(result)
    return tally if tally.failed or code == 0 else tally + Tally(failed=1)


def run(tier: str) -> Tally:
    """Run both passes of one tier."""
    need.require(*SERVERS_AND_PROGRAMS)
    RESULTS.mkdir(parents=True, exist_ok=True)
    for old in RESULTS.glob(f"{tier}-*.xml"):
        old.unlink()
    selected = SELECTED[tier]
    bare = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    on_sqlite = run_pass(tier, "SQLite", selected, bare)
    with servers.postgresql() as url:
        on_postgresql = run_pass(
            tier, "PostgreSQL", f"postgresql and {selected}", {**bare, "DATABASE_URL": url}
        )
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
