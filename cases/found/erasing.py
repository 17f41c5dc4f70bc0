"""Forget a found child: destroy its key, delete its photo, blank its columns; a stone with a number stays."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from cases.found.filing import forget_files
from cases.models import Case, FoundChild, FoundMatch, FoundState, FoundToken
from trust import audit, clock, keys
from trust.models import Officer

DAYS = 365  # after it was identified or closed; the country pack may say otherwise (retention_days.found)
ENDED = (FoundState.IDENTIFIED, FoundState.CLOSED)
BLANK: dict[str, object] = {
    "submission": None, "closed_why": "", "reason": None, "place_words": None, "place_json": None,
    "error_m": None, "sex": "", "age_low_months": None, "age_high_months": None, "language": "",
    "facts": None, "name_said": None, "says_family": None, "says_place": None, "where_now": None,
    "taken_in_by": None, "original_key": "", "original_sha256": "", "clean_key": "", "clean_sha256": "",
    "width": None, "height": None,
}  # fmt: skip

audit.declare({"found.erased": "the key of a found child was destroyed and its columns blanked"})


def due() -> QuerySet[FoundChild]:
    """Return the children whose term after the end is over."""
    days = settings.COUNTRY.retention_days.get("found", DAYS)
    return FoundChild.objects.filter(state__in=ENDED, moved_at__lt=clock.now() - timedelta(days=days))


def erase(found: FoundChild, officer: Officer | None = None, reason: str = "") -> None:
    """Move an ended child to ERASED; raise MoveRefused as FoundChild.move says."""
    files = [found.original_key, found.clean_key]
    with transaction.atomic():
        values = {**BLANK, "found_at": found.filed_at}
        found.move(FoundState.ERASED, actor=officer, reason=reason, values=values)
        FoundToken.objects.filter(found=found).delete()
        FoundMatch.objects.filter(found=found).delete()
        keys.destroy(found.pk)
        transaction.on_commit(partial(forget_files, files))


def erase_with(case: Case, officer: Officer | None, reason: str) -> None:
    """Forget what ties found children to a case that is erased, and those that were identified in it."""
    FoundMatch.objects.filter(case=case).delete()
    for found in FoundChild.objects.filter(case=case, state=FoundState.IDENTIFIED):
        erase(found, officer, reason)
