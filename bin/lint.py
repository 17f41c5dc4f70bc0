"""Check all that can be checked without running the tests; one line a check, details where one fails."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bin import need

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
IMPORT_LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# A force's own machine, as far as Django can see it from here.
PRODUCTION = {
    "DEBUG": "false",
    "PUBLIC_URL": "https://alerts.example",
    "SECRET_KEY": "only-for-this-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "BEHIND_PROXY": "true",
}


@dataclass(frozen=True)
class Check:
    """A command that exits 0 when all is well, and what it makes sure of."""

    name: str
    promise: str
    line: list[str]
    environment: dict[str, str] = field(default_factory=dict)


CHECKS = (
    Check("style", "ruff finds nothing", [PYTHON, "-m", "ruff", "check", "--quiet"]),
    Check("format", "ruff format has nothing to do", [PYTHON, "-m", "ruff", "format", "--check", "--quiet"]),
    Check("types", "mypy, strict", [PYTHON, "-m", "mypy", "--no-error-summary", "."]),
    Check("imports", "they point down; pure modules are pure", [PYTHON, "-c", IMPORT_LINTER, "--no-logo"]),
    Check("licences", "every locked package's is allowed", [PYTHON, "-m", "bin.licences"]),
    Check("translations", "complete, none by guess, compiled", [PYTHON, "-m", "bin.translations"]),
    Check(
        "migrations",
        "models and migrations agree",
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    ),
    Check(
        "deployment",
        "Django has no warning for production",
        [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        PRODUCTION,
    ),
    Check("docs", "links, verbs, commands and generated pages hold", [PYTHON, "-m", "bin.docs"]),
)


def holds(check: Check, var_dir: str) -> bool:
    """Run one check, say its line, and what it printed where it failed."""
    # Nothing of the developer's own deployment counts: not its settings, not its database.
    environment = {**os.environ, "VAR_DIR": var_dir, "DATABASE_URL": "", **check.environment}
    done = subprocess.run(
        check.line,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    good = done.returncode == 0
    print(f"{'ok  ' if good else 'FAIL'} {check.name:<13} {check.promise}", flush=True)
    if not good:
        print(done.stdout + done.stderr, flush=True)
    return good


def main() -> int:
    need.require("gettext")
    with tempfile.TemporaryDirectory(prefix="najda-lint-") as var_dir:
        failed = [check.name for check in CHECKS if not holds(check, var_dir)]
    if failed:
        print(f"lint: {len(failed)} of {len(CHECKS)} failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
