"""A draft of a communiqué, in every language: an approver edits it, and two sign it like any statement."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from alerts.communique import gathering, telling
from alerts.models import Alert, Statement
from alerts.refusals import IssueRefused
from alerts.statements import drafting
from alerts.statements.permission import DRAFT, demand
from alerts.statements.suggesting import host
from trust.models import Officer
from trust.names import in_language


def draft(
    officer: Officer, *, alert: Alert | None = None, period: tuple[datetime, datetime] | None = None
) -> Statement:
    """Return a draft about one alert, or about the work of the officer's agency in a period.

    Raise IssueRefused as statements.draft() does; statement_period where neither is named, or where the alert
    was never public.
    """
    demand(officer, DRAFT)
    unit = officer.unit
    if unit is None or (alert is not None and alert.case.unit.agency_id != unit.agency_id):
        raise IssueRefused("statement_not_yours")
    if (alert is None and period is None) or (alert is not None and not alert.is_public):
        raise IssueRefused("statement_period")
    figures = gathering.gather(gathering.scope_of(unit.agency, alert=alert, period=period))
    texts = {
        code: telling.text(figures, code, in_language(unit.agency.names, code), host())
        for code, _name in settings.LANGUAGES
    }
    return drafting.draft(
        officer,
        Statement.Kind.COMMUNIQUE,
        texts,
        unit=unit,
        alert=alert,
        period=(figures.scope.begins, figures.scope.ends),
    )
