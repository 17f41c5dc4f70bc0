from datetime import timedelta

import pytest

from cases.fields import PUBLIC_FIELDS
from cases.models import Consent
from cases.signals import consent_withdrawn
from cases.withdraw import CLOCK, comply, comply_due, withdraw
from tests import people
from tests.cases import family
from trust import clock
from trust.models import Decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ines):
    return family.a_case(consent=family.consent(fields=("name", "photo"), channels=("web", "sms")))


@pytest.fixture
def given(case):
    return case.consents.get()


@pytest.fixture
def withdrawn():
    """What the packages above heard."""
    heard: list[Consent] = []

    def listen(sender, consent, **_said):
        heard.append(consent)

    consent_withdrawn.connect(listen)
    yield heard
    consent_withdrawn.disconnect(listen)


def asked(given: Consent) -> Decision:
    decision = withdraw(given)
    assert decision is not None
    return decision


def test_the_groups_a_guardian_ticks_cover_every_public_field():
    assert set(PUBLIC_FIELDS) == family.GROUPED


@pytest.mark.parametrize("channel", ["web", "page", "cap", "feed", "poster", "sms", "email", "facebook"])
@pytest.mark.parametrize("field", [*PUBLIC_FIELDS, "health", "reporter"])
def test_a_field_is_allowed_where_it_was_ticked_and_nowhere_else(given, field, channel):
    expected = field in {"name", "photo"} and channel in {"web", "page", "cap", "feed", "poster", "sms"}
    now = clock.now()
    assert given.allows(field, channel, now) is expected
    assert Consent.allows_for(given.child, field, channel, now) is expected


def test_consent_lives_from_its_hour_until_its_end(given):
    given.until = given.given_at + timedelta(days=1)
    second = timedelta(seconds=1)
    assert not given.allows("name", "sms", given.given_at - second)
    assert given.allows("name", "sms", given.given_at)
    assert given.allows("name", "sms", given.until - second)
    assert not given.allows("name", "sms", given.until)


def test_without_a_live_alert_withdrawal_works_at_once(case, given, withdrawn):
    assert withdraw(given) is None
    assert withdrawn == [given]
    assert not Consent.allows_for(given.child, "name", "sms", clock.now())
    assert withdraw(given) is None
    assert len(withdrawn) == 1


def test_while_an_alert_lives_a_ten_minute_clock_runs_first(case, given, withdrawn, monkeypatch):
    case.set_public(public=True)
    decision = asked(given)
    assert decision.expires_at is not None
    assert decision.expires_at - decision.asked_at <= CLOCK
    assert withdraw(given) == decision  # asking twice runs one clock
    assert Consent.allows_for(given.child, "name", "sms", clock.now())
    assert (comply_due(), withdrawn) == (0, [])
    monkeypatch.setattr(clock, "SHIFT", CLOCK)
    assert comply_due() == 1
    assert withdrawn == [given]
    assert Decision.objects.get(pk=decision.pk).outcome == "lapsed"
    assert not Consent.allows_for(given.child, "name", "sms", clock.now())


def test_an_officer_may_comply_before_the_clock_ends(case, given, withdrawn):
    case.set_public(public=True)
    decision = asked(given)
    comply(decision, officer=people.omar())
    assert withdrawn == [given]
    comply(Decision.objects.get(pk=decision.pk), officer=people.omar())
    assert len(withdrawn) == 1


def test_a_withdrawal_that_was_overridden_is_not_complied_with(case, given, withdrawn, monkeypatch):
    case.set_public(public=True)
    decision = asked(given)
    decision.decide("refused", by=people.omar(), reason="the child is in danger")
    monkeypatch.setattr(clock, "SHIFT", CLOCK)
    assert comply_due() == 0
    assert Consent.allows_for(given.child, "name", "sms", clock.now())
