"""What somebody told us, as every door hands it on. Pure, frozen, no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

__all__ = ["File", "Told"]


@dataclass(frozen=True, slots=True)
class File:
    """A file whose bytes are here already: an e-mail's part, a form's photo."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing told by a door that is no provider's call-back: the web, a call, an officer's find.

    place: {"words", "lat", "lon", "error_m", "how": "pin" | "words" | "map"}, each as far as known.
    seen_error_min: how far off, in minutes, seen_at may be. caller: a number to call back, for the witness's
    sealed address. uploads: ids of tips.files.uploads; files: bytes sent with the form itself.
    doubts: codes of what speaks against it, such as "no_work": it orders, it refuses nothing.
    submission: the form's token; twice the same gives the same tip and the same receipt.
    """

    door: str
    words: str = field(default="", repr=False)
    language: str = ""
    said_at: datetime | None = None
    seen_at: datetime | None = None
    seen_error_min: int | None = None
    place: Mapping[str, Any] | None = field(default=None, repr=False)
    alert_id: UUID | None = None
    link: str = field(default="", repr=False)
    entered_by: Any = None  # the officer who wrote it down, nobody for what came by itself
    caller: str = field(default="", repr=False)
    uploads: Sequence[UUID] = ()
    files: Sequence[File] = ()
    submission: str = field(default="", repr=False)
    doubts: Sequence[str] = ()
