"""A guardian takes consent back. Withdrawal is an event; while an alert lives, a clock runs first."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from cases.models import Case, Consent
from cases.page import page
from cases.signals import consent_withdrawn
from cases.thread import say
from trust import audit, clock
from trust.models import Decision, Officer, Task
from trust.models.decision import DecisionRefused

ACT = "consent.withdraw"
CLOCK = timedelta(minutes=10)  # an abductor with the secret must not switch an alert off by himself


def withdraw(consent: Consent, *, officer: Officer | None = None) -> Decision | None:
    """End the consent now, or while the case is public open a Decision that ends it in ten minutes.

    Return that Decision; None when the consent ended at once or was ended before.
    """
    with transaction.atomic():
        locked = (
            Consent.objects.select_for_update(of=("self", "case"))
            .select_related("case__unit")
            .get(pk=consent.pk)
        )
        if locked.withdrawn_at is not None:
            return None
        if locked.case.public_since is None:
            _end(locked, officer)
            return None
        return _ask(locked, officer)


def comply(decision: Decision, *, officer: Officer | None = None, outcome: str = "granted") -> None:
    """End the consent that the decision is about; nothing when it was decided before.

    Raise DecisionRefused: same_person, expired.
    """
    with transaction.atomic():
        try:
            decision.decide(outcome, by=officer)
        except DecisionRefused as refused:
            if refused.code == "already_decided":
                return
            raise
        _end(Consent.objects.select_related("case").get(pk=decision.subject), officer)


def comply_due() -> int:
    """End every consent whose ten minutes have passed unanswered; return how many."""
    due = list(Decision.objects.filter(act=ACT, outcome="", expires_at__lte=clock.now()))
    for decision in due:
        comply(decision, outcome="lapsed")
    return len(due)


def _ask(consent: Consent, officer: Officer | None) -> Decision:
    running = Decision.objects.filter(act=ACT, subject=consent.pk, outcome="").first()
    if running:
        return running
    now = clock.now()
    Consent.objects.filter(pk=consent.pk).update(withdrawal_asked_at=now)
    audit.record("consent.withdrawal_asked", consent, actor=officer)
    decision = Decision.ask(ACT, consent.pk, asked_by=officer, expires_at=now + CLOCK)
    _call(consent.case, decision)
    return decision


def _call(case: Case, decision: Decision) -> None:
    """Tell the unit that ten minutes run: one task and one page a case, however many children."""
    task = Task.open(
        ACT, case.pk, subject_kind="case", unit=case.unit, owner=case.owner, due_at=decision.expires_at
    )
    say(case.pk, "withdrawal_asked")
    page(case, task.pk, "withdrawal_asked")


def _end(consent: Consent, officer: Officer | None) -> None:
    consent.withdrawn_at = clock.now()
    if not Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=consent.withdrawn_at):
        return
    audit.record("consent.withdrawn", consent, actor=officer)
    say(consent.case_id, "withdrawn")
    for task in Task.objects.still_open().filter(kind=ACT, subject=consent.case_id):
        task.finish("withdrawn", by=officer)
    consent_withdrawn.send(sender=Consent, consent=consent)
