"""A decision not to alert: it needs a reason, and is kept."""

from __future__ import annotations

from django.db import transaction

from alerts import weighing
from alerts.models import Alert, Decline, Version
from alerts.permission import demand, hold
from alerts.refusals import IssueRefused
from cases.models import Case
from trust import audit, clock
from trust.models import Officer

MOST_WORDS = 1000


def decline(case: Case, officer: Officer, reason_code: str, words: str) -> Decline:
    """Keep that no alert is issued, why, and what the checklist said; a draft on the case lapses.

    A later draft stays possible. Raise IssueRefused: no_permission, not_yours, superuser, reason, words,
    case_not_open, already_live, already_drafted (a proposal waits for a signature).
    """
    demand(officer, "alerts.draft_version", case)
    if reason_code not in Decline.Reason.values:
        raise IssueRefused("reason")
    if not words.strip():
        raise IssueRefused("words")
    with transaction.atomic():
        held = hold(case.pk)
        if not held.is_open:
            raise IssueRefused("case_not_open")
        _let_go_of_drafts(held, officer)
        now = clock.now()
        kept = Decline.objects.create(
            case=held,
            officer=officer,
            reason_code=reason_code,
            words=words.strip()[:MOST_WORDS],
            criteria={line.code: line.verdict for line in weighing.judge(held, now)},
            at=now,
        )
        audit.record("case.declined", held, actor=officer, reason=reason_code)
    return kept


def _let_go_of_drafts(case: Case, officer: Officer) -> None:
    if Alert.objects.live().filter(case=case).exists():
        raise IssueRefused("already_live")
    for version in Version.objects.open().filter(alert__case=case):
        if version.state == Version.State.PROPOSED:
            raise IssueRefused("already_drafted")
        version.move(Version.State.LAPSED, officer, reason="declined")
