"""One sender writes forty times in ten minutes: all is kept, little is answered, and that is said once."""

from datetime import timedelta

import pytest

from cases import thread
from cases.models import ThreadEntry
from tests import people
from tests.alerts.telling import gateways  # noqa: F401  the fixture
from tests.tips.test_intake import answer_texts, arrives
from tips import intake, sparing
from tips.models import Tip
from trust.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]


def test_forty_messages_in_ten_minutes_are_all_kept_and_seldom_answered(monkeypatch):
    people.unit()
    for number in range(40):
        monkeypatch.setattr("trust.clock.SHIFT", timedelta(seconds=15 * number))
        arrives(f"شفتها {number}")
    told = "\n".join(tip.words for tip in Tip.objects.order_by("received_at"))
    assert told.split("\n") == [f"شفتها {number}" for number in range(40)]
    assert ThreadEntry.objects.filter(author="family").count() == 40
    assert len(answer_texts()) <= sparing.MOST_ANSWERS + 1
    flooded = [
        entry for tip in Tip.objects.all() for entry in thread.entries(tip.pk) if entry.code == "tip_flood"
    ]
    assert len(flooded) == 1
    assert Task.objects.get(kind="tip_flood").unit == people.unit()


def test_one_message_more_costs_the_same_in_a_flood(monkeypatch, django_assert_max_num_queries):
    for number in range(25):
        arrives(f"شفتها {number}")
    event = arrives("وزيد وحدة", announce=False)
    with django_assert_max_num_queries(60):
        intake.on_inbound(None, event)
