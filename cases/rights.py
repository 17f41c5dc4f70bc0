"""The reporter asks to be forgotten: publishing ends, and the unit decides when the file may go."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from cases.models import Case, Consent
from cases.unit_task import owe
from cases.withdraw import withdraw
from trust import audit, clock
from trust.models import Task

TASK = "erasure"
ANSWER_WITHIN = timedelta(days=10)  # Morocco, law 09-08, art. 8: ten clear days; the shortest of the three


def ask_erasure(case: Case) -> Task:
    """Take back every consent given in this report and open a task for the unit; nothing is erased here.

    While guardians are in conflict nothing is taken back either. Asking again changes nothing.
    """
    with transaction.atomic():
        in_conflict = Case.hold(case.pk).conflict
        audit.record("case.erasure_asked", case)
        said = "unit_told" if in_conflict else "erasure_asked"
        task = owe(case, TASK, said=said, due_at=clock.now() + ANSWER_WITHIN)
        if not in_conflict:
            for consent in Consent.objects.given().filter(case=case):
                withdraw(consent)
    return task
