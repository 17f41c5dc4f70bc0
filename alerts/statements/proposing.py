"""A proposal of a statement: everything that will be said, frozen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from alerts import linting
from alerts.models import Statement
from alerts.refusals import IssueRefused
from alerts.statements import checking, deciding, frozen
from alerts.statements.permission import DRAFT, held
from trust import clock
from trust.models import Decision, Officer

REFUTING = frozenset({Statement.Kind.FALSE_ALERT, Statement.Kind.OLD_FOOTAGE, Statement.Kind.RUMOUR})


def propose(statement: Statement, officer: Officer, *, seen: Collection[str] = ()) -> Statement:
    """Freeze the statement, digest it, ask for a signature and call whoever may sign.

    seen: the keys of the warnings that the officer ticked. Raise IssueRefused: superuser, no_permission,
    statement_not_yours, statement_not_a_draft, statement_texts (a language lacks words), statement_refutes,
    statement_lint, statement_unseen.
    """
    with transaction.atomic():
        row = held(statement, officer, DRAFT)
        if row.state != Statement.State.DRAFT:
            raise IssueRefused("statement_not_a_draft")
        _demand_whole(row)
        row.warnings = _warnings(row, seen)
        row.proposed_by = officer
        now = clock.now()
        row.valid_until = now + timedelta(seconds=settings.PROPOSAL_VALID_S)
        row.digest = frozen.digest(row)
        row.save(update_fields=["warnings", "proposed_by", "valid_until", "digest"])
        row.move(Statement.State.PROPOSED, officer, proposed_at=now)
        Decision.ask(deciding.SIGN, row.pk, digest=row.digest, asked_by=officer, expires_at=row.valid_until)
        deciding.call_signer(row, officer, "statement_waits")
    return row


def _demand_whole(row: Statement) -> None:
    texts = row.texts or {}
    if not all(
        texts.get(code, {}).get(part) for code, _n in settings.LANGUAGES for part in ("title", "body")
    ):
        raise IssueRefused("statement_texts")
    if row.kind in REFUTING and not (row.refuted_link or row.refuted_words):
        raise IssueRefused("statement_refutes")


def _warnings(row: Statement, seen: Collection[str]) -> list[dict[str, object]]:
    """Return what was ticked, as it is frozen; refuse while a stop stands or a warning was not ticked."""
    found = checking.findings(row)
    if any(finding.is_stop for finding in found):
        raise IssueRefused("statement_lint")
    if not {finding.key for finding in found} <= set(seen):
        raise IssueRefused("statement_unseen")
    return [linting.to_json(finding) for finding in found]
