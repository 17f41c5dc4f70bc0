"""The checklist of a case with several children: each is weighed, the most urgent first."""

import pytest
from django.utils.translation import override

from alerts import weighing
from cases import checking, verification
from cases.models import Case
from cases.telling import Told, tell
from cases.verification import Attempt
from tests import people
from tests.desk import pages, rich
from trust import clock
from trust.models import Officer
from trust.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return rich.case()


def reads() -> Officer:
    return Officer.objects.get(pk=people.ines().pk)


def test_each_child_is_weighed_under_its_name_the_most_urgent_first(case: Case) -> None:
    with override("fr"):
        names = [sheet.name for sheet in weighing.checklists(case, reads())]
        assert names == ["Amina El Idrissi", "Yassir El Idrissi"]
        brother = case.children.get(position=1)
        tell(case, brother, {"worry": ["threat", "self_harm_talk"], "height": 80}, Told(language="fr"))
        tell(case, brother, {"health_now": ["diabetes"], "medicine_hours": 4}, Told(language="fr"))
        sister = case.children.get(position=0)
        sister.photos.all().delete()
        tell(case, sister, {"health_now": [], "medicine_hours": None}, Told(language="fr"))
        names = [sheet.name for sheet in weighing.checklists(case, reads())]
        assert names == ["Yassir El Idrissi", "Amina El Idrissi"]
    most_urgent, _other = weighing.weigh(case, clock.now())
    assert (most_urgent[0], most_urgent[1]) == (brother, weighing.judge(case, clock.now()))


def test_an_only_child_needs_no_name(case: Case) -> None:
    case.children.get(position=1).delete()
    [sheet] = weighing.checklists(case, reads())
    assert sheet.name == ""
    assert list(sheet.lines) == weighing.checklist(case, reads())


def test_places_given_out_and_a_confirmed_call_speak_for_it(case: Case) -> None:
    def reasons() -> set[str]:
        return {
            code
            for line in weighing.judge(Case.objects.get(pk=case.pk), clock.now())
            for code in line.speaks_for
        }

    assert not {"spoken", "places_given"} & reasons()
    verification.record(case, people.ines(), Attempt("confirmed", number="+212612345678", relation="father"))
    for place in case.places.all():
        checking.ask(case, people.ines(), place, "called")
    assert {"spoken", "places_given"} <= reasons()


def test_who_may_not_read_what_it_is_made_of_reads_no_checklist(case: Case) -> None:
    pages.take_right(Role.OFFICER, "view_restricted")
    assert weighing.checklists(case, reads()) == []
