"""A guardian says yes or no, or says it anew: the one act behind every screen that asks for consent."""

from __future__ import annotations

from django.db import transaction

from cases import conflict, receiving
from cases.guardians import same_person
from cases.models import Case, Child, Consent
from cases.reported import ConsentGiven, Reporter
from cases.withdraw import withdraw
from trust import clock


def give(child: Child, who: Reporter, given: ConsentGiven) -> Consent | None:
    """Store the guardian's answer for the child in place of the one before; None where it has no authority.

    To change a consent is to take it back and give another: while an alert lives, the former one ends by its
    ten-minute clock. Guardians who now disagree put the case in conflict. `child` is of the guardian's own
    report; where that was joined to another, the answer counts for the child of the case that is worked on.
    """
    with transaction.atomic():
        Case.hold(child.case_id)
        former = list(Consent.objects.given().filter(case=child.case_id).select_related("case"))
        consent = receiving.add_consent(child, who, given, clock.now())
        if consent is None:
            return None
        counted = Child.objects.get(pk=child.pk).counted
        Consent.objects.filter(pk=consent.pk).update(child=counted)
        for row in former:
            if row.child_id == counted.pk and same_person(row, consent):
                withdraw(row, is_replaced=True)
        conflict.look(child.case)
    return consent
