"""What happens to a case happens to the tips about it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from alerts.models import Alert
from cases.models import Case, Sighting
from cases.signals import case_closed, case_transferred, sighting_withdrawn
from tips import reopening, settling
from tips.models import Tip
from trust.models import Officer, Unit

OPEN = (Tip.State.NEW, Tip.State.SEEN)


@receiver(case_transferred, dispatch_uid="tips.listeners")
def follow(case: Case, former: Unit, **_more: Any) -> None:
    """Give the unit that took a case the tips on its alerts that nobody decided yet."""
    cases = [case.pk, *(one.pk for one in case.joined)]
    alerts = Alert.objects.filter(case__in=cases).values_list("pk", flat=True)
    Tip.objects.filter(alert_id__in=list(alerts), unit=former, state__in=OPEN).update(unit=case.unit)


@receiver(sighting_withdrawn, dispatch_uid="tips.listeners.ask_again")
def ask_again(sighting: Sighting, **_more: Any) -> None:
    """Open the tip again that became a sighting which no longer stands: else one officer alone ends it."""
    if sighting.tip_id is None:
        return
    rows = Tip.objects.filter(pk=sighting.tip_id, state=Tip.State.SIGHTING, sighting_id=sighting.pk)
    for tip in rows:
        reopening.reopen(tip)


@receiver(case_closed, dispatch_uid="tips.listeners.ask_another")
def ask_another(case: Case, outcome: str, officer: Officer, **_more: Any) -> None:
    """Open the tip again whose case the same officer made and calls unfounded, where it speaks of danger."""
    if outcome != "unfounded":
        return
    for tip in Tip.objects.filter(case_id=case.pk, state=Tip.State.CASE, decided_by=officer):
        if tip.erased_at is None and settling.needs_two(tip):
            reopening.reopen(tip)
