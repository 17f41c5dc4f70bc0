"""A guardian takes consent back. Withdrawal is an event; while an alert lives, a clock runs first."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from cases import conflict
from cases.guardians import another_allows
from cases.models import Case, Consent, MoveRefused
from cases.models.consent import WITHDRAWAL
from cases.signals import consent_withdrawn
from cases.thread import say
from cases.unit_task import owe
from trust import audit, clock
from trust.models import Decision, Officer, Task
from trust.models.decision import DecisionRefused

ACT = WITHDRAWAL
LEFT = "withdrawal_left"  # the task of a withdrawal that guardians in conflict may not make themselves
CLOCK = timedelta(minutes=10)  # an abductor with the secret must not switch an alert off by himself


def withdraw(
    consent: Consent, *, officer: Officer | None = None, is_replaced: bool = False
) -> Decision | None:
    """End the consent now, or while the case is public open a Decision that ends it in ten minutes.

    Return that Decision; None when the consent ended at once or was ended before, and when guardians are in
    conflict: then it ends by nobody's word but is a task for the unit. is_replaced: the same guardian gives
    another one instead. Raise MoveRefused("in_conflict") for an officer before the conflict is settled.
    """
    with transaction.atomic():
        case = Case.hold(consent.case_id)
        locked = Consent.objects.select_for_update(of=("self",)).select_related("case").get(pk=consent.pk)
        if locked.withdrawn_at is not None:
            return None
        if officer is None and not is_replaced:
            _look(case, locked)
        if case.conflict:
            _leave(case, locked, officer)
            return None
        if case.public_since is None:
            _end(locked, officer)
            return None
        return _ask(case, locked, officer)


def comply(decision: Decision, *, officer: Officer | None = None, outcome: str = "granted") -> None:
    """End the consent that the decision is about; nothing when it was decided before.

    Raise DecisionRefused: same_person, expired.
    """
    with transaction.atomic():
        consent = Consent.objects.select_related("case").get(pk=decision.subject)
        Case.hold(consent.case_id)
        try:
            decision.decide(outcome, by=officer)
        except DecisionRefused as refused:
            if refused.code == "already_decided":
                return
            raise
        _end(consent, officer)


def comply_due() -> int:
    """End every consent whose ten minutes have passed unanswered; return how many."""
    due = list(Decision.objects.filter(act=ACT, outcome="", expires_at__lte=clock.now()))
    for decision in due:
        comply(decision, outcome="lapsed")
    return len(due)


def end_terms() -> int:
    """End every consent whose own term is over, and what it let go out; return how many."""
    over = list(Consent.objects.filter(until__lte=clock.now(), withdrawn_at=None).select_related("case"))
    return sum(_run_out(consent) for consent in over)


def _look(case: Case, consent: Consent) -> None:
    """Raise the flag where another guardian still allows what this one takes back."""
    of_child = list(Consent.objects.filter(child=consent.child_id))
    if not case.conflict and case.is_open and another_allows(consent, of_child, clock.now()):
        conflict.raise_conflict(case, "guardians_disagree")


def _leave(case: Case, consent: Consent, officer: Officer | None) -> None:
    if officer is not None:
        raise MoveRefused("in_conflict", case.reference)
    audit.record("consent.withdrawal_left", consent)
    owe(consent.case, LEFT, said="unit_told", paged="withdrawal_told", due_at=clock.now() + CLOCK)


def _ask(case: Case, consent: Consent, officer: Officer | None) -> Decision:
    running = Decision.objects.filter(act=ACT, subject=consent.pk, outcome="").first()
    if running:
        return running
    now = clock.now()
    Consent.objects.filter(pk=consent.pk).update(withdrawal_asked_at=now)
    audit.record("consent.withdrawal_asked", consent, actor=officer)
    decision = Decision.ask(ACT, consent.pk, asked_by=officer, expires_at=now + CLOCK)
    # One task and one page a report, however many children.
    owe(consent.case, ACT, said="withdrawal_asked", paged="withdrawal_asked", due_at=now + CLOCK)
    return decision


def _end(consent: Consent, officer: Officer | None) -> None:
    if not _stamp(consent, clock.now()):
        return
    audit.record("consent.withdrawn", consent, actor=officer)
    say(consent.case_id, "withdrawn")
    _finish(consent, officer)
    consent_withdrawn.send(sender=Consent, consent=consent)


def _run_out(consent: Consent) -> bool:
    with transaction.atomic():
        Case.hold(consent.case_id)
        if consent.until is None or not _stamp(consent, consent.until):
            return False
        audit.record("consent.ran_out", consent)
        if not consent.is_refusal:
            say(consent.case_id, "ran_out")
        consent_withdrawn.send(sender=Consent, consent=consent)
    return True


def _stamp(consent: Consent, at: datetime) -> bool:
    """End the row once; return whether this call did."""
    consent.withdrawn_at = at
    return bool(Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=at))


def _finish(consent: Consent, officer: Officer | None) -> None:
    """Close the report's task once no other of its consents waits for an answer."""
    own = Consent.objects.filter(case=consent.case_id)
    if Decision.objects.filter(act=ACT, outcome="", subject__in=own.values("pk")).exists():
        return
    case = consent.case
    theirs = Task.objects.still_open().filter(kind__in=(ACT, LEFT), subject=case.standing.pk)
    for task in theirs.filter(detail_code=case.as_joined):
        task.finish("withdrawn", by=officer)
