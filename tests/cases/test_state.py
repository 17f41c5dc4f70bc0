from datetime import timedelta

import pytest

from cases.accept import accept, open_file
from cases.close import close, reopen
from cases.models import Case, CaseState, MoveRefused
from cases.models.case import MOVES
from cases.signals import case_closed
from tests import people
from tests.cases import family
from trust import clock
from trust.models import AuditEntry, Task

pytestmark = pytest.mark.django_db
STATES = [state.value for state in CaseState]


@pytest.fixture
def case(ines):
    return family.a_case()


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_the_table_holds_every_move_and_no_other(case, before, after):
    Case.objects.filter(pk=case.pk).update(state=before, closed_at=case.received_at)
    case.refresh_from_db()
    move = MOVES.get((before, after))
    outcome = "unfounded" if after == CaseState.CLOSED else ""
    if move is None:
        with pytest.raises(MoveRefused, match="no_such_move"):
            case.move(after, actor=None, outcome=outcome)
        assert Case.objects.get(pk=case.pk).state == before
        return
    case.move(after, actor=None, outcome=outcome)
    case.refresh_from_db()
    assert case.state == after
    assert getattr(case, move.stamp) is not None
    assert AuditEntry.objects.filter(action=move.action, subject=case.pk).count() == 1


def test_accepting_gives_the_case_an_owner_and_ends_the_wait(case):
    omar = people.omar()
    accept(case, omar)
    case.refresh_from_db()
    assert (case.state, case.owner) == (CaseState.REVIEW, omar)
    assert Task.objects.get(subject=case.pk, kind="new_report").done_by == omar


def test_two_officers_cannot_both_accept(case, ines):
    same = Case.objects.get(pk=case.pk)
    accept(case, ines)
    with pytest.raises(MoveRefused, match="moved_meanwhile"):
        accept(same, people.omar())
    assert Case.objects.get(pk=case.pk).owner == ines


def test_closing_says_so_with_outcome_and_officer(case, ines):
    heard = []

    def listen(sender, **said):
        heard.append((said["case"].pk, said["outcome"], said["officer"]))

    case_closed.connect(listen)
    try:
        accept(case, ines)
        close(case, ines, "found_safe", "seen by the officer")
    finally:
        case_closed.disconnect(listen)
    assert heard == [(case.pk, "found_safe", ines)]
    assert case.opened_at is not None  # a child who was found was looked for
    assert Case.objects.get(pk=case.pk).outcome == "found_safe"


def test_an_unfounded_report_was_never_open(case, ines):
    accept(case, ines)
    close(case, ines, "unfounded")
    assert (case.state, case.opened_at) == (CaseState.CLOSED, None)


@pytest.mark.parametrize("outcome", ["", "eaten_by_wolves"])
def test_a_case_closes_with_a_known_outcome_only(case, ines, outcome):
    accept(case, ines)
    with pytest.raises(MoveRefused, match="unknown_outcome"):
        close(case, ines, outcome)


def test_a_listener_that_fails_keeps_the_case_open(case, ines):
    def broken(sender, **_said):
        raise RuntimeError("cannot stand down")

    accept(case, ines)
    open_file(case, ines)
    case_closed.connect(broken)
    try:
        with pytest.raises(RuntimeError):
            close(case, ines, "found_safe")
    finally:
        case_closed.disconnect(broken)
    assert Case.objects.get(pk=case.pk).state == CaseState.OPEN


def test_a_case_reopens_within_a_day_and_no_later(case, ines, monkeypatch):
    accept(case, ines)
    close(case, ines, "other")
    monkeypatch.setattr(clock, "SHIFT", timedelta(hours=23))
    reopen(case, ines, "still missing")
    assert (case.state, case.outcome) == (CaseState.OPEN, "")
    close(case, ines, "other")
    monkeypatch.setattr(clock, "SHIFT", timedelta(hours=48))
    with pytest.raises(MoveRefused, match="too_late"):
        reopen(case, ines, "still missing")


def test_lea_of_another_agency_sees_nothing(case, ines):
    assert Case.objects.for_officer(ines).get() == case
    assert not Case.objects.for_officer(people.lea()).exists()
    assert not Case.objects.for_officer(people.nadia()).exists()
