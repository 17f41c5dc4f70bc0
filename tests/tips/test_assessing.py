"""What the machine writes onto a tip: place, hour, kind, danger, score, its neighbours, its clock."""

from datetime import timedelta

import pytest

from tests.tips.told import tells
from tips.models import Tip

pytestmark = pytest.mark.django_db


def test_a_tip_is_placed_timed_and_scored_with_its_reasons():
    tip = tells("cheft wa7d lbnt katbki 7da la gare Rabat Ville hadi sa3a")
    assert tip.guess == Tip.Guess.SIGHTING
    assert tip.place["how"] == "words"
    assert tip.cell is not None
    assert tip.seen_at is not None
    assert abs(tip.said_at - tip.seen_at - timedelta(hours=1)) < timedelta(seconds=1)
    codes = {code for code, _values in tip.reasons}
    assert {"guess_sighting", "danger_crying", "names_place", "tells_hour"} <= codes
    assert tip.score > 0
    assert tip.cluster == tip.pk
    assert tip.look_due_at == tip.received_at + timedelta(minutes=60)
