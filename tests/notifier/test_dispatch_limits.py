"""Which gateway, and how much of it: exercises apart, rates shared, days counted in people."""

from typing import Any

import pytest
from pytest_django import Settings

from notifier import dispatch, outbox, rates
from notifier.exceptions import DeliveryError
from notifier.message import Accepted
from notifier.models import Batch, Delivery, Rate, Reached
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State = Delivery.State


def test_nothing_leaves_by_a_gateway_without_a_simulator_while_sending_is_off(settings: Settings):
    settings.NOTIFIER = {"blunt": {**make.GATEWAYS["blunt"]}}
    del settings.NOTIFIER["blunt"]["SIMULATOR"]
    batch = make.told(1)
    make.work()
    assert make.sent == {}
    assert make.states(batch) == [State.QUEUED]
    assert batch.chunks.get().due_at > clock.now()


@pytest.mark.parametrize(("exercise", "account"), [(True, "blunt:simulator"), (False, "blunt")])
def test_an_exercise_never_uses_the_live_account(settings: Settings, exercise: bool, account: str):
    settings.PUBLIC_SENDING = True
    make.told(1, exercise=exercise)
    make.scripts["blunt"] = lambda message: make.PASSING
    make.work()
    assert Rate.objects.get().account == account


def test_the_second_gateway_of_a_channel_takes_over_while_the_first_is_paused(settings: Settings):
    settings.NOTIFIER = {**make.GATEWAYS, "spare": make.gateway("sms")}
    batch = make.told(1)
    make.work()
    rates.pause("blunt:simulator", 60)
    later = make.told(1)
    make.work()
    assert batch.deliveries.get().alias == "blunt"
    assert later.deliveries.get().alias == "spare"


def test_a_rate_is_shared_and_counted_in_parts(settings: Settings):
    settings.NOTIFIER = {"slow": make.gateway("sms", per_second=4, parts=3)}
    backend_s = 0.3
    batch = make.told(5)
    dispatch.work("sms", backend_s)
    assert 1 <= len(make.addresses("slow")) <= 2  # the first goes into debt, the others wait for tokens
    assert make.states(batch).count(State.QUEUED) >= 3


def test_a_day_holds_so_many_people_and_opens_again_after_24_hours(settings: Settings, later: Any):
    settings.NOTIFIER = {"tier": make.gateway("sms", per_day=3)}
    batch = make.told(5)
    make.work()
    assert make.states(batch) == [State.ACCEPTED] * 3 + [State.FAILED] * 2
    assert set(batch.deliveries.filter(state=State.FAILED).values_list("error_kind", "attempts")) == {
        ("quota", 0)
    }
    later(hours=23, minutes=59)
    assert set(make.states(_worked(make.told(1)))) == {State.FAILED}
    later(minutes=2)
    assert make.states(_worked(make.told(4))) == [State.ACCEPTED] * 3 + [State.FAILED]


def test_whoever_was_reached_today_may_hear_more(settings: Settings):
    settings.NOTIFIER = {"tier": make.gateway("sms", per_day=3)}
    alert = _worked(make.told(3))
    end = make.batch(kind="end", after=[alert.subject])
    outbox.record_told(end, [alert.subject])
    assert make.states(_worked(end)) == [State.ACCEPTED] * 3
    assert Reached.objects.count() == 3


def test_who_was_refused_leaves_a_place_in_the_day(settings: Settings):
    settings.NOTIFIER = {"tier": make.gateway("sms", per_day=2)}
    make.scripts["tier"] = lambda message: (
        make.NO_SUCH_NUMBER if message.to.endswith("0") else Accepted(message.reference)
    )
    _worked(make.told(1))
    make.scripts.clear()
    assert make.states(_worked(make.told(2))) == [State.ACCEPTED] * 2


def test_a_provider_that_counts_otherwise_is_believed_for_a_while(settings: Settings, later: Any):
    settings.NOTIFIER = {"tier": make.gateway("sms", per_day=250)}
    make.scripts["tier"] = lambda message: DeliveryError(permanent=True, kind="quota")
    _worked(make.told(1))
    make.scripts.clear()
    assert make.states(_worked(make.told(1))) == [State.FAILED]
    assert len(make.addresses("tier")) == 1
    later(minutes=16)
    assert make.states(_worked(make.told(1))) == [State.ACCEPTED]


def test_the_gateway_that_fares_better_is_taken(settings: Settings):
    settings.NOTIFIER = {**make.GATEWAYS, "spare": make.gateway("sms")}
    for _ in range(3):
        rates.note("blunt:simulator", taken=0, asked=10)
    batch = _worked(make.told(1))
    assert batch.deliveries.get().alias == "spare"


def _worked(batch: Batch) -> Batch:
    make.work()
    return batch
