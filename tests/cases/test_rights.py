import pytest

from cases.models import Case, CaseState, Consent
from cases.rights import ask_erasure
from tests.cases import family
from trust.models import AuditEntry, Decision, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ines):
    return family.a_case()


def test_who_asks_to_be_forgotten_takes_consent_back_and_erases_nothing_alone(case):
    task = ask_erasure(case)
    assert (task.kind, task.unit) == ("erasure", case.unit)
    assert not Consent.objects.given().exists()
    assert Case.objects.get().state == CaseState.RECEIVED
    assert Case.objects.get().reporter["name"] == family.RESTRICTED["mother"]
    assert AuditEntry.objects.filter(action="case.erasure_asked", subject=case.pk).exists()


def test_while_an_alert_lives_its_ten_minutes_run_first(case):
    case.set_public(public=True)
    ask_erasure(case)
    assert Decision.objects.get().outcome == ""
    assert Consent.objects.given().exists()


def test_asking_twice_is_one_task(case):
    assert ask_erasure(case) == ask_erasure(case)
    assert Task.objects.filter(kind="erasure").count() == 1


def test_in_conflict_it_is_a_task_and_no_act(case):
    Case.objects.update(conflict=True)
    assert ask_erasure(Case.objects.get()).kind == "erasure"
    assert Consent.objects.given().exists()
