import re
import subprocess

from bin.lint import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
VERBS = re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)


def test_help_says_every_verb_in_a_line() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    told = dict(re.findall(r"^  make (\S+) +(\S.+)$", said, re.MULTILINE))
    assert list(told) == VERBS
    assert all(len(line) <= 90 for line in told.values())


def test_make_alone_is_help() -> None:
    line = ["make", "--no-print-directory"]  # which make says when it is called by make
    assert subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout.startswith(
        "  make"
    )


def test_every_verb_is_phony() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert sorted(phony.split()) == sorted(VERBS)


def test_continuous_integration_runs_the_verbs_a_person_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert re.findall(r"^make (\S+)$", script, re.MULTILINE) == ["lint", "test", "test-long"]


def test_running_installs_nothing_a_developer_needs() -> None:
    for verb in ("run", "drill"):
        (recipe,) = re.findall(rf"^{verb}:.*\n((?:\t.+\n)+)", MAKEFILE, re.MULTILINE)
        assert "bin/setup run" in recipe


def test_locks_hold_hashes_and_no_registry_address() -> None:
    for lock in ROOT.glob("requirements*.txt"):
        text = lock.read_text()
        assert "://" not in text
        assert text.count("==") == len(re.findall(r"== ?\S+ \\\n    --hash=sha256:", text))
