"""Two at one case at once, or beat twice: one owner, one offer, one call."""

from collections.abc import Callable
from functools import partial

import pytest

from cases import owning, transfer, waiting
from cases.accept import accept
from cases.models import Case, MoveRefused, Transfer
from cases.page import step_of
from cases.report import receive
from notifier.models import Batch, Delivery
from tests import people
from tests.alerts import scene
from tests.alerts.test_race import at_once
from tests.cases.shifts import HOUR, MINUTE, later, nora, on_shift, sami, seat, yara
from trust.models import AuditEntry, Officer, Task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def allowed(act: Callable[[], object]) -> Callable[[], str]:
    """Let a refused move count as done: what came of it is asserted."""

    def run() -> str:
        try:
            act()
        except MoveRefused as refused:
            return refused.code
        return "done"

    return run


def in_work() -> Case:
    on_shift(people.ines(), -1, 1)
    on_shift(sami(), 1, 9)
    people.omar()
    case = receive(scene.report()).case
    accept(case, people.ines())
    return case


def test_two_beats_offer_a_case_once():
    case = in_work()
    with later(HOUR + MINUTE):
        assert at_once(*[owning.keep_owners] * 2) == ["done", "done"]
    task = Task.objects.get(kind=owning.HAND_OVER)
    assert Delivery.objects.filter(subject=task.pk).count() == 2
    assert AuditEntry.objects.filter(action="case.hand_over_offered", subject=case.pk).count() == 1


def test_two_beats_escalate_once():
    in_work()
    with later(HOUR + MINUTE):
        owning.keep_owners()
    with later(HOUR + 12 * MINUTE):
        at_once(*[owning.keep_owners] * 2)
    assert Task.objects.filter(kind=owning.HAND_OVER).count() == 2
    assert Task.objects.still_open().filter(kind=owning.HAND_OVER).count() == 1


def test_two_beats_call_for_a_report_once():
    on_shift(people.ines(), -1, 8)
    case = receive(scene.report()).case
    with later(6 * MINUTE):
        assert at_once(*[waiting.page_waiting] * 2) == ["done", "done"]
    said = step_of(case.pk, "again:1")
    assert Delivery.objects.filter(subject=said).count() == 2
    assert Batch.objects.filter(subject=said).count() == 2


def test_of_two_who_take_a_case_over_at_once_one_holds_it():
    case = in_work()
    owning.offer(case, people.ines())
    takers = [sami(), people.omar()]
    at_once(*[allowed(partial(owning.take_over, case, who)) for who in takers])
    assert Case.objects.get(pk=case.pk).owner in takers
    assert AuditEntry.objects.filter(action="case.owner_changed", subject=case.pk).count() == 1


def test_of_an_acceptance_and_a_question_taken_back_at_once_one_counts():
    case = in_work()
    asked = transfer.ask(case, people.ines(), seat(nora()), "Votre secteur.")
    at_once(
        allowed(lambda: transfer.accept(asked, nora())),
        allowed(lambda: transfer.call_off(asked, people.ines())),
    )
    now, answer = Case.objects.get(pk=case.pk), Transfer.objects.get(pk=asked.pk)
    assert (now.unit == nora().unit) == (answer.outcome == Transfer.Outcome.ACCEPTED)
    assert now.owner == (nora() if now.unit == nora().unit else people.ines())


def test_of_two_units_asked_at_once_one_is():
    case, ines, units = in_work(), people.ines(), [seat(nora()), seat(yara())]
    at_once(*[allowed(partial(transfer.ask, case, ines, unit, "Votre secteur.")) for unit in units])
    assert Transfer.objects.waiting().count() == 1


def test_an_account_closed_while_its_case_is_handed_over_holds_nothing_afterwards():
    case = in_work()
    owning.offer(case, people.ines())

    def close_account() -> None:
        officer = Officer.objects.get(username="sami")
        officer.is_active = False
        officer.save()

    at_once(close_account, allowed(lambda: owning.take_over(case, sami())))
    owning.keep_owners()
    owner = Case.objects.get(pk=case.pk).owner
    assert owner is not None
    assert owner.is_active
