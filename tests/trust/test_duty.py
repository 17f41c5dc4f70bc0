"""Who is on duty: by the roster, then the standing order, then whoever is there. Never nobody."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests import people
from trust import checks, clock, duty
from trust.models import Officer, Shift, Unit
from trust.roles import Role

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def shift(officer: Officer, begins: float, ends: float, role: str = Shift.Role.DUTY) -> Shift:
    """Plan a shift from and until so many hours from now."""
    now = clock.now()
    assert officer.unit is not None
    return Shift.objects.create(
        unit=officer.unit,
        officer=officer,
        role=role,
        starts_at=now + begins * HOUR,
        ends_at=now + ends * HOUR,
    )


def sami() -> Officer:
    return people.officer("sami", Role.OFFICER, at=people.unit())


def salma() -> Officer:
    return people.officer("salma", Role.APPROVER, at=people.unit("hassan"))


def standing(officer: Officer) -> None:
    Unit.objects.filter(pk=people.unit().pk).update(duty_officer=officer)


def now_on_duty() -> Officer | None:
    return duty.on_duty(people.unit(), clock.now())


def test_who_has_the_shift_goes_before_the_standing_officer():
    standing(people.ines())
    shift(sami(), -1, 1)
    assert now_on_duty() == sami()


def test_after_the_shift_the_standing_officer_is_on_duty():
    standing(people.ines())
    shift(sami(), -2, -1)
    assert now_on_duty() == people.ines()


def test_a_shift_of_a_closed_account_counts_for_nothing():
    standing(people.ines())
    shift(sami(), -1, 1)
    Officer.objects.filter(username="sami").update(is_active=False)
    assert now_on_duty() == people.ines()


def test_a_shift_gives_no_right_to_whoever_lost_the_role():
    standing(people.ines())
    shift(sami(), -1, 1)
    sami().groups.clear()
    assert now_on_duty() == people.ines()


def test_a_shift_ends_when_its_officer_moves_to_another_unit():
    standing(people.ines())
    shift(sami(), -1, 1)
    Officer.objects.filter(username="sami").update(unit=people.unit("hassan"))
    assert now_on_duty() == people.ines()


def test_without_a_roster_an_officer_of_the_unit_goes_before_the_agencys_approver():
    salma()
    assert now_on_duty() == salma()
    people.ines()
    assert now_on_duty() == people.ines()


def test_the_officer_of_another_unit_is_better_than_nobody():
    far = people.officer("far", Role.OFFICER, at=people.unit("hassan"))
    people.unit()
    assert now_on_duty() == far


def test_nobody_of_another_agency_and_no_administrator_is_ever_on_duty():
    people.nadia()
    people.lea()
    assert now_on_duty() is None


def test_the_ladder_calls_who_is_on_then_standing_then_next_then_the_approver_then_the_others():
    sami(), salma()
    standing(people.ines())
    nora = people.officer("nora", Role.OFFICER, at=people.unit())
    late = people.officer("zineb", Role.OFFICER, at=people.unit())
    shift(nora, 1, 9)
    shift(late, -1, 1)
    found = duty.ladder(people.unit(), clock.now())
    assert [one.username for one in found] == ["zineb", "ines", "nora", "salma", "sami"]


def test_approvers_come_by_their_shifts_and_the_units_own_first():
    omar, away = people.omar(), salma()
    third = people.officer("anas", Role.APPROVER, at=people.unit())
    shift(away, -2, 2, Shift.Role.APPROVER)
    shift(omar, -1, 1, Shift.Role.APPROVER)
    assert duty.approvers(people.unit(), clock.now()) == [omar, away, third]
    assert duty.approvers(people.agency(), clock.now())[0] == away


def test_whoever_may_not_sign_is_no_approver_whatever_the_roster_says():
    people.omar()
    shift(people.ines(), -1, 1, Shift.Role.APPROVER)
    assert duty.approvers(people.unit(), clock.now()) == [people.omar()]


def test_a_case_is_held_by_those_who_see_it():
    far = people.officer("far", Role.OFFICER, at=people.unit("hassan"))
    assert duty.may_hold(people.ines(), people.unit())
    assert duty.may_hold(salma(), people.unit())
    assert not duty.may_hold(far, people.unit())
    assert not duty.may_hold(people.lea(), people.unit())
    assert not duty.may_hold(people.nadia(), people.unit())


def test_gaps_are_found_between_shifts_and_none_where_an_officer_stands_in():
    people.omar()
    shift(people.ines(), -1, 8)
    shift(sami(), 10, 30)
    at = clock.now()
    (gap,) = duty.gaps(at)
    assert (gap.unit, gap.role) == (people.unit(), Shift.Role.DUTY)
    assert timedelta(hours=1.9) < gap.ends_at - gap.starts_at < timedelta(hours=2.1)
    standing(people.ines())
    assert duty.gaps(at) == []


def test_an_agency_without_anybody_who_signs_has_a_gap_of_approvers():
    standing(people.ines())
    (gap,) = duty.gaps(clock.now())
    assert (gap.unit, gap.role) == (None, Shift.Role.APPROVER)
    people.omar()
    assert duty.gaps(clock.now()) == []


def test_a_gap_is_a_warning_of_the_system_check():
    people.ines()
    found = {warning.id for warning in checks.roster(None, ["default"])}
    assert found == {"trust.W008"}
    assert checks.roster(None, []) == []


@pytest.mark.parametrize(("begins", "ends"), [(-1, 1), (0.5, 0.75), (-0.5, 9), (-9, 0.5)])
def test_shifts_of_one_officer_do_not_overlap(begins, ends):
    ines, now = people.ines(), clock.now()
    shift(ines, -0.75, 0.9)
    other = Shift(unit=ines.unit, officer=ines, starts_at=now + begins * HOUR, ends_at=now + ends * HOUR)
    with pytest.raises(ValidationError) as refused:
        other.clean()
    assert refused.value.code == "overlaps"


def test_one_shift_may_begin_when_the_other_ends():
    ines = people.ines()
    first = shift(ines, -2, 0)
    Shift(unit=ines.unit, officer=ines, starts_at=first.ends_at, ends_at=first.ends_at + HOUR).clean()


@pytest.mark.parametrize("who", [people.lea, people.omar, people.nadia])
def test_a_shift_is_planned_only_for_whoever_can_keep_it(who):
    officer, now = who(), clock.now()
    elsewhere = Shift(unit=people.unit("hassan"), officer=officer, starts_at=now, ends_at=now + HOUR)
    with pytest.raises(ValidationError) as refused:
        elsewhere.clean()
    assert refused.value.code == "cannot"


def test_the_database_refuses_a_shift_that_ends_before_it_begins():
    with pytest.raises(IntegrityError), transaction.atomic():
        shift(people.ines(), 2, 1)


def test_a_cold_look_at_who_is_on_duty_costs_few_queries(django_assert_max_num_queries):
    sami(), salma(), people.omar()
    shift(people.ines(), -1, 1)
    unit, now = people.unit(), clock.now()
    with django_assert_max_num_queries(1):
        duty.on_duty(unit, now)
    with django_assert_max_num_queries(12):
        duty.ladder(unit, now)
