"""How what tips hold proves a statement: a line for its signer, and the way to the page of the tip."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alerts.statements.evidence import READERS, Piece
from tips.desk.doors import VIEW, page_url
from tips.models import Attachment, Footage, Tip
from trust.models import Officer


def of_tip(pk: UUID, officer: Officer) -> Piece | None:
    """Return the tip, None beyond the officer's scope."""
    tip = _tips(officer).filter(pk=pk).first()
    if tip is None:
        return None
    said = _("Tip %(reference)s") % {"reference": tip.reference}
    return Piece(said, str(tip.get_state_display()), page_url(tip))


def of_attachment(pk: UUID, officer: Officer) -> Piece | None:
    """Return what came along with a tip and how it was judged, None beyond the officer's scope."""
    row = Attachment.objects.filter(pk=pk, tip__in=_tips(officer)).select_related("tip").first()
    if row is None:
        return None
    verdict = str(row.get_verdict_display()) if row.verdict else str(row.get_state_display())
    return Piece(str(row.get_kind_display()), verdict, page_url(row.tip))


def of_footage(pk: UUID, officer: Officer) -> Piece | None:
    """Return a piece of known old footage; it is the whole force's."""
    row = Footage.objects.filter(pk=pk, erased_at=None).first() if officer.has_perm(VIEW) else None
    if row is None:
        return None
    day = date_format(row.happened_on) if row.happened_on else ""
    return Piece(_("Known old footage"), " · ".join(filter(None, (row.title, row.origin, day))))


def _tips(officer: Officer) -> QuerySet[Tip]:
    rows = Tip.objects.for_officer(officer)
    return rows if officer.has_perm(VIEW) else rows.none()


def install() -> None:
    """Have the pages of statements show it."""
    READERS.update({"tip": of_tip, "attachment": of_attachment, "footage": of_footage})
