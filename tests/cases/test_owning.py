"""An owner of every case at every minute: shifts end, accounts close, and somebody always holds it."""

import pytest

from cases import owning
from cases.accept import accept, open_file
from cases.close import close
from cases.models import Case, MoveRefused
from notifier.models import Delivery
from tests import people
from tests.cases import family
from tests.cases.shifts import HOUR, MINUTE, later, nora, on_shift, sami, standing
from trust.models import AuditEntry, Officer, Task

pytestmark = pytest.mark.django_db


def stored(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def in_work() -> Case:
    """Return a case that Ines took during her shift, which ends in an hour; Sami follows, Omar approves."""
    on_shift(people.ines(), -1, 1)
    on_shift(sami(), 1, 9)
    people.omar()
    case: Case = family.a_case()
    accept(case, people.ines())
    return case


def offered_to(case: Case) -> Officer | None:
    task = owning.offered(case)
    return task.owner if task else None


def test_a_report_is_held_by_who_is_on_shift(ines):
    on_shift(sami(), -1, 1)
    case = family.a_case()
    assert case.owner == sami()
    assert Delivery.objects.filter(subject=case.pk, person=sami().pk).count() == 2


def test_a_report_nobody_took_passes_to_the_next_shift_at_once(db):
    on_shift(people.ines(), -1, 1)
    on_shift(sami(), 1, 9)
    case = family.a_case()
    with later(HOUR + MINUTE):
        owning.keep_owners()
    assert stored(case).owner == sami()
    entry = AuditEntry.objects.get(action="case.owner_changed", subject=case.pk)
    assert (entry.before, entry.after) == (str(people.ines().pk), str(sami().pk))
    assert entry.reason == "shift_ended"
    assert Task.objects.get(kind="new_report", subject=case.pk).owner == sami()


def test_a_case_in_work_is_offered_and_stays_until_somebody_takes_it(db):
    case = in_work()
    with later(HOUR + MINUTE):
        owning.keep_owners()
        owning.keep_owners()
        assert offered_to(case) == sami()
        assert stored(case).owner == people.ines()
        owning.take_over(case, sami())
    assert stored(case).owner == sami()
    assert Task.objects.filter(kind=owning.HAND_OVER).count() == 1
    assert owning.offered(case) is None


def test_nothing_is_offered_while_the_shift_lasts(db):
    case = in_work()
    owning.keep_owners()
    assert owning.offered(case) is None


def test_an_unacknowledged_offer_goes_to_the_next_and_then_to_the_approver(db):
    case = in_work()
    asked = []
    with later(HOUR + MINUTE):
        owning.keep_owners()
        asked.append(offered_to(case))
    for minutes in (12, 23, 34):
        with later(HOUR + minutes * MINUTE):
            owning.keep_owners()
            asked.append(offered_to(case))
    assert asked == [sami(), people.omar(), sami(), people.omar()]
    assert stored(case).owner == people.ines()
    done = Task.objects.filter(kind=owning.HAND_OVER, result=owning.UNANSWERED)
    assert done.count() == 3


def test_an_offer_is_not_passed_on_before_its_ten_minutes(db):
    case = in_work()
    with later(HOUR + MINUTE):
        owning.keep_owners()
    with later(HOUR + 10 * MINUTE):
        owning.keep_owners()
        assert offered_to(case) == sami()


def test_who_is_offered_a_case_is_called_without_a_name_in_the_message(db):
    case = in_work()
    with later(HOUR + MINUTE):
        owning.keep_owners()
    task = owning.offered(case)
    assert task is not None
    calls = Delivery.objects.filter(subject=task.pk).select_related("batch")
    assert {call.person for call in calls} == {sami().pk}
    for call in calls:
        assert list(call.batch.content) == ["ar"]
        said = str(call.batch.content)
        assert case.reference in said
        assert not [text for text in family.RESTRICTED.values() if text in said]


def test_the_owner_may_stay_after_the_shift_and_is_left_in_peace(db):
    case = in_work()
    with later(HOUR + MINUTE):
        owning.keep_owners()
        owning.take_over(case, people.ines())
        owning.keep_owners()
        assert owning.offered(case) is None
    assert stored(case).owner == people.ines()
    assert AuditEntry.objects.filter(action="case.owner_stays", subject=case.pk).exists()


def test_an_officer_offers_a_case_before_the_shift_ends(db):
    case = in_work()
    task = owning.offer(case, people.ines())
    assert task.owner == sami()
    owning.take_over(case, sami())
    assert stored(case).owner == sami()


def test_only_the_holder_offers_and_only_who_sees_the_case_takes_it(db):
    case = in_work()
    with pytest.raises(MoveRefused, match="not_owner"):
        owning.offer(case, sami())
    with pytest.raises(MoveRefused, match="nothing_offered"):
        owning.take_over(case, sami())
    owning.offer(case, people.ines())
    for stranger in (nora(), people.lea(), people.nadia()):
        with pytest.raises(MoveRefused, match="not_holder"):
            owning.take_over(case, stranger)
    assert stored(case).owner == people.ines()


def test_with_nobody_else_there_an_offer_says_so(ines):
    case = family.a_case()
    with pytest.raises(MoveRefused, match="nobody_else"):
        owning.offer(case, ines)


def test_closing_an_account_gives_its_cases_to_somebody_in_the_same_act(db):
    case = in_work()
    same_child = Task.open("same_child", case.pk, unit=case.unit, owner=people.ines())
    ines = people.ines()
    ines.is_active = False
    ines.save()
    assert stored(case).owner == sami()
    same_child.refresh_from_db()
    assert same_child.owner == sami()


def test_moving_an_officer_to_another_unit_leaves_no_case_behind(db):
    case = in_work()
    ines = people.ines()
    ines.unit = people.unit("hassan")
    ines.save()
    assert stored(case).owner == sami()


def test_a_role_taken_away_is_seen_by_the_clock(db):
    case = in_work()
    people.ines().groups.clear()
    owning.keep_owners()
    assert stored(case).owner == sami()


def test_a_case_stays_where_it_was_when_nobody_is_left(ines):
    case = family.a_case()
    Officer.objects.update(is_active=False)
    owning.keep_owners()
    assert stored(case).owner == ines


def test_a_case_that_is_over_is_offered_to_nobody(db):
    case = in_work()
    with later(HOUR + MINUTE):
        owning.keep_owners()
        open_file(case, people.ines())
        close(case, people.ines(), "found_safe")
        with pytest.raises(MoveRefused, match="case_over"):
            owning.take_over(case, sami())
    with later(HOUR + 20 * MINUTE):
        owning.keep_owners()
    assert owning.offered(case) is None
    assert stored(case).owner == people.ines()


def test_back_on_shift_the_owner_keeps_the_case(db):
    case = in_work()
    with later(HOUR + MINUTE):
        owning.keep_owners()
    on_shift(people.ines(), 1.1, 3)
    with later(HOUR + 15 * MINUTE):
        owning.keep_owners()
        assert owning.offered(case) is None
    assert Task.objects.get(kind=owning.HAND_OVER).result == "back_on_shift"


def test_the_standing_officer_holds_cases_whatever_the_role(ines):
    people.lea()
    desk = people.officer("desk", "intake", at=people.unit())
    standing(desk)
    case = family.a_case()
    owning.keep_owners()
    assert stored(case).owner == desk


def test_what_the_clock_asks_costs_nothing_where_all_is_well(ines, django_assert_max_num_queries):
    for _number in range(3):
        family.a_case()
    with django_assert_max_num_queries(4):
        owning.keep_owners()
