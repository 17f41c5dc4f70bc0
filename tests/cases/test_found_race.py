"""Two officers who decide on one found child at the same time: one is told that the other was first."""

import pytest

from cases.found import deciding, matching
from cases.models import FoundChild, FoundMatch
from tests import people
from tests.alerts.test_race import at_once
from tests.cases import a_found_child, family
from tests.cases.test_owning_race import allowed
from trust.models import AuditEntry, Task

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_of_same_and_other_said_at_once_one_counts() -> None:
    ines = people.ines()
    unit = people.unit()
    unit.duty_officer = ines
    unit.save()
    for _report in range(2):
        family.a_case()
    found = a_found_child.of(ines)
    matching.look_among_reports(found)
    one, other = FoundMatch.objects.all()
    at_once(
        allowed(lambda: deciding.same(one, ines, "la veste")),
        allowed(lambda: deciding.same(other, ines, "la voix")),
        allowed(lambda: deciding.other(FoundMatch.objects.get(pk=one.pk), ines, "la taille")),
    )
    same = FoundMatch.objects.filter(verdict="same")
    found = FoundChild.objects.get()
    assert (
        same.count() == 1
    )  # whoever was first: the other case, or this one before it was said to be another
    assert (found.state, found.case) == ("known", same.get().case)
    assert AuditEntry.objects.filter(action="found.identified").count() == 1
    assert Task.objects.still_open().filter(kind=deciding.TO_CLOSE).count() == 1
