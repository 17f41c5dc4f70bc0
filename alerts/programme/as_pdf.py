"""The dossier on paper, with the photo, ready to be set. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alerts import paper as paper_of

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
    """Return the PDF. fonts: folders."""
    return paper_of.as_pdf(TEMPLATE, "dossier", paper, fonts)
