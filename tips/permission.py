"""Who may decide about a tip, asked at the moment of the act."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from tips.models import Tip
from tips.refusals import TipRefused
from trust import clock
from trust.models import Officer
from trust.roles import OF_THE_AGENCY, OF_THE_UNIT

TRIAGE, SECOND = "tips.triage_tip", "tips.second_tip"
ASK_REVEAL, GRANT_REVEAL = "tips.ask_reveal", "tips.grant_reveal"


def demand(officer: Officer, tip: Tip, right: str, *, handed: bool = False) -> None:
    """Raise TipRefused unless the officer's role allows the act on this tip (one query).

    handed: those it was handed to may act too.
    """
    if officer.is_superuser or not officer.is_active or not officer.has_perm(right):
        raise TipRefused("no_permission")
    is_own = Tip.objects.for_officer(officer).filter(pk=tip.pk).exists()
    if not is_own and not (handed and was_given(officer, tip)):
        raise TipRefused("not_yours")


def was_given(officer: Officer, tip: Tip) -> bool:
    """Say whether the tip was handed to the officer's unit, or to one of the agency whose acts they see."""
    given = tip.handed_to
    if given is None or officer.unit is None:
        return False
    if officer.roles & OF_THE_AGENCY:
        return officer.unit.agency_id == given.agency_id
    return bool(officer.roles & OF_THE_UNIT) and officer.unit_id == given.pk


def hold(tip: Tip, officer: Officer, right: str, *, handed: bool = False) -> Tip:
    """Lock the tip within the caller's transaction and return it as it is now; raise TipRefused.

    Every act on a tip and a case locks the case first: closing a case comes from the case down.
    """
    # Alone: PostgreSQL reads a row again after waiting, and drops it from a join that changed.
    held = Tip.objects.select_for_update().get(pk=tip.pk)
    demand(officer, held, right, handed=handed)
    if held.erased_at is not None:
        raise TipRefused("erased")
    return held


def demand_factor(factor_at: datetime | None) -> None:
    """Raise TipRefused unless a second factor was given within SECOND_FACTOR_MAX_AGE_S."""
    oldest = clock.now() - timedelta(seconds=settings.SECOND_FACTOR_MAX_AGE_S)
    if factor_at is None or factor_at < oldest:
        raise TipRefused("factor_not_fresh")
