import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bin.lint import IMPORT_LINTER, ROOT

RULES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

# What the design calls pure: each is held free of Django from the day it exists.
PURE = (
    "geo",
    "notifier.message",
    "notifier.exceptions",
    "notifier.protocols",
    "cases.risk",
    "cases.search_area",
    "cases.hypotheses",
    "cases.media",
    "tips.triage",
    "tips.clusters",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the packages and of the rules."""
    for package in RULES["root_packages"]:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=lambda _, names: _not_code(names))
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def _not_code(names: list[str]) -> list[str]:
    return [name for name in names if "." in name and not name.endswith(".py")] + ["__pycache__"]


def lint(tree: Path) -> tuple[int, str]:
    line = [sys.executable, "-c", IMPORT_LINTER, "--no-logo", "--no-cache"]
    done = subprocess.run(line, cwd=tree, capture_output=True, text=True, check=False)
    return done.returncode, re.sub(r"\s+", " ", done.stdout + done.stderr)


def add(path: Path, line: str) -> None:
    path.write_text(f"{line}\n{path.read_text()}")


def test_the_tree_as_it_is_keeps_the_rules(tree: Path) -> None:
    code, said = lint(tree)
    assert code == 0, said


def test_cases_may_not_import_alerts(tree: Path) -> None:
    add(tree / "cases" / "signals.py", "from alerts.models import Alert")
    code, said = lint(tree)
    assert code == 1
    assert "Imports point down BROKEN" in said
    assert "cases.signals -> alerts.models" in said


def test_an_import_hidden_in_a_function_counts(tree: Path) -> None:
    path = tree / "notifier" / "message.py"
    path.write_text(path.read_text() + "\n\ndef late() -> None:\n    import cases.models\n")
    assert lint(tree)[0] == 1


def test_geo_may_not_import_django(tree: Path) -> None:
    add(tree / "geo" / "cells.py", "from django.conf import settings")
    code, said = lint(tree)
    assert code == 1
    assert "Pure modules know nothing of Django BROKEN" in said


def test_every_pure_module_there_is_stands_in_the_contract() -> None:
    (contract,) = (rule for rule in RULES["contracts"] if rule["id"] == "pure")
    here = [name for name in PURE if list(ROOT.glob(name.replace(".", "/") + "*"))]
    assert set(here) <= set(contract["source_modules"])
