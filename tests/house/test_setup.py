import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bin.lint import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A tree with bin/setup and locks that hold nothing: there is no network in a test."""
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "setup", tmp_path / "bin" / "setup")
    for lock in ("requirements.txt", "requirements-dev.txt", "requirements-nodeps.txt"):
        (tmp_path / lock).write_text("# nothing\n")
    return tmp_path


def setup(clone: Path, level: str, **environment: str) -> subprocess.CompletedProcess[str]:
    line = [str(clone / "bin" / "setup"), level]
    return subprocess.run(
        line, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def python_that_is(clone: Path, version: str) -> str:
    """Return a stand-in for an interpreter that fails every question and gives its version."""
    script = clone / "python-old"
    script.write_text(f'#!/bin/sh\n[ "$1" = -V ] && echo "Python {version}" && exit 0\nexit 1\n')
    script.chmod(0o755)
    return str(script)


def test_an_old_python_is_refused_with_the_way_out(clone: Path) -> None:
    done = setup(clone, "run", PYTHON=python_that_is(clone, "3.9.2"))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert "apt-get install python3" in done.stderr
    assert not (clone / ".venv").exists()


def test_a_python_that_is_not_there_is_refused(clone: Path) -> None:
    done = setup(clone, "run", PYTHON="/nowhere/python3")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr


@pytest.mark.long
def test_the_second_time_costs_nothing_until_a_lock_changes(clone: Path) -> None:
    assert "Making .venv" in setup(clone, "run").stderr
    again = setup(clone, "run")
    assert (again.returncode, again.stderr) == (0, "")
    (clone / "requirements.txt").write_text("# changed\n")
    assert "Installing" in setup(clone, "run").stderr


@pytest.mark.long
def test_a_package_without_hash_is_refused(clone: Path) -> None:
    (clone / "requirements.txt").write_text("six==1.17.0\n")
    done = setup(clone, "run")
    assert done.returncode != 0
    assert "hash" in done.stderr.lower()
    assert not (clone / ".venv" / ".stamp-run").exists()
