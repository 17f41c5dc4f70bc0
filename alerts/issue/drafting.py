"""A draft: what the officer chooses, before anything is frozen."""

from __future__ import annotations

from collections.abc import Sequence

from trust.models import Officer

from alerts.models import Version
from cases.models import Case, Child, Photo
from geo.shapes import Area


def draft(
    case: Case,
    officer: Officer,
    *,
    area: Area,
    channels: Sequence[str],
    duration_s: int,
    kind: str = "actual",
    child: Child | None = None,
    photo: Photo | None = None,
) -> Version:
    """Return a new draft on the case; child and photo default to the first ones."""
    raise NotImplementedError


def revise(
    version: Version,
    officer: Officer,
    *,
    area: Area | None = None,
    channels: Sequence[str] | None = None,
    duration_s: int | None = None,
    photo: Photo | None = None,
) -> Version:
    """Change a draft in place; from one sent back or lapsed, return the next draft."""
    raise NotImplementedError
