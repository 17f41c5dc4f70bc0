"""Two officers press at the same moment: one of them decides, and the other reads so."""

from collections.abc import Callable
from functools import partial

import pytest

from cases.models import Case, Sighting
from cases.reported import ReportedPlace
from tests import people
from tests.alerts import scene
from tests.alerts.test_race import at_once
from tests.tips.a_tip import sara, seen, stored
from tips import deciding, handing, promote
from tips.models import Tip
from tips.refusals import TipRefused
from trust import clock
from trust.models import AuditEntry, Decision, Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def both(*acts: Callable[[], object]) -> list[str]:
    """Do the acts at once; return what each said, sorted: the code of a refusal, or "done"."""
    said: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except TipRefused as refused:
            said.append(refused.code)
        else:
            said.append("done")

    at_once(*(partial(run, act) for act in acts))
    return sorted(said)


def made_sighting(tip: Tip, officer: Officer, case: Case) -> Sighting:
    place = ReportedPlace("gare d’Agdal")
    return promote.to_sighting(tip, officer, place, clock.now(), "likely", "witness", case)


def closed(tip: Tip, officer: Officer) -> Decision | None:
    return deciding.close(tip, officer, "unrelated", "joke")


def test_one_closes_and_one_promotes_and_whoever_was_first_stands() -> None:
    case, tip, ines, second = scene.case(), seen(), people.ines(), sara()
    assert both(partial(closed, tip, ines), partial(made_sighting, tip, second, case)) == ["decided", "done"]
    state = stored(tip).state
    assert state in ("unrelated", "sighting")
    assert Sighting.objects.count() == (1 if state == "sighting" else 0)
    assert AuditEntry.objects.filter(action="tip.moved", after=state).count() == 1


def test_two_promote_and_there_is_one_sighting() -> None:
    case, tip, ines, second = scene.case(), seen(), people.ines(), sara()
    acts = (partial(made_sighting, tip, one, case) for one in (ines, second))
    assert both(*acts) == ["done", "done"]
    assert Sighting.objects.get().tip_id == tip.pk
    assert AuditEntry.objects.filter(action="tip.made_sighting").count() == 1


def test_two_open_a_case_and_there_is_one() -> None:
    people.unit()
    tip, ines, second = seen(), people.ines(), sara()
    acts = (
        partial(promote.to_case, tip, one, promote.ReportBits(given_name="Adam")) for one in (ines, second)
    )
    assert both(*acts) == ["done", "done"]
    assert stored(tip).case_id == Case.objects.get().pk


def test_one_hands_over_and_one_closes_and_the_tip_is_in_one_place() -> None:
    tip, ines, second = seen(), people.ines(), sara()
    hand = partial(handing.hand_over, tip, second, "Douane de Tanger", "contrebande")
    assert both(partial(closed, tip, ines), hand) == ["decided", "done"]
    assert (stored(tip).handed_to_name == "") == (stored(tip).state == "unrelated")


def test_two_second_readers_answer_once() -> None:
    tip = seen(danger=90)
    closed(tip, people.ines())
    acts = (partial(deciding.second, tip, one, agree=True) for one in (sara(), people.omar()))
    assert both(*acts) == ["done", "nothing_asked"]
    assert Decision.objects.get(act=deciding.ACT).outcome == "granted"
    assert stored(tip).state == "unrelated"
