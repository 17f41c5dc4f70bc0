"""The question of a second person's answer about a statement: asked once, closed once, and who is called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from alerts.models import Statement
from alerts.refusals import IssueRefused
from cases.page import SAID, call_about
from trust import clock, duty
from trust.models import Decision, Officer
from trust.models.decision import DecisionRefused

SIGN, WITHDRAW = "statement", "statement_withdrawal"
SAID.update(
    {
        "statement_waits": _("A statement to the public waits for your signature"),
        "statement_withdrawal": _("A colleague asks to withdraw a statement to the public: decide"),
    }
)


def open_question(statement: Statement, act: str) -> Decision | None:
    """Return what a second person is asked now, None where nobody asks or it is too old (one query)."""
    asked = Decision.objects.filter(act=act, subject=statement.pk, outcome="").select_related("asked_by")
    return next((one for one in asked if one.expires_at is None or one.expires_at > clock.now()), None)


def close(statement: Statement, act: str, outcome: str, officer: Officer | None, *, digest: str = "") -> None:
    """Close the open question; whoever asked decides nothing, and what is too old lapses.

    Raise IssueRefused: statement_own, withdrawal_own, digest_differs, proposal_expired,
    statement_not_proposed, withdrawal_not_asked.
    """
    asked = Decision.objects.filter(act=act, subject=statement.pk, outcome="").first()
    if asked is None:
        raise IssueRefused("statement_not_proposed" if act == SIGN else "withdrawal_not_asked")
    try:
        asked.decide(outcome, by=officer, digest=digest)
    except DecisionRefused as refused:
        raise IssueRefused(_REFUSALS[act][refused.code]) from refused


def call_signer(statement: Statement, asker: Officer, code: str) -> None:
    """Call the first officer on duty who may sign and did not ask; the message names the code alone."""
    for one in duty.approvers(statement.unit, clock.now()):
        if one.pk != asker.pk and call_about(one, statement.code, statement.pk, statement.pk, code):
            return


_REFUSALS = {
    SIGN: {
        "same_person": "statement_own",
        "expired": "proposal_expired",
        "already_decided": "statement_not_proposed",
        "other_digest": "digest_differs",
    },
    WITHDRAW: {
        "same_person": "withdrawal_own",
        "expired": "withdrawal_not_asked",
        "already_decided": "withdrawal_not_asked",
        "other_digest": "digest_differs",
    },
}
