"""A report nobody took is said again, and then to the next one; so is a question to another unit."""

import pytest

from cases import transfer, waiting
from cases.accept import accept
from cases.close import close
from cases.models import Transfer
from cases.page import step_of
from notifier.models import Delivery
from tests import people
from tests.cases import family
from tests.cases.shifts import MINUTE, later, nora, on_shift, sami, seat
from trust.models import Officer

pytestmark = pytest.mark.django_db


def called(subject, step: int) -> list[str]:
    """Return who was called in a round, once for each channel."""
    said = Delivery.objects.filter(subject=step_of(subject, f"again:{step}")).order_by("pk")
    return [Officer.objects.get(pk=call.person).username for call in said]


def rounds(minutes: float) -> None:
    """Let beat wake twice at that minute."""
    with later(minutes * MINUTE):
        waiting.page_waiting()
        waiting.page_waiting()


@pytest.fixture
def case(ines):
    on_shift(ines, -1, 8)
    on_shift(sami(), 8, 16)
    people.omar()
    return family.a_case()


def test_a_report_calls_the_duty_officer_twice_then_the_next_then_the_approver(case):
    for minutes in (4, 6, 11, 16, 21):
        rounds(minutes)
    assert called(case.pk, 0) == []
    assert called(case.pk, 1) == ["ines", "ines"]
    assert called(case.pk, 2) == ["sami", "sami"]
    assert called(case.pk, 3) == ["omar", "omar"]
    assert called(case.pk, 4) == ["ines", "ines"]


def test_a_report_that_was_taken_calls_nobody(case, ines):
    accept(case, ines)
    rounds(6)
    assert called(case.pk, 1) == []


def test_who_cannot_be_reached_is_passed_over_at_once(case, ines):
    Officer.objects.filter(pk=ines.pk).update(phone="", email="")
    rounds(6)
    assert called(case.pk, 1) == ["sami", "sami"]


def test_the_calls_come_to_an_end(case):
    rounds(5 * (waiting.ROUNDS + 1) + 1)
    assert not Delivery.objects.exclude(subject=case.pk).exists()


def test_a_call_says_the_reference_and_nothing_about_anybody(case):
    rounds(11)
    for call in Delivery.objects.filter(person=sami().pk).select_related("batch"):
        said = str(call.batch.content)
        assert case.reference in said
        assert not [text for text in family.RESTRICTED.values() if text in said]


def test_a_question_to_another_unit_is_asked_again_of_the_next(case, ines):
    accept(case, ines)
    other = people.officer("tarik", "officer", at=nora().unit)
    question = transfer.ask(case, ines, seat(other), "Votre secteur.")
    rounds(11)
    assert called(question.pk, 1) == ["omar", "omar"]
    rounds(21)
    assert called(question.pk, 2) == ["tarik", "tarik"]


def test_a_question_falls_with_its_case(case, ines):
    accept(case, ines)
    question = transfer.ask(case, ines, seat(nora()), "Votre secteur.")
    close(case, ines, "unfounded")
    rounds(11)
    assert Transfer.objects.get(pk=question.pk).outcome == Transfer.Outcome.CALLED_OFF
    assert called(question.pk, 1) == []
