"""The all-clear goes to exactly those who were told: same channel, same language, within its time."""

import random
from datetime import timedelta
from uuid import UUID

import pytest

from alerts import aftermath, fanout, issue
from alerts.models import Alert, Subscription
from alerts.subscribe import enrol_people
from alerts.subscribe.leaving import end_person
from notifier import dispatch
from notifier.backends import locmem
from notifier.exceptions import DeliveryError
from notifier.message import Accepted, Outcome, Unknown
from notifier.models import Batch, Chunk, Delivery
from tests import people
from tests.alerts import scene, telling
from tests.alerts.telling import gateways  # noqa: F401  the fixture
from trust import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]
LANGUAGES = ("ar", "fr", "en")


def enrol(chance: random.Random, count: int) -> None:
    """Enrol people near the place, each on one channel and in one language."""
    enrol_people(
        (
            telling._address(number, channel), channel, scene.AGDAL.lat + number * 0.0001, scene.AGDAL.lon,
            chance.choice(LANGUAGES),
        )
        for number in range(1, count)
        for channel in [chance.choice(("sms", "email"))]
    )  # fmt: skip


def outcome(chance: random.Random) -> Outcome:
    refused = DeliveryError(permanent=True, kind=chance.choice(("rejected", "unreachable", "too_long")))
    passing = DeliveryError(permanent=False, kind="unreachable")
    return chance.choice((Accepted("1"), Accepted("2"), Accepted("3"), Unknown("lost"), refused, passing))


def work(turns: int = 1) -> None:
    for _turn in range(turns):
        Chunk.objects.filter(done_at=None).update(due_at=clock.now())
        Delivery.objects.exclude(not_before=None).update(not_before=clock.now())
        for channel in ("sms", "email"):
            dispatch.work(channel)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 6))])
def test_exactly_those_who_were_told_and_stayed_hear_that_it_is_over(seed):
    chance = random.Random(seed)
    enrol(chance, 25)
    version = scene.signed(channels=["sms", "email"])
    fanout.fan_out(version.pk)
    waits = [pk for pk in Delivery.objects.values_list("pk", flat=True) if chance.random() < 0.2]
    Chunk.objects.update(due_at=clock.now())
    Delivery.objects.filter(pk__in=waits).update(not_before=clock.now() + timedelta(hours=1))
    for channel in ("sms", "email"):
        locmem.answers[channel] = [outcome(chance) for _person in range(40)]
        dispatch.work(channel)
    if chance.random() < 0.5:
        locmem.answers.clear()
        telling.send(telling.update(version, additions=telling.SENTENCE))
    locmem.answers.clear()
    told = Delivery.objects.filter(subject__in=subjects(version.alert_id)).told()
    for person in set(told.values_list("person", flat=True)):
        if chance.random() < 0.15:
            end_person(person)
    alert = issue.stand_down(version.alert, people.omar(), as_="found", reason="", factor_at=clock.now())
    aftermath.tell_end(alert.pk)
    aftermath.tell_end(alert.pk)
    work(3)
    stayed = Subscription.objects.filter(ended_at=None).values("pk")
    expected = sorted(set(told.filter(person__in=stayed).values_list("person", "channel", "language")))
    ends = Delivery.objects.filter(batch__kind="end")
    assert sorted(ends.values_list("person", "channel", "language")) == expected
    assert {row.state for row in ends} <= {"accepted"}
    assert all(row.state_at < row.batch.expires_at for row in ends.select_related("batch"))
    for message in (one for one in locmem.sent["sms"] if one.kind == "end"):
        told_in = [batch.texts()[message.language].short for batch in Batch.objects.filter(kind="end")]
        assert message.text.short in told_in


def subjects(alert_id: UUID) -> list[UUID]:
    return [alert_id, *Alert.objects.get(pk=alert_id).versions.values_list("pk", flat=True)]
