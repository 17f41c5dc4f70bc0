from pathlib import Path

import pytest

from bin import docs

SETTINGS = "## SITE_NAME\n\nThe name.\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree whose documentation holds."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "Makefile").write_text("run: ## start\n\t@true\n")
    (tmp_path / "README.md").write_text("# Najda\n[Settings](docs/settings.md#site_name)\n\n    make run\n")
    (tmp_path / "docs" / "settings.md").write_text(SETTINGS)
    (tmp_path / "trust" / "management" / "commands").mkdir(parents=True)
    return tmp_path


def test_documentation_that_holds_passes(tree: Path) -> None:
    assert docs.check(tree, {"docs/settings.md": SETTINGS}) == []


def test_link_to_a_missing_page_is_named(tree: Path) -> None:
    (tree / "README.md").write_text("[Gone](docs/gone.md)")
    assert docs.check(tree, {}) == ["README.md links to docs/gone.md, which is not there"]


def test_link_to_a_missing_heading_is_named(tree: Path) -> None:
    (tree / "README.md").write_text("[Gone](docs/settings.md#gone)")
    assert docs.check(tree, {}) == ["README.md links to docs/settings.md#gone, which is not there"]


def test_addresses_outside_are_left_alone(tree: Path) -> None:
    (tree / "README.md").write_text("[CAP](https://example.org/cap#1)")
    assert docs.check(tree, {}) == []


def test_verb_the_makefile_lacks_is_named(tree: Path) -> None:
    (tree / "README.md").write_text("Type `make fly`, or:\n\n    make swim\n")
    assert docs.check(tree, {}) == ["README.md names `make fly`", "README.md names `make swim`"]


def test_verb_in_a_fenced_block_counts_and_prose_does_not(tree: Path) -> None:
    (tree / "README.md").write_text("We\nmake sure.\n\n```\n$ DEBUG=1 make dive\nmake run\n```\n")
    assert docs.check(tree, {}) == ["README.md names `make dive`"]


def test_page_that_is_not_what_the_code_says_is_stale(tree: Path) -> None:
    assert docs.check(tree, {"docs/settings.md": SETTINGS}) == []
    stale = ["docs/settings.md is stale: run `make docs`, commit it"]
    assert docs.check(tree, {"docs/settings.md": "## DEBUG\n"}) == stale
    (tree / "README.md").unlink()
    (tree / "docs" / "settings.md").unlink()
    assert docs.check(tree, {"docs/settings.md": SETTINGS}) == stale


def test_command_no_page_names_is_named(tree: Path) -> None:
    (tree / "trust" / "management" / "commands" / "enrol.py").touch()
    assert docs.check(tree, {}) == ["no page names the command `manage.py enrol`"]
    (tree / "docs" / "enrol.md").write_text("Type `manage.py enrol`.")
    assert docs.check(tree, {}) == []
