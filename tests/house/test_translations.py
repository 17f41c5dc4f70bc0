import subprocess
from pathlib import Path

import pytest

from bin import translations

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: fr\\n"\n\n'
CALL = 'msgid "Call %(number)s"\nmsgstr "Appelez le %(number)s"\n\n'
FOUND = 'msgid "Found"\nmsgstr "Retrouvé"\n\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with one message in Python, one in a template, and complete catalogues."""
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "views.py").write_text('from x import gettext as _\ntext = _("Found")\n')
    (tmp_path / "templates").mkdir()
    template = "{% load i18n %}{% blocktranslate %}Call {{ number }}{% endblocktranslate %}"
    (tmp_path / "templates" / "page.html").write_text(template)
    for language in translations.LANGUAGES:
        write(tmp_path, language, CALL + FOUND)
    return tmp_path


def write(tree: Path, language: str, entries: str, *, compiled: bool = True) -> None:
    folder = tree / "locale" / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.po").write_text(HEADER + entries)
    if compiled:
        subprocess.run(["msgfmt", "-o", "django.mo", "django.po"], cwd=folder, check=True)


def test_complete_and_fresh_catalogues_pass(tree: Path) -> None:
    assert translations.check(tree) == []


def test_message_without_translation_is_named(tree: Path) -> None:
    write(tree, "fr", CALL)
    assert translations.check(tree) == ["locale/fr/LC_MESSAGES/django.po lacks: 'Found'"]


def test_empty_translation_is_named(tree: Path) -> None:
    write(tree, "ar", CALL + 'msgid "Found"\nmsgstr ""\n')
    assert translations.check(tree) == ["locale/ar/LC_MESSAGES/django.po leaves empty: 'Found'"]


def test_fuzzy_translation_is_named(tree: Path) -> None:
    write(tree, "fr", CALL + "#, fuzzy\n" + FOUND)
    assert translations.check(tree) == ["locale/fr/LC_MESSAGES/django.po is a guess (fuzzy): 'Found'"]


def test_translation_nothing_asks_for_is_named(tree: Path) -> None:
    write(tree, "fr", CALL + FOUND + 'msgid "Lost"\nmsgstr "Perdu"\n')
    assert translations.check(tree) == ["locale/fr/LC_MESSAGES/django.po keeps what nothing asks for: 'Lost'"]


def test_catalogue_changed_after_it_was_compiled_is_stale(tree: Path) -> None:
    write(tree, "fr", CALL + FOUND.replace("Retrouvé", "Retrouvée"), compiled=False)
    (fault,) = translations.check(tree)
    assert fault.startswith("locale/fr/LC_MESSAGES/django.mo is stale")


def test_placeholder_lost_in_translation_does_not_compile(tree: Path) -> None:
    broken = "#, python-format\n" + CALL.replace("Appelez le %(number)s", "Appelez le %(numero)s")
    write(tree, "fr", broken + FOUND, compiled=False)
    (fault,) = translations.check(tree)
    assert "does not compile" in fault


def test_missing_language_is_named(tree: Path) -> None:
    (tree / "locale" / "ar" / "LC_MESSAGES" / "django.po").unlink()
    assert "locale/ar/LC_MESSAGES/django.po is missing" in translations.check(tree)


def test_texts_of_tests_ask_for_no_translation(tree: Path) -> None:
    (tree / "tests").mkdir()
    (tree / "tests" / "test_x.py").write_text('_("Only a test says so")\n')
    assert translations.check(tree) == []
