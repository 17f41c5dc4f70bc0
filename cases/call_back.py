"""An officer calls the family back."""

from __future__ import annotations

from django.db import transaction

from cases.models import Case, MoveRefused
from trust import audit, clock
from trust.models import Officer

audit.declare({"case.spoken": "an officer spoke with the family"})


def spoken(case: Case, officer: Officer) -> None:
    """Stamp the first time somebody spoke with the family; nothing the second time.

    Raise MoveRefused: case_over for a case that is no longer worked on.
    """
    if not case.is_open:
        raise MoveRefused("case_over", case.reference)
    now = clock.now()
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, spoken_at=None).update(spoken_at=now):
            return
        case.spoken_at = now
        audit.record("case.spoken", case, actor=officer)
