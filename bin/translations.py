"""Check that every text is translated into every language, none by guess, and that what is compiled is fresh.

Messages are extracted into a copy of the tree, so nothing here is written. English needs no file: messages
are English already.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

from bin import need

ROOT = Path(__file__).parent.parent
LANGUAGES = ("ar", "fr")
SPEAKING = {".py", ".html", ".txt", ".xml"}  # kinds of file a message may stand in
SILENT = ("tests", "bench", "bin", "docs", "var", "static", "staticfiles", "locale")

Message = tuple[str | None, str]  # its context and its English


def extract(root: Path) -> set[Message]:
    """Return every message the code and templates under `root` ask to have translated; runs xgettext."""
    with tempfile.TemporaryDirectory(prefix="najda-messages-") as name:
        copy = Path(name)
        for source in _speaking_files(root):
            target = copy / source.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        (copy / "locale").mkdir(exist_ok=True)
        line = [sys.executable, "-m", "django", "makemessages", "--keep-pot", "--locale=xx", "--verbosity=0"]
        # The copy has no settings: makemessages does without, unless told of some.
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(line, cwd=copy, check=True, env=environment)
        return {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(copy / "locale" / "django.pot"))}


def _speaking_files(root: Path) -> Iterator[Path]:
    for top in sorted(root.iterdir()):
        if top.name.startswith(".") or top.name in SILENT:
            continue
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.suffix in SPEAKING and path.is_file() and "migrations" not in path.parts:
                yield path


def check(root: Path) -> list[str]:
    """Return a sentence for every fault of every language's catalogue under `root`/locale."""
    wanted = extract(root)
    return [fault for language in LANGUAGES for fault in _faults_of(root, language, wanted)]


def _faults_of(root: Path, language: str, wanted: set[Message]) -> Iterator[str]:
    source = root / "locale" / language / "LC_MESSAGES" / "django.po"
    where = source.relative_to(root)
    if not source.exists():
        yield f"{where} is missing"
        return
    catalogue = polib.pofile(str(source))
    live = [entry for entry in catalogue if not entry.obsolete]
    known = {(entry.msgctxt, entry.msgid) for entry in live}
    yield from (f"{where} lacks: {message[1]!r}" for message in sorted(wanted - known, key=str))
    yield from (
        f"{where} keeps what nothing asks for: {message[1]!r}" for message in sorted(known - wanted, key=str)
    )
    yield from (f"{where} is a guess (fuzzy): {entry.msgid!r}" for entry in live if entry.fuzzy)
    yield from (f"{where} leaves empty: {e.msgid!r}" for e in live if not e.fuzzy and not e.translated())
    yield from _compiled_faults(source, where)


def _compiled_faults(source: Path, where: Path) -> Iterator[str]:
    compiled = source.with_suffix(".mo")
    line = ["msgfmt", "--check", "--output-file=-", str(source)]
    done = subprocess.run(line, capture_output=True, check=False)
    if done.returncode:
        yield f"{where} does not compile: {done.stderr.decode(errors='replace').strip()}"
    elif not compiled.exists() or _said_by(compiled) != _meant_by(source):
        yield f"{where.with_suffix('.mo')} is stale: .venv/bin/python -m django compilemessages"
    elif not _is_committed(compiled):
        yield f"{where.with_suffix('.mo')} is not committed"


def _meant_by(source: Path) -> dict[Message, object]:
    translated = polib.pofile(str(source)).translated_entries()
    return {(e.msgctxt, e.msgid): e.msgstr or list(e.msgstr_plural.values()) for e in translated}


def _said_by(compiled: Path) -> dict[Message, object]:
    entries = polib.mofile(str(compiled))
    return {(e.msgctxt, e.msgid): e.msgstr or list(e.msgstr_plural.values()) for e in entries}


def _is_committed(path: Path) -> bool:
    """Ask git; a tree without one (an unpacked archive) holds only what was committed."""
    line = ["git", "ls-files", "--error-unmatch", path.name]
    with contextlib.suppress(FileNotFoundError):
        code = subprocess.run(line, cwd=path.parent, capture_output=True, check=False).returncode
        not_a_repository = 128
        return code in (0, not_a_repository)
    return True


def main() -> int:
    need.require("gettext")
    faults = check(ROOT)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(LANGUAGES)} languages beside English, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
