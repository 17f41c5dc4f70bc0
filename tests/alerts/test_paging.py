"""An alert that waits for its signature calls somebody: who is on duty, the next one, then everybody."""

from datetime import timedelta

import pytest

from alerts import issue, paging
from cases.page import step_of
from notifier.models import Batch, Delivery
from tests import people
from tests.alerts import scene
from tests.alerts.test_race import at_once
from tests.cases.shifts import MINUTE, later, on_shift
from trust import clock
from trust.models import Officer, Shift
from trust.roles import Role

pytestmark = pytest.mark.django_db


def salma() -> Officer:
    return people.officer("salma", Role.APPROVER, at=people.unit(), language="fr")


def anas() -> Officer:
    return people.officer("anas", Role.APPROVER, at=people.unit("hassan"))


def called(version, said: str) -> set[str]:
    """Return who was called in a round."""
    calls = Delivery.objects.filter(subject=step_of(version.pk, f"sign:{said}"))
    return {Officer.objects.get(pk=call.person).username for call in calls}


def beat(minutes: float) -> None:
    with later(minutes * MINUTE):
        paging.page_waiting()
        paging.page_waiting()


@pytest.fixture
def version(db):
    """Return a proposal; Salma has the shift, Omar the next one, Anas sits in another unit."""
    people.unit()
    people.omar(), anas()
    on_shift(salma(), -1, 8, Shift.Role.APPROVER)
    on_shift(people.omar(), 8, 16, Shift.Role.APPROVER)
    return scene.proposed()


def test_a_proposal_calls_the_approver_on_duty_at_once(version):
    assert called(version, "0") == {"salma"}
    assert Delivery.objects.filter(subject=step_of(version.pk, "sign:0")).count() == 2


def test_unsigned_it_calls_the_next_after_five_minutes_and_everybody_after_ten(version):
    beat(4)
    assert called(version, "1") == set()
    beat(6)
    assert called(version, "1") == {"omar"}
    beat(11)
    assert called(version, "everybody") == {"salma", "omar", "anas"}
    beat(16)
    assert Delivery.objects.filter(subject=step_of(version.pk, "sign:everybody")).count() == 6


def test_an_approver_who_cannot_be_reached_is_passed_over_at_once(db):
    people.unit()
    people.omar()
    on_shift(salma(), -1, 8, Shift.Role.APPROVER)
    Officer.objects.filter(username="salma").update(phone="", email="")
    assert called(scene.proposed(), "0") == {"omar"}


def test_signed_it_calls_nobody_more(version):
    issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now())
    beat(6)
    assert called(version, "1") == set()


@pytest.mark.parametrize(
    "answer",
    [
        lambda version: issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now()),
        lambda version: issue.send_back(version, people.omar(), "Trop large"),
        lambda version: issue.refuse(version, people.omar(), "Non"),
    ],
)
def test_answered_the_calls_that_still_wait_are_withdrawn(version, answer):
    beat(6)
    answer(version)
    subjects = [step_of(version.pk, f"sign:{step}") for step in (0, 1)]
    assert set(Delivery.objects.filter(subject__in=subjects).values_list("state", flat=True)) == {"withdrawn"}


def test_a_proposal_whose_time_is_over_calls_nobody(version):
    with later(timedelta(hours=2)):
        paging.page_waiting()
        assert paging.page_again(version.pk) == 0
    assert called(version, "everybody") == set()


def test_a_role_taken_away_ends_the_calls(version):
    people.omar().groups.clear()
    beat(6)
    assert called(version, "1") == {"anas"}


def test_a_call_is_in_the_officers_language_and_names_nobody(version):
    beat(11)
    for batch in Batch.objects.filter(kind="page", subject=step_of(version.pk, "sign:everybody")):
        said = str(batch.content)
        assert version.alert.case.reference in said
        assert not [text for text in (*scene.RESTRICTED, "Amina", "أمينة") if text in said]
    languages = Batch.objects.filter(subject=step_of(version.pk, "sign:everybody"))
    assert {language for batch in languages for language in batch.content} == {"fr", "ar"}


def test_what_is_said_of_the_alert_counts_no_call(version):
    subjects = [version.alert_id, version.pk]
    assert not Delivery.objects.filter(subject__in=subjects).exists()


def test_a_proposal_in_an_agency_without_approvers_is_made_all_the_same(db):
    assert scene.proposed().state == "proposed"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_call_once():
    people.unit()
    people.omar(), salma()
    version = scene.proposed()
    with later(6 * MINUTE):
        assert at_once(*[paging.page_waiting] * 2) == ["done", "done"]
    said = step_of(version.pk, "sign:1")
    assert Delivery.objects.filter(subject=said).count() == Batch.objects.filter(subject=said).count() == 2
