"""What happened in a case, in the order it happened: acts alone, without what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import CallBack, Case, PlaceCheck, VerificationOverride
from cases.sheet.rows import Rows


@dataclass(frozen=True)
class Event:
    """Hold what happened; by: who did it, "" for a clock or a family."""

    at: datetime
    words: str
    by: str = ""


def of(
    case: Case,
    rows: Rows,
    tried: Iterable[CallBack],
    passed: Iterable[VerificationOverride],
    checks: Iterable[PlaceCheck],
    above: Iterable[Event],
) -> list[Event]:
    """Return every event, the newest first; above: those of the packages above."""
    found = [
        *_clocks(case),
        *(Event(one.merged_at, _("Another report was joined")) for one in rows.cases[1:] if one.merged_at),
        *(_called(row) for row in tried),
        *(Event(row.at, _("Went on without verification"), str(row.officer)) for row in passed),
        *(event for row in checks for event in _checked(row)),
        *_written(rows),
        *_consents(rows),
        *above,
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _clocks(case: Case) -> Iterator[Event]:
    owner = str(case.owner or "") if case.accepted_at == case.owned_at else ""
    stamps = (
        (case.last_seen_at, _("Last seen"), ""),
        (case.reported_at, _("Reported"), str(case.filed_by or "")),
        (case.received_at if case.received_at != case.reported_at else None, _("Arrived at the desk"), ""),
        (case.accepted_at, _("Accepted"), owner),
        (case.opened_at, _("The search was opened"), ""),
        (case.merged_at, _("Joined to another case"), ""),
        (case.closed_at, _("Closed"), ""),
    )
    for at, words, by in stamps:
        if at is not None:
            yield Event(at, words, by)


def _called(row: CallBack) -> Event:
    said = _("Call back: %(result)s") if row.how == CallBack.How.PHONE else _("Talk face to face: %(result)s")
    return Event(row.at, said % {"result": row.get_result_display()}, str(row.officer))


def _checked(row: PlaceCheck) -> Iterator[Event]:
    if row.done_at is None or row.asked_at != row.done_at:
        yield Event(row.asked_at, _("A place was given out to be checked"), str(row.officer))
    if row.done_at and row.result:
        said = _("A place was checked: %(result)s") % {"result": row.get_result_display()}
        yield Event(row.done_at, said, str(row.done_by or ""))


def _written(rows: Rows) -> Iterator[Event]:
    for case in rows.cases:
        for entry in rows.thread.get(case.pk, ()):
            if entry.author == "family":
                yield Event(entry.at, _("The family wrote"))
            elif entry.author == "police":
                yield Event(entry.at, _("The police answered"))


def _consents(rows: Rows) -> Iterator[Event]:
    for consents in rows.consents.values():
        for row in consents:
            said = (
                _("A guardian refused publication") if row.is_refusal else _("A guardian allowed publication")
            )
            yield Event(row.given_at, said, str(row.heard_by or ""))
            if row.withdrawn_at:
                yield Event(row.withdrawn_at, _("A permission to publish ended"))
