import sys

import pytest

from bin import lint
from bin.lint import Check

SAYS_ITS_SETTINGS = (
    "import os; print(os.environ['VAR_DIR'], os.environ['DATABASE_URL'] or '-'); raise SystemExit(1)"
)


def test_a_check_that_holds_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint.holds(Check("style", "all is well", [sys.executable, "-c", "print('noise')"]), "/nowhere")
    assert capsys.readouterr().out == "ok   style         all is well\n"


def test_a_check_that_fails_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert not lint.holds(Check("style", "all is well", [sys.executable, "-c", "1/0"]), "/nowhere")
    said = capsys.readouterr().out
    assert said.startswith("FAIL style")
    assert "ZeroDivisionError" in said


def test_no_check_sees_the_developers_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://real@db.example/najda")
    lint.holds(Check("any", "any", [sys.executable, "-c", SAYS_ITS_SETTINGS]), "/scratch")
    assert "/scratch -" in capsys.readouterr().out
