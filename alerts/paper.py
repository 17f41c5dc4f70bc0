"""What is handed out on paper, set by typst in either direction of writing. Pure.

Everything is handed to typst as data, never as markup, and nothing is written to a disk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def as_pdf(template: Path, name: str, data: DataclassInstance, fonts: Sequence[Path]) -> bytes:
    """Return the PDF (0.2 s a page or so) of a template that reads the data, as JSON, under this name.

    fonts: folders; only what lies in them and in typst is used.
    """
    made = typst.compile(
        template.read_bytes(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in fonts]),
        sys_inputs={name: json.dumps(asdict(data), ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made
