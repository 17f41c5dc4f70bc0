"""The press sheet on one page of paper, set by typst in either direction of writing. Pure.

Everything is handed to typst as data, never as markup, and nothing is written to a disk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

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
    """Return the PDF (0.2 s or so). fonts: folders; only what lies in them and in typst is used."""
    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in fonts]),
        sys_inputs={"sheet": json.dumps(asdict(paper), ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made
