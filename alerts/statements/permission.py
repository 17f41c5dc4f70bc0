"""Who may act on a statement, asked at the moment of the act."""

from __future__ import annotations

from django.db.models import Q

import alerts.statements.refusals  # noqa: F401  for the sentences
from alerts.models import Statement
from alerts.refusals import IssueRefused
from trust.models import Officer, Unit
from trust.roles import OF_THE_AGENCY

DRAFT, SIGN = "alerts.draft_statement", "alerts.sign_statement"


def demand(officer: Officer, permission: str) -> None:
    """Raise IssueRefused unless a person with a role that allows the act."""
    if officer.is_superuser:
        raise IssueRefused("superuser")
    if not officer.is_active or not officer.has_perm(permission):
        raise IssueRefused("no_permission")


def demand_unit(officer: Officer, unit: Unit) -> None:
    """Raise IssueRefused unless the unit is the officer's, or of the agency for all of which they work."""
    own = officer.unit
    of_all = own is not None and officer.roles & OF_THE_AGENCY and own.agency_id == unit.agency_id
    if own is None or (own.pk != unit.pk and not of_all):
        raise IssueRefused("statement_not_yours")


def held(statement: Statement, officer: Officer, permission: str) -> Statement:
    """Lock the statement within the caller's transaction and return it as it is now.

    Raise IssueRefused: superuser, no_permission, statement_not_yours.
    """
    demand(officer, permission)
    scope = Statement.objects.for_officer(officer).filter(Q(pk=statement.pk))
    if not scope.exists():
        raise IssueRefused("statement_not_yours")
    return Statement.objects.select_for_update().get(pk=statement.pk)
