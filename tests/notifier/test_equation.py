"""Whatever happens, every count adds up."""

import random

import pytest
from pytest_django import Settings

from notifier import outbox
from notifier.message import Accepted, Message, Unknown
from notifier.models import Batch, Delivery, Rate
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State = Delivery.State


@pytest.mark.parametrize("seed", range(12))
def test_the_equation_holds_whatever_happens(seed: int, settings: Settings):
    """Random answers, stops, expiries, deaths and receipts: every count adds up at every step."""
    chance = random.Random(seed)
    settings.NOTIFIER_CHUNK = chance.choice([3, 10, 100])
    batch = make.told(chance.randint(1, 60))
    answers = [Accepted("x"), Accepted("x"), Unknown("t"), make.PASSING, make.NO_SUCH_NUMBER]

    def anything(message: Message) -> object:
        if chance.random() < 0.02:
            raise KeyboardInterrupt
        return chance.choice(answers)

    make.scripts["blunt"] = anything  # type: ignore[assignment]
    for _ in range(12):
        if chance.random() < 0.1:
            outbox.stop([batch.subject])
        if chance.random() < 0.05:
            Batch.objects.filter(pk=batch.pk).update(expires_at=clock.now())
        try:
            make.work()
        except KeyboardInterrupt:
            make.worker_dies()
        make.due_now()
        Rate.objects.update(paused_until=None)
        assert outbox.equation([batch.subject]).holds()

    outbox.stop([batch.subject])
    make.scripts.clear()
    make.worker_dies()
    make.work(turns=3)
    counts = outbox.equation([batch.subject])
    assert counts.holds()
    assert counts.queued == 0
    assert counts.targeted == batch.targeted
    assert all(line.done_at for line in outbox.ledger([batch.subject]))
