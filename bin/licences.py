"""Check the licence of every locked package against what an Apache-2.0 project may build on.

What counts is the package's own metadata and, in a wheel that bundles libraries, their list of licences.
"""

import importlib.metadata
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-nodeps.txt")

# Permissive, or (MPL) copyleft of a single file. SPDX names and the spellings older metadata uses.
ALLOWED = {
    "0BSD",
    "Apache License 2.0",
    "Apache Software License",
    "Apache-2.0",
    "BSD 3-Clause",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    # The compiler's own libraries: the exception is made for this.
    "GPL-3.0-or-later WITH GCC-exception-3.1",
    "ISC",
    "ISC License (ISCL)",
    "MIT",
    "MIT License",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)",
    "PSF-2.0",
    "Python Software Foundation License",
    "Zlib",
}

# Package -> the licence it states -> why it may stay. Used as an unchanged, replaceable library each time.
EXCEPTIONS = {
    "psycopg": {"LGPL-3.0-only": "the PostgreSQL driver; imported, never modified"},
    "psycopg-binary": {"LGPL-3.0-only": "the same driver's compiled half"},
    "python-crontab": {"LGPLv3": "comes with django-celery-beat; imported, never modified"},
    "numpy": {
        "LGPL-2.1-or-later": "libquadmath beside OpenBLAS; linked dynamically",
        "BSD-3-Clause-Open-MPI": "LAPACK: the same terms as BSD-3-Clause",
    },
    "shapely": {"LGPLv2.1": "GEOS; linked dynamically, never modified"},
    "pi-heif": {
        "GNU Lesser General Public License v3 (LGPLv3)": "libheif and libde265 decode photos; see next line",
        "LGPLv3": "both linked dynamically, never modified",
    },
    "qrcode": {"Other/Proprietary License": "BSD; the second classifier is for a file of the same terms"},
    "axe-playwright-python": {"": "no metadata; its LICENSE file is MIT, the axe-core inside is MPL-2.0"},
}


@dataclass(frozen=True)
class Package:
    """A distribution's name and its licences: every one of `licences` must be allowed."""

    name: str
    licences: tuple[str, ...]

    def refused(self) -> list[str]:
        """Return the licences that neither the list nor a named exception lets in."""
        excepted = EXCEPTIONS.get(self.name, {})
        return [licence for licence in self.licences if not (_is_allowed(licence) or licence in excepted)]


def _is_allowed(expression: str) -> bool:
    """Judge an SPDX expression without brackets: one side of OR is enough, of AND both are needed."""
    if expression in ALLOWED:
        return True
    choices = expression.split(" OR ")
    return any(all(part.strip() in ALLOWED for part in choice.split(" AND ")) for choice in choices)


def locked_names(lock_texts: Iterable[str]) -> list[str]:
    """Return the names pinned in the locks."""
    return sorted({name for text in lock_texts for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)})


def installed(name: str) -> Package:
    """Return a package by what is installed; raises PackageNotFoundError."""
    found = importlib.metadata.distribution(name)
    return Package(name, (*_stated(found), *_bundled(found)))


def _stated(found: importlib.metadata.Distribution) -> tuple[str, ...]:
    metadata = found.metadata
    if expression := metadata.get_all("License-Expression"):
        return tuple(expression)
    classifiers = [
        c.split(" :: ")[-1] for c in metadata.get_all("Classifier") or [] if c.startswith("License")
    ]
    named = tuple(c for c in classifiers if c != "OSI Approved")
    return named or tuple(metadata.get_all("License") or [""])


def _bundled(found: importlib.metadata.Distribution) -> Iterator[str]:
    """Yield the licences of libraries inside a wheel, from the "License: X" lines wheels list them by."""
    for file in found.files or []:
        if "licenses" in file.parts and file.suffix in {".txt", ""}:
            text = Path(str(file.locate())).read_text(errors="replace")
            yield from re.findall(r"^License: (.+)$", text, re.MULTILINE)


def check(packages: Iterable[Package]) -> list[str]:
    """Return a sentence for every package that may not stay."""
    return [f"{p.name}: {licence or 'no licence stated'}" for p in packages for licence in p.refused()]


def main() -> int:
    names = locked_names((ROOT / lock).read_text() for lock in LOCKS)
    complaints = check(map(installed, names))
    for complaint in complaints:
        print(f"licence refused: {complaint}", file=sys.stderr)
    print(f"{len(names)} packages, {len(complaints)} refused")
    return 1 if complaints else 0


if __name__ == "__main__":
    raise SystemExit(main())
