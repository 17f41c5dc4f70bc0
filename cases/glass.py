"""A case as trust sees it: opened by its reference in an emergency, called out, and judged by its readers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseState
from cases.page import SAID, call
from cases.sheet.readers import PURPOSES
from notifier.models import Batch, Delivery
from trust import break_glass, clock, duty, looks
from trust.break_glass import Found
from trust.models import Glass, Officer
from trust.reading_rules import Subject
from trust.signals import glass_broken

KIND = "case"
APPROVERS_CALLED = 3  # whoever is on shift comes first; a whole force is not woken

SAID["glass_broken"] = _("Somebody without scope opened this case, to read it. Look who, in")


def find(reference: str, officer: Officer) -> Found | None:
    """Return the case of this exact reference, the one worked on where it was joined to another."""
    told = Case.objects.filter(reference=reference).exclude(state=CaseState.ERASED).first()
    if told is None:
        return None
    case = told.standing
    own = Case.objects.for_officer(officer).filter(pk=case.pk).exists()
    return Found(case, case.pk, case.unit, reverse("admin:cases_case_change", args=[case.pk]), own)


def subjects(wanted: set[UUID]) -> dict[UUID, Subject]:
    """Return what the rules of reading ask of cases: unit, who is expected to read, since when it is over."""
    called: dict[UUID, set[UUID]] = {}
    pages = Delivery.objects.filter(batch__kind=Batch.Kind.PAGE, batch__key_owner__in=wanted)
    for case, person in pages.values_list("batch__key_owner", "person").distinct():
        called.setdefault(case, set()).add(person)
    rows = Case.objects.filter(pk__in=wanted).values_list("pk", "unit", "owner", "closed_at")
    return {
        pk: Subject(unit, frozenset({*called.get(pk, ()), *((owner,) if owner else ())}), closed_at)
        for pk, unit, owner, closed_at in rows
    }


@receiver(glass_broken, dispatch_uid="cases.glass_broken")
def call_out(glass: Glass, **kwargs: Any) -> None:
    """Call whoever holds the case and whoever signs for it; not the one who opened it."""
    if glass.subject_kind != KIND:
        return
    case = Case.objects.select_related("owner", "unit__agency").get(pk=glass.subject)
    signing = duty.approvers(case.unit, clock.now())[:APPROVERS_CALLED]
    people = {person.pk: person for person in (case.owner, *signing) if person}
    people.pop(glass.officer_id, None)
    for person in people.values():
        call(person, case, glass.pk, "glass_broken")


break_glass.FINDERS[KIND] = find
looks.SUBJECTS[KIND] = subjects
looks.PURPOSES.update(PURPOSES)
