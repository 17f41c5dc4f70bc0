"""When a gateway is left alone, how it is tried again, and which of two is taken."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from notifier import breaker, outbox, rates
from notifier.breaker import Candidate, Phase, Trouble
from notifier.exceptions import DeliveryError
from notifier.models import Chunk, Delivery, Rate
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture

State = Delivery.State
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
SOON, LATE = AT + timedelta(seconds=1), AT - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("trouble", "phase"),
    [
        (Trouble(), Phase.CLOSED),
        (Trouble(1, AT, SOON), Phase.OPEN),
        (Trouble(1, AT, LATE), Phase.CLOSED),
        (Trouble(9, AT, SOON), Phase.OPEN),
        (Trouble(breaker.OPENS_AT, AT, LATE), Phase.HALF_OPEN),
    ],
)
def test_the_phase_follows_from_the_facts(trouble, phase):
    assert breaker.phase(trouble, AT) is phase


@pytest.mark.parametrize(
    ("failed_s_ago", "pause_s", "failures"), [(10, 1, 3), (119, 0, 3), (121, 0, 1), (4000, 3950, 3)]
)
def test_failures_count_in_a_row_and_a_pause_is_no_recovery(failed_s_ago, pause_s, failures):
    failed_at = AT - timedelta(seconds=failed_s_ago)
    trouble = Trouble(2, failed_at, failed_at + timedelta(seconds=pause_s))
    assert breaker.failures_with(trouble, AT) == failures


def test_pauses_grow_and_end():
    waits = [breaker.backoff_s(failures) for failures in range(12)]
    assert waits[0] <= 0.5
    assert 15 <= waits[11] <= breaker.LONGEST_PAUSE_S


@pytest.mark.parametrize(
    ("one", "other", "best"),
    [
        ((1.0, 1.0), (1.0, 1.0), "one"),  # equals: the first in the settings
        ((1.0, 0.0), (1.0, 1.0), "other"),  # its rate is spent
        ((0.5, 1.0), (1.0, 0.0), "other"),  # what fails weighs more than what is spent
        ((0.98, 1.0), (1.0, 1.0), "one"),  # a trifle changes nothing
        ((0.2, 1.0), (0.9, 0.5), "other"),
    ],
)
def test_the_better_of_two_gateways(one, other, best):
    found = breaker.best([Candidate("one", *one), Candidate("other", *other)])
    assert found is not None
    assert found.alias == best


def test_success_is_forgotten_slowly():
    bad = breaker.success_with(1.0, 0, 10)
    assert 0.7 < bad < 1.0
    assert breaker.success_with(bad, 10, 10) > bad
    assert breaker.success_with(0.4, 0, 0) == 0.4
    assert breaker.best([]) is None


class TestOverRows:
    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

    def given_up(self, later, batch_size=20):
        """A gateway that refused a slice three times."""
        batch = make.told(batch_size)
        make.scripts["blunt"] = lambda message: make.PASSING
        for _ in range(breaker.OPENS_AT):
            make.work()
            later(seconds=31)
        return batch

    def test_a_gateway_given_up_is_tried_with_one_message(self, later):
        self.given_up(later)
        asked = len(make.addresses())
        make.work()
        assert len(make.addresses()) == asked + 1

    def test_one_message_taken_frees_all_and_the_inner_ring_goes_first(self, later):
        subject = self.given_up(later).subject
        inner = make.batch(subject=subject, ring=0)
        outer = make.batch(subject=subject, ring=3)
        for ring, batch in ((3, outer), (0, inner)):
            outbox.record_people(batch, [(uuid4(), f"+21266660000{ring}", "fr")])
        make.work(turns=2)
        make.scripts.clear()
        asked = len(make.addresses())
        later(seconds=31)
        make.work(turns=3)
        told = make.addresses()[asked + 1 :]
        assert told.index("+212666600000") < told.index("+212666600003")
        assert set(Delivery.objects.values_list("state", flat=True)) == {State.ACCEPTED}
        assert Rate.objects.get().failures == 0

    def test_a_probe_nobody_used_is_there_for_the_next(self, later):
        batch = self.given_up(later)
        batch.deliveries.update(state=State.ACCEPTED)
        make.work()
        assert Rate.objects.get().probe_until is None

    def test_a_gateway_given_up_is_probed_while_another_does_the_work(self, later, settings: Settings):
        self.given_up(later)
        settings.NOTIFIER = {**make.GATEWAYS, "spare": make.gateway("sms")}
        make.work(turns=3)
        assert len(make.addresses("spare")) >= 18

    def test_nothing_is_tried_past_expiry_however_long_the_trouble(self, later):
        batch = self.given_up(later)
        asked = len(make.addresses())
        later(hours=2)
        make.work(turns=2)
        assert set(make.states(batch)) == {State.EXPIRED}
        assert len(make.addresses()) == asked
        assert not Chunk.objects.filter(done_at=None).exists()

    def test_an_hours_pause_keeps_everybody_out_for_the_hour(self, later):
        make.told(1)
        make.scripts["blunt"] = lambda message: DeliveryError(
            permanent=False, kind="throttled", retry_after_s=1800
        )
        make.work()
        later(seconds=1700)
        make.work()
        assert len(make.addresses()) == 1
        assert rates.paused_until("blunt:simulator") is not None
