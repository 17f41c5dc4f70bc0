"""The dossier on paper, with the photo, set by typst. Pure; nothing is written to a disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("dossier.typ")


@dataclass(frozen=True)
class Part:
    """Hold one language: its title, its facts as (label, value), what people are asked to do."""

    language: str
    is_rtl: bool
    title: str
    facts: tuple[tuple[str, str], ...]
    todo: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """Hold the dossier ready to be set; photo: a JPEG, as the numbers of its bytes."""

    language: str
    is_rtl: bool
    mark: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    photo: tuple[int, ...]
    photo_alt: str
    footer: str


def as_pdf(paper: Paper, fonts: Sequence[Path]) -> bytes:
    """Return the PDF (0.3 s or so). fonts: folders; only what lies in them and in typst is used."""
    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in fonts]),
        sys_inputs={"dossier": json.dumps(asdict(paper), ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made
