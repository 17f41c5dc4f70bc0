"""Check the documentation against the code: links, verbs, commands, pages made from code.

Read are the Markdown files at the root and under docs/. With --write, pages made from code are written first.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import django

from project import env

ROOT = Path(__file__).parent.parent


def who_may_what() -> str:
    """Return the page of who may do what, made of the table that the tests hold (it needs Django)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.desk import table_doc

    return table_doc.text()


GENERATED: dict[str, Callable[[], str]] = {
    "docs/settings.md": env.documentation,
    "docs/who-may-what.md": who_may_what,
}
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
VERB = re.compile(r"(?:`|^[ \t]*(?:\$ )?)(?:[A-Z_]+=\S+ )?make ([a-z-]+)", re.MULTILINE)
CODE = re.compile(r"^```.*?^```|^(?: {4}|\t)[^\n]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def pages(root: Path) -> list[Path]:
    """Return every page of the documentation."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def anchor(heading: str) -> str:
    """Return the fragment a heading is reached by, the way GitHub makes it."""
    bare = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return bare.strip().replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """Return the fragments a page has."""
    return {anchor(heading) for heading in HEADING.findall(CODE_BLOCK.sub("", page.read_text()))}


def broken_links(root: Path) -> Iterator[str]:
    """Yield a sentence for each link inside the project that leads nowhere."""
    for page in pages(root):
        for target in LINK.findall(CODE_BLOCK.sub("", page.read_text())):
            path, _, fragment = target.partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            aim = (page.parent / path).resolve() if path else page
            if not aim.exists() or (fragment and aim.suffix == ".md" and fragment not in anchors(aim)):
                yield f"{page.relative_to(root)} links to {target}, which is not there"


def unknown_verbs(root: Path) -> Iterator[str]:
    """Yield a sentence for each `make verb` the Makefile does not have."""
    known = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(), re.MULTILINE))
    for page in pages(root):
        said = {verb for code in CODE.findall(page.read_text()) for verb in VERB.findall(code)}
        yield from (f"{page.relative_to(root)} names `make {verb}`" for verb in sorted(said - known))


def stale_pages(root: Path, generated: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each page made from code that is not what the code says now."""
    for name, text in generated.items():
        page = root / name
        if not page.exists() or page.read_text() != text:
            yield f"{name} is stale: run `make docs`, commit it"


def undocumented_commands(root: Path) -> Iterator[str]:
    """Yield a sentence for each management command of ours that no page names."""
    text = "".join(page.read_text() for page in pages(root))
    for path in sorted(root.glob("*/management/commands/[!_]*.py")):
        if not re.search(rf"manage\.py {path.stem}\b|`{path.stem}\b", text):
            yield f"no page names the command `manage.py {path.stem}`"


def check(root: Path, generated: Mapping[str, str]) -> list[str]:
    """Return a sentence for every fault."""
    return [
        *stale_pages(root, generated),
        *broken_links(root),
        *unknown_verbs(root),
        *undocumented_commands(root),
    ]


def main(arguments: list[str]) -> int:
    generated = {name: text() for name, text in GENERATED.items()}
    if "--write" in arguments:
        for name, text in generated.items():
            (ROOT / name).write_text(text)
    faults = check(ROOT, generated)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(pages(ROOT))} pages, {len(generated)} of them made from code, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
