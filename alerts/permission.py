"""Who may act on an alert, asked at the moment of the act."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from alerts.models import Order
from alerts.refusals import IssueRefused
from cases.models import Case, CaseState
from trust import clock
from trust.models import Officer


def demand(officer: Officer, permission: str, case: Case) -> None:
    """Raise IssueRefused unless the officer's role allows the act on this unit's case (one query)."""
    if officer.is_superuser:
        raise IssueRefused("superuser")
    if not officer.is_active or not officer.has_perm(permission):
        raise IssueRefused("no_permission")
    if not Case.objects.for_officer(officer).filter(pk=case.pk).exists():
        raise IssueRefused("not_yours")


def demand_factor(factor_at: datetime | None) -> None:
    """Raise IssueRefused unless a second factor was given within SECOND_FACTOR_MAX_AGE_S (one query)."""
    oldest = clock.now() - timedelta(seconds=settings.SECOND_FACTOR_MAX_AGE_S)
    if factor_at is None or factor_at < oldest:
        raise IssueRefused("factor_not_fresh")


def demand_open(case: Case) -> None:
    """Raise IssueRefused unless somebody works on the case, without conflict of guardians or hold order."""
    if case.state not in {CaseState.REVIEW, CaseState.OPEN}:
        raise IssueRefused("case_not_open")
    if case.conflict:
        raise IssueRefused("in_conflict")
    if Order.objects.about(case).holding():
        raise IssueRefused("on_hold")


def hold(case_id: UUID) -> Case:
    """Lock the case, within the caller's transaction, and return it as it is now.

    Every act on an alert does this first, then locks alert and version: closing a case comes from the case
    down, and two orders would end in a deadlock.
    """
    # Without its unit: PostgreSQL reads a row again after waiting, and drops it from a join that changed.
    return Case.objects.select_for_update().get(pk=case_id)
