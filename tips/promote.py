"""A tip becomes a place in a case, or a case of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cases.models import Case
from cases.reported import ReportedPlace
from tips.models import Tip
from trust.models import Officer


@dataclass(frozen=True)
class ReportBits:
    """Hold what the officer made of the tip; what is left out is read from the tip itself."""

    given_name: str = ""
    family_name: str = ""
    sex: str = ""
    age_years: int | None = None
    category: str = "unknown"
    last_seen_at: datetime | None = None
    last_seen: ReportedPlace | None = None
    relation: str = ""


def to_sighting(
    tip: Tip, officer: Officer, place: ReportedPlace, seen_at: datetime, certainty: str, source_class: str,
    case: Case, *, seen_error_min: int | None = None, note: str = "",
) -> object:  # fmt: skip
    """Make the tip a sighting of the case; the same again for a double click. Raise TipRefused."""
    raise NotImplementedError


def to_case(tip: Tip, officer: Officer, bits: ReportBits) -> Case:
    """Make the tip a report, and so a case; the same again for a double click. Raise TipRefused."""
    raise NotImplementedError
