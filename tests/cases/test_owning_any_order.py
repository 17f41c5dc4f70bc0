"""Whatever happens in whatever order: no minute in which an open case is nobody's."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import owning, transfer, waiting
from cases.accept import accept, open_file
from cases.models import Case, MoveRefused, Transfer
from tests import people
from tests.cases import family
from trust import clock, duty
from trust.models import Officer, Shift, Unit
from trust.roles import Role

pytestmark = pytest.mark.django_db
NAMES = ("ines", "sami", "nora", "omar", "yara")
UNITS = ("agdal", "hassan", "akanda")
CHECKED = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WHO, WHERE = st.sampled_from(NAMES), st.sampled_from(UNITS)
EVENTS = st.one_of(
    st.tuples(st.just("pass"), st.integers(1, 300)),
    st.tuples(st.just("shift"), WHO, st.integers(-120, 240), st.integers(10, 300)),
    st.tuples(st.just("leave"), WHO),
    st.tuples(st.just("return"), WHO),
    st.tuples(st.just("move"), WHO, WHERE),
    st.tuples(st.just("strip"), WHO),
    st.tuples(st.just("accept"), WHO),
    st.tuples(st.just("take"), WHO),
    st.tuples(st.just("offer"), WHO),
    st.tuples(st.just("ask"), WHERE),
    st.tuples(st.just("answer"), st.booleans()),
    st.tuples(st.just("transfer"), WHERE),
)


@pytest.fixture
def cast(db) -> Case:
    """Return a case in a town of two units; a third one belongs to another agency."""
    at = {"agdal": people.unit(), "hassan": people.unit("hassan")}
    for name, unit in (("ines", "agdal"), ("sami", "agdal"), ("nora", "hassan"), ("omar", "hassan")):
        people.officer(name, Role.APPROVER if name == "omar" else Role.OFFICER, at=at[unit])
    case: Case = family.a_case()
    assert case.unit == at["agdal"]
    gendarmerie = people.agency("gendarmerie", fr="Gendarmerie", en="Gendarmerie", ar="الدرك")
    people.officer("yara", Role.OFFICER, at=people.unit("akanda", gendarmerie))
    return case


def who(name: str) -> Officer:
    return Officer.objects.get(username=name)


class Town:
    """Acts out one event on the case; what is refused does not happen."""

    def __init__(self, case: Case) -> None:
        self.pk = case.pk

    @property
    def case(self) -> Case:
        return Case.objects.select_related("unit", "owner", "agency").get(pk=self.pk)

    def act(self, name: str, *told: object) -> None:
        acts: dict[str, Callable[..., object]] = {
            "pass": self.time_passes, "shift": self.plan, "leave": self.leave, "return": self.come_back,
            "move": self.move, "strip": self.strip, "accept": self.accept, "take": self.take,
            "offer": self.offer, "ask": self.ask, "answer": self.answer,
            "transfer": self.transfer,
        }  # fmt: skip
        with suppress(MoveRefused):
            acts[name](*told)

    def time_passes(self, minutes: int) -> None:
        clock.SHIFT += timedelta(minutes=minutes)
        owning.keep_owners()
        waiting.page_waiting()

    def plan(self, name: str, begins: int, lasts: int) -> None:
        officer, start = who(name), clock.now() + timedelta(minutes=begins)
        end = start + timedelta(minutes=lasts)
        Shift.objects.create(unit=officer.unit, officer=officer, starts_at=start, ends_at=end)  # type: ignore[misc]  # everybody has one

    def leave(self, name: str) -> None:
        officer = who(name)
        officer.is_active = False
        officer.save()

    def come_back(self, name: str) -> None:
        officer = who(name)
        officer.is_active = True
        officer.save()

    def move(self, name: str, unit: str) -> None:
        officer = who(name)
        officer.unit = Unit.objects.get(code=unit)
        officer.save()

    def strip(self, name: str) -> None:
        """Take the role away, or give it back: beat sees it."""
        groups = who(name).groups
        groups.set([] if groups.exists() else Group.objects.filter(name=Role.OFFICER))
        owning.keep_owners()

    def accept(self, name: str) -> None:
        if duty.may_hold(who(name), self.case.unit):
            accept(self.case, who(name))
            open_file(self.case, who(name))

    def take(self, name: str) -> None:
        owning.take_over(self.case, who(name))

    def offer(self, name: str) -> None:
        owning.offer(self.case, who(name))

    def ask(self, unit: str) -> None:
        owner = self.case.owner
        assert owner is not None
        transfer.ask(self.case, owner, Unit.objects.get(code=unit), "Votre secteur.")

    def transfer(self, unit: str) -> None:
        self.ask(unit)
        self.answer(yes=True)

    def answer(self, yes: bool) -> None:
        asked = Transfer.objects.waiting().first()
        speaks = [one for name in NAMES if asked and transfer.may_answer(one := who(name), asked)]
        if asked and speaks and yes:
            transfer.accept(asked, speaks[0])
        elif asked and speaks:
            transfer.refuse(asked, speaks[0], "Pas ici.")


def somebody_holds(town: Town) -> None:
    """Assert that the owner is active at once, and after beat's next round sees the case if anybody does."""
    case = town.case
    able = duty.able(duty.HOLD).filter(unit__agency=case.agency)
    if not able.exists():
        return
    assert case.owner is not None
    assert case.owner.is_active
    owning.keep_owners()
    case = town.case
    assert owning.is_held(case) or not [one for one in able if duty.may_hold(one, case.unit)]


@pytest.mark.parametrize("examples", [8, pytest.param(200, marks=pytest.mark.long)])
def test_no_event_leaves_a_minute_without_an_owner(cast: Case, examples: int) -> None:
    @settings(CHECKED, max_examples=examples)
    @given(events=st.lists(EVENTS, min_size=6, max_size=18))
    def whatever_happens(events: list[tuple[str, object]]) -> None:
        live_through(cast, events)

    whatever_happens()


def live_through(cast: Case, events: list[tuple[str, object]]) -> None:
    before, town = clock.SHIFT, Town(cast)
    with transaction.atomic():
        try:
            for name, *told in events:
                town.act(name, *told)
                somebody_holds(town)
            assert town.case.agency_id == town.case.unit.agency_id
            assert Transfer.objects.waiting().count() <= 1
        finally:
            clock.SHIFT = before
            transaction.set_rollback(True)
