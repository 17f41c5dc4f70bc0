"""Two workers at once: one place, one message, one probe."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections

from notifier import fallback, rates
from notifier.models import Delivery, Rate
from notifier.rates import Ask, Granted
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from tests.notifier.test_fallback import recorded, ways  # noqa: F401  the fixture
from trust import clock

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("gateways"),
    pytest.mark.postgresql,
]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads with connections of their own; SQLite takes one writer at a time anyway."""
    if connection.vendor == "sqlite":
        return [act() for act in acts]
    gate, said = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            said.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return said


def test_two_workers_never_share_the_last_places_of_a_day():
    backend = make.ScriptedBackend("tier", {"secret": "s", "per_day": 5, "per_second": None})
    rates.full("tier")
    Rate.objects.update(full_until=None)
    asked = [[Ask(uuid4()) for _ in range(4)] for _ in range(2)]
    granted = at_once(*(lambda mine=mine: rates.grant("tier", backend, mine) for mine in asked))
    fresh = [len(one.fresh) for one in granted if isinstance(one, Granted)]
    assert sorted(fresh) == [1, 4]


def test_one_of_many_workers_gets_the_probe():
    for _ in range(3):
        rates.pause("blunt", 0)
    Rate.objects.update(paused_until=clock.now() - timedelta(seconds=1))
    used = at_once(*[lambda: rates.use("blunt").is_probe] * 4)
    assert sorted(map(bool, used)) == [False, False, False, True]


def test_two_that_look_for_another_way_tell_nobody_twice(ways):  # noqa: F811  pytest's way
    first, batches = recorded(ways, 20)
    first.deliveries.update(state=Delivery.State.FAILED, falls_at=clock.now())
    at_once(fallback.fall_over, fallback.fall_over)
    fallback.fall_over()
    assert batches["sms"].deliveries.count() == 20
    assert first.deliveries.filter(counted_on="sms").count() == 20
