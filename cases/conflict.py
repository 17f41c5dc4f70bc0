"""Guardians who disagree, an order of a court, a reporter who may be the danger.

A flag beside the state: while it is up nobody proposes or signs, and what a reporter asks for is a task.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from cases import vocabulary
from cases.guardians import disagree
from cases.models import Case, Consent, Facts, MoveRefused
from cases.models.consent import WITHDRAWAL
from cases.page import page
from trust import audit, clock
from trust.models import Decision, Officer, Task
from trust.models.decision import DecisionRefused
from trust.roles import Role

TASK = "conflict"
SEALED = "sealed"  # stands in the log in place of a ground, which only the case's own key opens
SETTLE_WITHIN = timedelta(hours=4)
MAX_AUTHORITY, MAX_DECISION = 200, 2000  # characters
GROUND_OF_CUSTODY = {
    "dispute": "guardians_disagree",
    "order": "custody_order",
    "protection_order": "protection_order",
}


def look(case: Case) -> str:
    """Raise the flag where guardians disagree or custody is in a court's hands; return the ground, or "".

    Called after whatever may have changed that. What an authority decided on is not raised again.
    """
    standing = Case.objects.get(pk=case.pk).standing  # the caller's row may be older than a settlement
    ground = "" if standing.conflict or not standing.is_open else _ground(standing)
    if ground:
        raise_conflict(standing, ground)
    return ground


def raise_conflict(case: Case, ground: str, officer: Officer | None = None) -> bool:
    """Raise the flag on the case that is worked on; return whether it was down.

    ground: a code of the vocabulary conflict_ground. A running withdrawal is stopped and left to the unit.
    Raise MoveRefused: unknown_ground, case_over.
    """
    if not vocabulary.has("conflict_ground", ground):
        raise MoveRefused("unknown_ground", ground)
    with transaction.atomic():
        standing = Case.hold(case.pk)
        if not standing.is_open:
            raise MoveRefused("case_over", standing.reference)
        if standing.conflict:
            return False
        _set(standing, conflict=True, ground=ground)
        audit.record("case.conflict_set", standing, actor=officer, reason=SEALED)
        _stop_withdrawals(standing)
        _call(standing, officer)
    _follow(case, standing)
    return True


def settle(case: Case, officer: Officer, authority: str, decision: str, decided_on: date) -> None:
    """Lower the flag on a named authority's decision, which is kept under the case's key.

    What waited as a task is done by hand. Raise MoveRefused: no_permission, not_in_conflict, no_authority
    (who or what is missing or too long), in_the_future.
    """
    own = Case.objects.for_officer(officer).filter(pk=case.standing.pk)
    if not officer.has_role(Role.APPROVER) or not own.exists():
        raise MoveRefused("no_permission")
    who, what = authority.strip(), decision.strip()
    if not 0 < len(who) <= MAX_AUTHORITY or not 0 < len(what) <= MAX_DECISION:
        raise MoveRefused("no_authority")
    with transaction.atomic():
        standing = Case.hold(case.pk)
        if not standing.conflict:
            raise MoveRefused("not_in_conflict", standing.reference)
        now = clock.now()
        if decided_on > now.astimezone(standing.unit.agency.zone).date():
            raise MoveRefused("in_the_future")
        _keep(standing, officer, who, what, decided_on, now)
        _set(standing, conflict=False, ground="")
        audit.record("case.conflict_settled", standing, actor=officer)
        for task in Task.objects.still_open().filter(kind=TASK, subject=standing.pk):
            task.finish("settled", by=officer)
    _follow(case, standing)


def decisions(case: Case) -> list[dict[str, Any]]:
    """Return what authorities decided, oldest first.

    Each {"authority", "decision", "decided_on" (ISO date), "ground", "officer" (UUID), "recorded_at" (ISO)}.
    """
    return list(case.conflict_decision or [])


def _ground(standing: Case) -> str:
    since = _settled_at(standing)
    custody = [ground for case in (standing, *standing.joined) if (ground := _of_custody(case, since))]
    if custody:
        return custody[0]
    now = clock.now()
    consents = list(Consent.objects.filter(child__case=standing))
    children = {consent.child_id for consent in consents}
    if any(disagree([c for c in consents if c.child_id == child], now, since) for child in children):
        return "guardians_disagree"
    return ""


def _of_custody(case: Case, since: datetime | None) -> str:
    sheet = Facts.objects.filter(case=case, child=None, group="circumstances").first()
    entries = ((sheet.entries or {}) if sheet else {}).get("custody", ())
    if not entries:
        return ""
    newest = entries[-1]
    told_at = datetime.fromisoformat(newest.get("entered_at") or newest["at"])
    if since and told_at <= since:
        return ""
    return GROUND_OF_CUSTODY.get(newest["value"] or "", "")


def _settled_at(case: Case) -> datetime | None:
    settled = decisions(case)
    return datetime.fromisoformat(settled[-1]["recorded_at"]) if settled else None


def _set(case: Case, *, conflict: bool, ground: str) -> None:
    case.conflict, case.conflict_ground = conflict, ground or None
    case.save(update_fields=["conflict", "conflict_ground"])


def _keep(case: Case, officer: Officer, who: str, what: str, decided_on: date, now: datetime) -> None:
    case.conflict_decision = [
        *decisions(case),
        {
            "authority": who,
            "decision": what,
            "decided_on": decided_on.isoformat(),
            "ground": case.conflict_ground,
            "officer": str(officer.pk),
            "recorded_at": now.isoformat(),
        },
    ]
    case.save(update_fields=["conflict_decision"])


def _stop_withdrawals(case: Case) -> None:
    """Stop the clocks that would end a consent by themselves; their task stays open for the unit."""
    consents = Consent.objects.filter(child__case=case, withdrawn_at=None)
    running = Decision.objects.filter(act=WITHDRAWAL, outcome="", subject__in=consents.values("pk"))
    for decision in running:
        with suppress(DecisionRefused):  # its ten minutes were over before: the clock has decided
            decision.decide("refused", by=None, reason="conflict")
            consents.filter(pk=decision.subject).update(withdrawal_asked_at=None)


def _call(case: Case, officer: Officer | None) -> None:
    due_at = clock.now() + SETTLE_WITHIN
    task = Task.open(
        TASK, case.pk, subject_kind="case", unit=case.unit, owner=case.owner,
        due_at=due_at,
    )  # fmt: skip
    if officer is None:
        page(case, task.pk, "conflict_raised")


def _follow(case: Case, standing: Case) -> None:
    """Let the caller's row know what its case says now."""
    if case.pk == standing.pk:
        case.conflict, case.conflict_ground = standing.conflict, standing.conflict_ground
        case.conflict_decision = standing.conflict_decision
