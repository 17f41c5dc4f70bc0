import pytest

from cases.home import report_home
from cases.models import Case, CaseState, ThreadEntry
from notifier.models import Delivery
from tests.cases import family
from trust.models import Task

pytestmark = pytest.mark.django_db


def test_it_pages_the_owner_and_closes_nothing(ines):
    case = family.a_case()
    task = report_home(case)
    assert Delivery.objects.filter(subject=task.pk, person=ines.pk).count() == 2
    assert (task.unit, task.owner, Case.objects.get().state) == (case.unit, ines, CaseState.RECEIVED)


def test_saying_it_again_is_heard_once(ines):
    case = family.a_case()
    assert report_home(case) == report_home(case)
    assert Task.objects.filter(kind="child_home").count() == 1
    assert ThreadEntry.objects.filter(code="home_reported").count() == 1
