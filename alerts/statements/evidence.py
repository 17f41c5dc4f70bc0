"""What proves a statement, as its signer reads it: the packages that keep evidence say how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from alerts.models import Statement
from trust.models import Officer

RESTRICTED = "cases.view_restricted"


@dataclass(frozen=True)
class Piece:
    """Hold one piece of evidence: what it is, what was found of it, where it is looked at ("": nowhere)."""

    what: str
    detail: str = ""
    url: str = ""


# By kind of evidence; None where the officer may not see it, or it is gone. The packages above add theirs.
READERS: dict[str, Callable[[UUID, Officer], Piece | None]] = {}


def pieces(statement: Statement, officer: Officer) -> list[Piece]:
    """Return what the statement names as evidence, a line each, also where the officer may not look."""
    return [_piece(one, officer) for one in statement.evidence or ()]


def _piece(told: dict[str, str], officer: Officer) -> Piece:
    reader = READERS.get(told["kind"])
    shown = reader(UUID(told["id"]), officer) if reader else None
    return shown or Piece(_("A piece of evidence that you may not open, or that is gone"))
