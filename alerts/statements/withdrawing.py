"""A statement taken back: asked by one officer, decided by another, as it was signed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from alerts.models import Statement
from alerts.permission import demand_factor
from alerts.refusals import IssueRefused
from alerts.statements import deciding
from alerts.statements.permission import DRAFT, SIGN, held
from alerts.statements.signing import MOST_REASON
from trust import audit, clock
from trust.models import Decision, Officer


def ask_withdrawal(statement: Statement, officer: Officer, reason: str) -> Decision:
    """Ask a second officer to withdraw a statement that stands. The reason is kept sealed.

    Raise IssueRefused: superuser, no_permission, statement_not_yours, reason, statement_not_signed,
    withdrawal_asked.
    """
    if not reason.strip():
        raise IssueRefused("reason")
    right = SIGN if officer.has_perm(SIGN) else DRAFT
    with transaction.atomic():
        row = _standing(statement, officer, right)
        if deciding.open_question(row, deciding.WITHDRAW):
            raise IssueRefused("withdrawal_asked")
        row.withdrawal_reason = reason.strip()[:MOST_REASON]
        row.save(update_fields=["withdrawal_reason"])
        until = clock.now() + timedelta(seconds=settings.PROPOSAL_VALID_S)
        _let_go(row)
        asked = Decision.ask(deciding.WITHDRAW, row.pk, digest=row.digest, asked_by=officer, expires_at=until)
        audit.record("statement.withdrawal_asked", row, actor=officer)
        deciding.call_signer(row, officer, "statement_withdrawal")
    return asked


def withdraw(statement: Statement, officer: Officer, *, digest: str, factor_at: datetime | None) -> Statement:
    """Withdraw what was shown under this digest; from then on the public reads that it was withdrawn.

    Raise IssueRefused: superuser, no_permission, statement_not_yours, factor_not_fresh, statement_not_signed,
    withdrawal_not_asked, withdrawal_own, digest_differs.
    """
    demand_factor(factor_at)
    with transaction.atomic():
        row = _standing(statement, officer, SIGN)
        deciding.close(row, deciding.WITHDRAW, "granted", officer, digest=digest)
        row.move(Statement.State.WITHDRAWN, officer, withdrawn_at=clock.now())
    return row


def keep(statement: Statement, officer: Officer) -> Statement:
    """Decide that a statement stands although its withdrawal was asked. Raise IssueRefused as withdraw()."""
    with transaction.atomic():
        row = _standing(statement, officer, SIGN)
        deciding.close(row, deciding.WITHDRAW, "refused", officer)
        audit.record("statement.kept", row, actor=officer)
    return row


def _standing(statement: Statement, officer: Officer, right: str) -> Statement:
    row = held(statement, officer, right)
    if not row.is_live:
        raise IssueRefused("statement_not_signed")
    return row


def _let_go(row: Statement) -> None:
    """Close the questions about it that nobody answered in their time."""
    for old in Decision.objects.filter(act=deciding.WITHDRAW, subject=row.pk, outcome=""):
        old.decide("lapsed", by=None)
