"""When a gateway is left alone, how it is tried again, and which of two is taken."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from notifier import breaker, dispatch, outbox, rates
from notifier.breaker import Candidate, Phase, Trouble
from notifier.exceptions import DeliveryError
from notifier.gateways import (
    Gateway,
    NoGateway,
    answered,
    choose_for,
    host_of,
    open_gateway,
    people_left,
    per_second,
)
from notifier.message import Accepted
from notifier.models import Chunk, Delivery, Post, Rate
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


AWAY = DeliveryError(permanent=False, kind="connection")
DENIED = DeliveryError(permanent=False, kind="credentials")


@pytest.mark.parametrize(
    ("options", "host"),
    [
        ({"base_url": "https://Graph.example:8443/v1"}, "host:graph.example:8443"),
        ({"url": "http://user:secret@10.0.0.1:13013/cgi-bin/sendsms"}, "host:10.0.0.1:13013"),
        ({"host": "mail.example", "port": 587}, "host:mail.example:587"),
        ({"gateway_url": "", "vapid_subject": "mailto:a@b.example"}, ""),  # every subscriber's own service
        ({"url": f"https://{'x' * 200}.example/"}, f"host:{'x' * 58}"),
        ({}, ""),
    ],
)
def test_the_host_an_alias_speaks_to_is_read_from_its_options_without_its_password(options, host):
    assert host_of(options) == host


class TestOfTwoAccountsAtOneHost:
    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

    @pytest.fixture(autouse=True)
    def meta(self, gateways: None, settings: Settings) -> None:  # noqa: F811  the fixture
        at_meta, elsewhere = ({"base_url": f"https://{name}.example"} for name in ("graph", "sms"))
        settings.NOTIFIER = {
            "strict": make.gateway("whatsapp", **at_meta),
            "wall": make.gateway("page", **at_meta, direct=False),
            "blunt": make.gateway("sms", **elsewhere),
        }

    def test_a_dead_host_is_asked_by_one_of_them_and_both_wait(self, later):
        make.told(5, "whatsapp")
        make.scripts["strict"] = lambda message: AWAY
        for _ in range(breaker.OPENS_AT):
            make.work("whatsapp")
            later(seconds=31)
        assert [rate.account for rate in Rate.objects.exclude(paused_until=None)] == ["host:graph.example"]
        asked = len(make.addresses("strict"))
        make.work("whatsapp")
        post = outbox.post(make.batch("page"))
        assert isinstance(choose_for(post), NoGateway)
        assert len(make.addresses("strict")) == asked + 1  # the probe
        later(seconds=31)
        probe = choose_for(post)
        assert isinstance(probe, Gateway)
        assert probe.is_probe
        make.work("whatsapp")
        assert len(make.addresses("strict")) == asked + 1  # the other one has it
        answered(probe, [Accepted("p1")])
        make.scripts.clear()
        make.work("whatsapp", turns=2)
        assert set(Delivery.objects.values_list("state", flat=True)) == {State.ACCEPTED}

    def test_a_refused_account_silences_no_other(self, later):
        batch, sms = make.told(2, "whatsapp"), make.told(2)
        make.scripts["strict"] = lambda message: DENIED
        for _ in range(breaker.OPENS_AT):
            make.work("whatsapp")
            later(seconds=31)
        free = choose_for(outbox.post(make.batch("page")))
        assert isinstance(free, Gateway)
        assert not free.is_probe
        make.work()
        assert (set(make.states(batch)), set(make.states(sms))) == ({State.QUEUED}, {State.ACCEPTED})

    def test_a_host_that_is_dead_does_not_silence_another(self):
        make.told(2, "whatsapp")
        make.scripts["strict"] = lambda message: AWAY
        make.work("whatsapp")
        sms = make.told(2)
        make.work()
        assert set(make.states(sms)) == {State.ACCEPTED}

    def test_a_post_that_stands_is_taken_back_by_its_own_account_alone(self, settings: Settings):
        settings.NOTIFIER = {**settings.NOTIFIER, "spare": make.gateway("page", direct=False)}
        post = outbox.post(make.batch("page"))
        rates.pause("wall:simulator", 60)
        new, standing = choose_for(post), Post(state=Post.State.POSTED, alias="wall", batch=post.batch)
        assert isinstance(new, Gateway)
        assert new.alias == "spare"
        own = choose_for(standing)  # at once: whoever cannot take it back asks a person
        assert isinstance(own, Gateway)
        assert own.alias == "wall"


class TestOfTwoGatewaysOfAChannel:
    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

    def test_while_the_rate_of_one_is_spent_the_other_sends(self, settings: Settings):
        settings.NOTIFIER = {name: make.gateway("sms", per_second=0.001) for name in ("blunt", "spare")}
        batch = make.told(6)
        for _turn in range(3):
            dispatch.work("sms", budget_s=0.3)
        assert (len(make.addresses("blunt")), len(make.addresses("spare"))) == (1, 1)
        assert make.states(batch).count(State.ACCEPTED) == 2

    def test_their_rates_and_their_days_add_up_in_the_plan(self, settings: Settings):
        one, other = (make.gateway("sms") for _ in range(2))
        one["OPTIONS"] |= {"per_second": 30, "per_day": 250}
        other["OPTIONS"] |= {"per_second": 10, "per_day": 100}
        settings.NOTIFIER = {"blunt": one, "spare": other}
        assert (per_second("sms"), people_left("sms")) == (40, 350)
        asked = [rates.Ask(uuid4()) for _ in range(3)]
        opened = open_gateway("blunt", exercise=False)
        assert opened
        opened.backend.per_day = 250
        rates.grant(opened.account, opened.backend, asked)
        assert people_left("sms") == 347
        rates.full(opened.account)
        assert people_left("sms") == 100
        other["OPTIONS"] |= {"per_second": None, "per_day": None}
        assert (per_second("sms"), people_left("sms")) == (None, None)
