"""The report on paper: sections and tables, ready to be set. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alerts import paper as paper_of

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
    """Return the PDF. fonts: folders."""
    return paper_of.as_pdf(TEMPLATE, "sheet", sheet, fonts)
