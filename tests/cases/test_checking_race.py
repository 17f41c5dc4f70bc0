"""Two officers at one place, or at one call back, at once."""

from functools import partial

import pytest

from cases import checking, verification
from cases.checking import Found
from cases.models import CallBack, Case, PlaceCheck
from cases.verification import Attempt
from tests import people
from tests.alerts import scene
from tests.alerts.test_race import at_once
from trust.models import AuditEntry, Officer, Task
from trust.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
CONFIRMED = Attempt("confirmed", number="+212612345678", relation="father")


def both() -> tuple[Case, Officer, Officer]:
    case = scene.case()
    return case, people.ines(), people.officer("sara", Role.OFFICER, at=people.unit())


def test_a_place_taken_by_two_at_once_is_owed_by_one() -> None:
    case, ines, sara = both()
    at_once(*(partial(checking.ask, case, one, None, "visited") for one in (ines, sara)))
    assert PlaceCheck.objects.count() == 1
    assert Task.objects.filter(kind=checking.KIND).count() == 1


def test_two_answers_at_once_are_both_kept_and_end_the_task_once() -> None:
    case, ines, sara = both()
    checking.ask(case, ines, None, "visited")
    at_once(*(partial(checking.answer, case, one, None, Found("not_there")) for one in (ines, sara)))
    assert PlaceCheck.objects.done().count() == 2
    assert Task.objects.still_open().filter(kind=checking.KIND).count() == 0
    assert (
        AuditEntry.objects.filter(action="task.finished").count() == 1 + 1
    )  # the report's own, and this one


def test_two_who_confirm_at_once_stamp_one_first_talk() -> None:
    case, ines, sara = both()
    at_once(*(partial(verification.record, case, one, CONFIRMED) for one in (ines, sara)))
    assert CallBack.objects.count() == 2
    assert AuditEntry.objects.filter(action="case.spoken", subject=case.pk).count() == 1
