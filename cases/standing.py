"""Where a case stands, as its family is told: a sentence, the unit, and every clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseState

STANDS: dict[str, Promise] = {
    CaseState.RECEIVED: _("Your report has arrived. The officer on duty has been called."),
    CaseState.REVIEW: _("An officer has read your report and is working on it."),
    CaseState.OPEN: _("The police are looking for the child."),
    CaseState.CLOSED: _("The case is closed."),
}
JOINED = _("Your report was joined to another one about the same child.")
SAFE = _("The child has been found and is safe.")  # all that is said where the place is withheld


@dataclass(frozen=True)
class Milestone:
    """Hold what happened, and when."""

    name: str | Promise
    at: datetime


# Called with the case that is worked on; the packages above append theirs.
MILESTONES: list[Callable[[Case], Iterable[Milestone]]] = []


def stands(case: Case) -> list[Promise]:
    """Return the sentences on where the report stands, or the case it was joined to."""
    said = STANDS.get(case.standing.state, STANDS[CaseState.CLOSED])
    return [JOINED, said] if case.merged_into_id else [said]


def milestones(case: Case) -> list[Milestone]:
    """Return every clock that has come: the report's own, then those of the case that is worked on."""
    working = case.standing
    over_at = working.closed_at if working.state == CaseState.CLOSED else None
    above = [stone for told in MILESTONES for stone in told(working)]
    return [
        *_come((_("Last seen"), case.last_seen_at), (_("Reported"), case.reported_at)),
        *_come((_("Arrived here"), case.received_at), (_("Spoken with you"), case.spoken_at)),
        *_come((_("Taken up"), working.accepted_at), (_("Search opened"), working.opened_at)),
        *above,
        *_come((_("Ended"), over_at)),
    ]


def _come(*clocks: tuple[Promise, datetime | None]) -> list[Milestone]:
    return [Milestone(name, at) for name, at in clocks if at is not None]
