"""A signature under a statement: the second officer decides on exactly what is shown."""

from __future__ import annotations

import hmac
from datetime import datetime

from django.db import transaction

from alerts.models import Statement
from alerts.permission import demand_factor
from alerts.refusals import IssueRefused
from alerts.statements import deciding, frozen
from alerts.statements.permission import SIGN, held
from trust import clock
from trust.models import Officer

MOST_REASON = 500


def sign(statement: Statement, officer: Officer, *, digest: str, factor_at: datetime | None) -> Statement:
    """Sign what was shown under this digest: from then on it is public. One transaction.

    A standing statement that this one follows is withdrawn by the same two signatures. Raise IssueRefused:
    superuser, no_permission, statement_not_yours, factor_not_fresh, statement_not_proposed, statement_own,
    proposal_expired, digest_differs (where the stored bytes are others, the proposal lapses).
    """
    demand_factor(factor_at)
    with transaction.atomic():
        row = held(statement, officer, SIGN)
        if row.state != Statement.State.PROPOSED:
            raise IssueRefused("statement_not_proposed")
        if row.proposed_by_id == officer.pk:
            raise IssueRefused("statement_own")
        is_whole = frozen.is_unchanged(row)
        if is_whole:
            _sign(row, officer, digest)
        else:
            row.move(Statement.State.LAPSED, None, reason="void")
            deciding.close(row, deciding.SIGN, "lapsed", None)
    if not is_whole:
        raise IssueRefused("digest_differs")
    return row


def refuse(statement: Statement, officer: Officer, reason: str) -> Statement:
    """Refuse a proposal with a reason, which is kept sealed.

    Raise IssueRefused: superuser, no_permission, statement_not_yours, reason, statement_not_proposed,
    statement_own, proposal_expired.
    """
    if not reason.strip():
        raise IssueRefused("reason")
    with transaction.atomic():
        row = held(statement, officer, SIGN)
        if row.state != Statement.State.PROPOSED:
            raise IssueRefused("statement_not_proposed")
        deciding.close(row, deciding.SIGN, "refused", officer)
        row.refused_reason = reason.strip()[:MOST_REASON]
        row.save(update_fields=["refused_reason"])
        row.move(Statement.State.REFUSED, officer)
    return row


def lapse_due() -> int:
    """Let the proposals go that nobody answered in their time; return how many (one query where none is)."""
    due = Statement.objects.awaiting_signature().filter(valid_until__lte=clock.now())
    count = 0
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            row = Statement.objects.select_for_update().get(pk=pk)
            if row.state == Statement.State.PROPOSED:
                deciding.close(row, deciding.SIGN, "lapsed", None)
                row.move(Statement.State.LAPSED, None, reason="expired")
                count += 1
    return count


def _sign(row: Statement, officer: Officer, shown: str) -> None:
    if not hmac.compare_digest(shown.encode(), row.digest.encode()):
        raise IssueRefused("digest_differs")
    now = clock.now()
    deciding.close(row, deciding.SIGN, "granted", officer, digest=shown)
    row.move(Statement.State.SIGNED, officer, signed_by=officer, signed_at=now)
    former = row.follows
    if former is not None and former.is_live:
        former.move(Statement.State.WITHDRAWN, officer, reason="replaced", withdrawn_at=now)
