"""Two officers act at once on what a sighting has in common with its tip: nobody waits for ever."""

from functools import partial

import pytest

from cases import sightings
from cases.models import Sighting
from tests import people
from tests.alerts import scene
from tests.tips.a_tip import sara, seen, stored
from tests.tips.test_acts_race import both, made_sighting
from tips import deciding, reopening

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_one_takes_the_sighting_back_and_one_opens_the_tip_and_it_is_opened_once():
    case, tip, ines, second = scene.case(), seen(), people.ines(), sara()
    row = made_sighting(tip, ines, case)
    acts = (
        partial(sightings.withdraw, row, ines, Sighting.Why.MISTAKE),
        partial(reopening.reopen, tip, officer=second, words="à revoir"),
    )
    assert both(*acts) == ["done", "done"]
    assert stored(tip).state == "seen"
    assert sum(line["what"] == "reopened" for line in stored(tip).history) == 1


def test_one_takes_the_sighting_back_while_one_closes_the_tip_that_was_opened_again():
    case, tip, ines, second = scene.case(), seen(), people.ines(), sara()
    row = made_sighting(tip, ines, case)
    reopening.reopen(tip, officer=second, words="à revoir")
    acts = (
        partial(sightings.withdraw, row, ines, Sighting.Why.MISTAKE),
        partial(deciding.close, stored(tip), second, "false", "made_up"),
    )
    assert both(*acts) == ["done", "done"]
    assert stored(tip).state == "false"
    assert not Sighting.objects.standing().exists()
