"""Many strangers cry for help in ten minutes: each is kept and answered, the officer called a few times."""

import json
from collections import Counter
from datetime import timedelta

import pytest

from notifier.models import Delivery
from tests import people
from tests.alerts.telling import gateways  # noqa: F401  the fixture
from tests.tips.test_intake import arrives
from tests.tips.told import tells
from tips import owed, rising
from tips.models import Attachment, Tip
from trust import clock
from trust.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]
HERE = {"lat": 34.0163, "lon": -6.8355, "error_m": 50, "how": "pin"}
MANY = 60
MOST_CALLS = 7  # five, one for the rest, and one more where ten minutes turn


def calls():
    """Return how often the most called officer was called, by one way."""
    sent = Delivery.objects.filter(batch__kind="page").values_list("person", "channel")
    return max(Counter(sent).values(), default=0)


def test_a_flood_of_reports_by_many_calls_a_few_times_and_owes_each_a_look(monkeypatch):
    people.ines()
    for number in range(MANY):
        monkeypatch.setattr("trust.clock.SHIFT", timedelta(seconds=8 * number))
        arrives(f"weldi ma rj3ch l dar {number}", number=f"+2126641{number:05d}")
    assert Tip.objects.filter(guess="report").count() == MANY
    assert Task.objects.filter(kind="possible_report").count() == MANY
    assert Delivery.objects.filter(batch__kind="answer").count() == MANY
    assert 0 < calls() <= MOST_CALLS
    before = calls()
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(minutes=40))
    rising.rise_due()
    assert calls() - before <= 3


def test_one_sender_who_is_read_and_writes_on_calls_nobody_for_each_line(monkeypatch):
    ines = people.ines()
    arrives("weldi ma rj3ch l dar")
    Tip.objects.get().read_by(ines)
    before = calls()
    for number in range(20):
        monkeypatch.setattr("trust.clock.SHIFT", timedelta(seconds=20 * number))
        arrives(f"ma rj3ch {number}")
    assert calls() - before <= 2


def test_the_same_photo_by_many_is_one_cluster_at_the_same_cost(django_assert_max_num_queries):
    people.unit()
    photo = json.dumps([{"media_id": "m", "media_type": "image/jpeg", "sha256": "a" * 64}])
    for number in range(40):
        arrives("", channel="whatsapp", number=f"+2126642{number:05d}", files=photo)
    with django_assert_max_num_queries(90):
        arrives("", channel="whatsapp", number="+212664299999", files=photo)
    assert Tip.objects.values("cluster").distinct().count() == 1
    assert Attachment.objects.count() == 41


def test_pins_dropped_beside_closed_tips_call_the_one_who_closed_them_a_few_times():
    """Somebody who writes at a busy place at the right hour opens twenty again, as often as they like."""
    ines, now = people.ines(), clock.now()
    for number in range(20):
        tip = tells("", f"+2126643{number:05d}", place=HERE, seen_at=now)
        tip.move(Tip.State.SEEN, ines)
        tip.move(Tip.State.UNRELATED, ines)
        Tip.objects.filter(pk=tip.pk).update(decided_by=ines)
    before = calls()
    Tip.objects.exclude(state=Tip.State.UNRELATED).update(state=Tip.State.UNRELATED)
    tells("", "+212664399999", place=HERE, seen_at=now)
    assert Task.objects.filter(kind=owed.REOPENED).count() >= 20
    assert calls() - before <= MOST_CALLS
