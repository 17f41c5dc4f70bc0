"""A case goes to another unit only when that unit says yes; until then nothing changes."""

import pytest
from django.db import IntegrityError, connection, transaction

from cases import owning, thread, transfer
from cases.accept import accept
from cases.close import close
from cases.models import Case, MoveRefused, Transfer
from notifier.models import Delivery
from tests import people
from tests.cases import family
from tests.cases.shifts import nora, sami, seat, yara
from trust import clock
from trust.models import AuditEntry, Task

pytestmark = pytest.mark.django_db
WHY = "L’enfant a été vu dans votre secteur."


@pytest.fixture
def case(ines) -> Case:
    made: Case = family.a_case()
    accept(made, ines)
    return made


def asked(case: Case, unit=None) -> Transfer:
    return transfer.ask(case, people.ines(), unit or seat(nora()), WHY)


def stored(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_asking_changes_nothing_and_calls_who_is_on_duty_there(case, ines):
    question = asked(case)
    now = stored(case)
    assert (now.unit, now.owner) == (people.unit(), ines)
    task = Task.objects.get(kind=transfer.TRANSFER)
    assert (task.unit, task.owner) == (nora().unit, nora())
    assert {call.person for call in Delivery.objects.filter(subject=question.pk)} == {nora().pk}


def test_accepting_moves_case_owner_scope_and_what_is_owed_together(case, ines):
    waits = thread.family_waits(case)
    transfer.accept(asked(case), nora())
    now = stored(case)
    assert (now.unit, now.owner) == (nora().unit, nora())
    assert not Case.objects.for_officer(ines).filter(pk=case.pk).exists()
    assert Case.objects.for_officer(nora()).filter(pk=case.pk).exists()
    waits.refresh_from_db()
    assert (waits.unit, waits.owner) == (nora().unit, nora())
    assert not Task.objects.still_open().filter(kind=transfer.TRANSFER).exists()


def test_another_agency_takes_the_case_and_its_family_reads_so(case):
    transfer.accept(asked(case, yara().unit), yara())
    now = stored(case)
    assert (now.agency, now.unit, now.owner) == (yara().agency, yara().unit, yara())
    assert "transferred" in [entry.code for entry in thread.entries(case.pk)]
    assert owning.unheld().count() == 0


def test_both_sides_are_in_the_log_without_a_word_of_the_reason(case):
    transfer.accept(asked(case), nora())
    acts = AuditEntry.objects.filter(subject=case.pk)
    ours, theirs = str(people.unit().pk), str(nora().unit_id)
    moved = acts.get(action="case.transferred")
    assert (moved.actor, moved.before, moved.after) == (nora().pk, ours, theirs)
    assert acts.get(action="case.transfer_asked").actor == people.ines().pk
    assert WHY not in str(list(acts.values()))


def test_a_refusal_needs_a_reason_and_leaves_the_case(case, ines):
    question = asked(case)
    with pytest.raises(MoveRefused, match="no_words"):
        transfer.refuse(question, nora(), "  ")
    transfer.refuse(question, nora(), "Pas notre secteur.")
    question.refresh_from_db()
    assert (question.outcome, question.answer) == ("refused", "Pas notre secteur.")
    assert (stored(case).unit, stored(case).owner) == (people.unit(), ines)
    transfer.ask(case, ines, seat(yara()), WHY)  # and another unit may be asked


def test_nobody_answers_who_does_not_speak_for_the_unit_that_was_asked(case):
    question = asked(case)
    for stranger in (sami(), yara(), people.lea(), people.nadia()):
        with pytest.raises(MoveRefused, match="no_permission"):
            transfer.accept(question, stranger)
    assert stored(case).unit == people.unit()


def test_nobody_answers_their_own_question(case):
    omar = people.omar()
    question = transfer.ask(case, omar, seat(nora()), WHY)
    with pytest.raises(MoveRefused, match="own_question"):
        transfer.accept(question, omar)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=question.pk).update(
            outcome="accepted", answered_by=omar, answered_at=clock.now()
        )


def test_an_approver_accepts_for_who_is_on_duty_in_the_unit(case):
    omar = people.omar()
    transfer.accept(asked(case), omar)
    assert stored(case).owner == nora()


def test_one_unit_is_asked_at_a_time_and_never_the_own(case, ines):
    with pytest.raises(MoveRefused, match="same_unit"):
        transfer.ask(case, ines, people.unit(), WHY)
    asked(case)
    with pytest.raises(MoveRefused, match="asked_already"):
        asked(case, yara().unit)


def test_only_the_unit_that_holds_the_case_asks(case):
    for stranger in (nora(), yara(), people.lea()):
        with pytest.raises(MoveRefused, match="no_permission"):
            transfer.ask(case, stranger, seat(yara()), WHY)


def test_a_question_is_answered_once(case, ines):
    question = asked(case)
    transfer.call_off(question, ines)
    with pytest.raises(MoveRefused, match="moved_meanwhile"):
        transfer.accept(question, nora())
    assert stored(case).unit == people.unit()


def test_a_case_that_ended_meanwhile_is_taken_by_nobody(case, ines):
    question = asked(case)
    close(case, ines, "unfounded")
    with pytest.raises(MoveRefused, match="case_over"):
        transfer.accept(question, nora())


def test_the_words_are_sealed(case):
    question = asked(case)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM cases_transfer")
        sealed = bytes(cursor.fetchone()[0])
    assert WHY.encode() not in sealed
    assert Transfer.objects.get(pk=question.pk).words == WHY
