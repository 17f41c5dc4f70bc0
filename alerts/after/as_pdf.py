"""The report on paper: sections and tables, set by typst in either direction of writing. Pure.

Everything is handed to typst as data, never as markup, and nothing is written to a disk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("report.typ")


@dataclass(frozen=True)
class Table:
    """Hold heads and rows of text; widths: of the columns, in shares."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Section:
    title: str
    notes: tuple[str, ...] = ()
    table: Table | None = None
    level: int = 1
    lines: int = 0  # to write on


@dataclass(frozen=True)
class Sheet:
    """Hold the whole document in one language; facts stand as (name, value) below the title."""

    language: str
    is_rtl: bool
    title: str
    subtitle: str
    footer: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def as_pdf(sheet: Sheet, fonts: Sequence[Path]) -> bytes:
    """Return the PDF (0.2 s a page or so). fonts: folders; only what lies in them and in typst is used."""
    data = json.dumps(asdict(sheet), ensure_ascii=False)
    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in fonts]),
        sys_inputs={"sheet": data},
    )
    assert isinstance(made, bytes)
    return made
