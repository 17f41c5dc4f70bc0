"""The press sheet on one page of paper, ready to be set. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alerts import paper as paper_of

TEMPLATE = Path(__file__).with_name("sheet.typ")


@dataclass(frozen=True)
class Paper:
    """Hold the sheet ready to be set: boxes are (title, paragraphs), facts (label, value)."""

    language: str
    is_rtl: bool
    mark: str
    title: str
    subtitle: str
    call: str
    number: str
    facts: tuple[tuple[str, str], ...]
    script_title: str
    script: str
    script_note: str
    notes: tuple[str, ...]
    link_title: str
    link: str
    footer: str


def as_pdf(paper: Paper, fonts: Sequence[Path]) -> bytes:
    """Return the PDF. fonts: folders."""
    return paper_of.as_pdf(TEMPLATE, "sheet", paper, fonts)
