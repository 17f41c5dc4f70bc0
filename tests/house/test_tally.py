from pathlib import Path

import pytest

from bin import test as runner
from bin.test import Tally

RESULT = '<testsuites><testsuite tests="7" failures="1" errors="2" skipped="1"></testsuite></testsuites>'


def test_errors_count_as_failures_and_skips_as_neither(tmp_path: Path) -> None:
    (tmp_path / "result.xml").write_text(RESULT)
    assert runner.read(tmp_path / "result.xml") == Tally(passed=3, failed=3)


def test_run_that_left_no_result_is_a_failure(tmp_path: Path) -> None:
    assert runner.read(tmp_path / "nothing.xml") == Tally(failed=1)


def test_tally_reads_as_the_closing_line() -> None:
    assert str(Tally(2, 1) + Tally(3, 0)) == "5 passed, 1 failed"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three tests, run in place of the project's own."""
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nmarkers =\n  good\n  bad\n  none\naddopts = -p no:django\n"
    )
    tests = (
        "import pytest\n@pytest.mark.good\ndef test_a(): pass\n\n@pytest.mark.bad\ndef test_b(): assert 0\n"
        "@pytest.mark.bad\ndef test_c(): pass\n"
    )
    folder = tmp_path / "tests" / "one"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "test_x.py").write_text(tests)
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    monkeypatch.setattr(runner, "RESULTS", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("elsewhere")
def test_a_pass_counts_what_pytest_found() -> None:
    assert runner.run_pass("short", "SQLite", "good", runner.sqlite) == Tally(passed=1)
    assert runner.run_pass("short", "SQLite", "bad", runner.sqlite) == Tally(passed=1, failed=1)


@pytest.mark.usefixtures("elsewhere")
def test_a_marker_nobody_carries_is_said_and_counts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.run_pass("long", "PostgreSQL", "none", runner.sqlite) == Tally()
    assert "No long test of this half is marked for PostgreSQL." in capsys.readouterr().out


def test_pytest_that_cannot_start_is_a_failure(elsewhere: Path) -> None:
    (elsewhere / "tests" / "one" / "test_broken.py").write_text("import nothing_of_that_name\n")
    assert runner.run_pass("short", "SQLite", "good", runner.sqlite).failed >= 1


def test_both_halves_run_and_are_counted_together(elsewhere: Path) -> None:
    other = elsewhere / "tests" / runner.FIRST_HALF["short"][0]
    other.mkdir()
    (other / "__init__.py").touch()
    (other / "test_y.py").write_text("import pytest\n@pytest.mark.good\ndef test_d(): pass\n")
    assert runner.run_pass("short", "SQLite", "good", runner.sqlite) == Tally(passed=2)


@pytest.mark.parametrize("tier", runner.FIRST_HALF)
def test_every_folder_of_tests_is_in_one_half(tier: str) -> None:
    first, second = runner.halves(tier)
    there = {path.parent.name for path in (runner.ROOT / "tests").glob("*/__init__.py")}
    assert sorted([*first, *second]) == sorted(there)
