"""Check the documentation against the code: links lead somewhere, verbs and commands exist, settings show.

Read are the Markdown files at the root and under docs/.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from project.env import SETTINGS

ROOT = Path(__file__).parent.parent
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


def undocumented_settings(root: Path, names: list[str]) -> Iterator[str]:
    """Yield a sentence for each setting without a heading in docs/settings.md, where errors link to."""
    page = root / "docs" / "settings.md"
    known = anchors(page) if page.exists() else set()
    yield from (f"docs/settings.md has no heading for {name}" for name in names if anchor(name) not in known)


def undocumented_commands(root: Path) -> Iterator[str]:
    """Yield a sentence for each management command of ours that no page names."""
    text = "".join(page.read_text() for page in pages(root))
    for path in sorted(root.glob("*/management/commands/[!_]*.py")):
        if not re.search(rf"manage\.py {path.stem}\b|`{path.stem}\b", text):
            yield f"no page names the command `manage.py {path.stem}`"


def check(root: Path, settings: list[str]) -> list[str]:
    """Return a sentence for every fault."""
    return [
        *broken_links(root),
        *unknown_verbs(root),
        *undocumented_settings(root, settings),
        *undocumented_commands(root),
    ]


def main() -> int:
    faults = check(ROOT, [setting.name for setting in SETTINGS])
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(pages(ROOT))} pages, {len(SETTINGS)} settings, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
