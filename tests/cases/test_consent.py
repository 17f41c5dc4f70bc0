from datetime import timedelta

import pytest

from alerts import facts
from alerts.models import Alert
from cases.consent_text import field_choices
from cases.consenting import give
from cases.fields import PUBLIC_FIELDS
from cases.models import Case, Consent
from cases.reported import ReportedChild, Reporter
from cases.signals import consent_withdrawn
from cases.tasks import comply_with_withdrawals
from cases.withdraw import CLOCK, comply, comply_due, end_terms, withdraw
from notifier.models import Batch
from tests import people
from tests.alerts import scene
from tests.cases import family
from trust import clock
from trust.models import Decision, Task

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


def test_a_guardian_is_asked_about_every_public_field():
    assert [name for name, _label in field_choices()] == list(PUBLIC_FIELDS)


@pytest.mark.parametrize("channel", ["web", "page", "cap", "feed", "poster", "sms", "email", "facebook"])
def test_a_field_is_allowed_where_it_was_ticked_and_nowhere_else(given, channel):
    fields, now = [*PUBLIC_FIELDS, "health", "reporter"], clock.now()
    ticked = {"name", "photo"} if channel in {"web", "page", "cap", "feed", "poster", "sms"} else set()
    assert {field for field in fields if given.allows(field, channel, now)} == ticked
    assert {field for field in fields if Consent.allows_for(given.child, field, channel, now)} == ticked


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


# ---- a term of its own


def test_a_consent_ends_by_its_term_once_and_says_so(case, given, withdrawn, monkeypatch):
    Consent.objects.update(until=given.given_at + timedelta(days=2))
    assert end_terms() == 0
    monkeypatch.setattr(clock, "SHIFT", timedelta(days=2, seconds=1))
    assert end_terms() == 1
    ended = Consent.objects.get()
    assert (withdrawn, ended.withdrawn_at, ended.has_run_out) == ([given], ended.until, True)
    assert end_terms() == 0
    assert len(withdrawn) == 1


def test_what_is_public_comes_down_when_the_term_is_over(monkeypatch, django_capture_on_commit_callbacks):
    version = scene.signed()
    now = clock.now()
    Consent.objects.update(until=now + timedelta(hours=1))
    assert "photo" in facts.allowed(version.child, "page", now)
    monkeypatch.setattr(clock, "SHIFT", timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        comply_with_withdrawals()
    assert scene.stored(version).public_photo == ""
    assert not Batch.objects.filter(subject=version.alert_id, stopped_at=None).exists()
    assert Alert.objects.get().is_live


# ---- given anew, or by another


def test_to_change_a_consent_is_to_take_it_back_and_give_another(case, given, withdrawn):
    mother = Reporter("Samira Zerhouni", "+212612345678", "mother")
    fresh = give(given.child, mother, family.consent(fields=("name",), channels=("web",)))
    now = clock.now()
    assert withdrawn == [given]
    assert fresh
    assert fresh.allows("name", "web", now)
    assert not Consent.allows_for(given.child, "photo", "web", now)
    assert not Case.objects.get().conflict


def test_while_an_alert_lives_a_narrower_consent_waits_for_the_same_clock(case, given, monkeypatch):
    case.set_public(public=True)
    mother = Reporter("Samira Zerhouni", "+212612345678", "mother")
    give(given.child, mother, family.consent(fields=("name",), channels=("web",)))
    assert Consent.allows_for(given.child, "photo", "web", clock.now())
    monkeypatch.setattr(clock, "SHIFT", CLOCK)
    comply_due()
    assert not Consent.allows_for(given.child, "photo", "web", clock.now())
    assert Consent.allows_for(given.child, "name", "web", clock.now())


def test_an_uncle_gives_no_consent_and_takes_none_away(case, given):
    uncle = Reporter("Driss Zerhouni", "+212698765432", "uncle")
    assert give(given.child, uncle, family.consent(fields=())) is None
    assert Consent.objects.get() == given


def test_what_was_said_at_the_desk_or_on_paper_keeps_both_times_and_who_heard_it(case, given, ines):
    said_at = clock.now() - timedelta(hours=6)
    father = Reporter("Karim Zerhouni", "+212611111111", "father")
    spoken = family.consent(given_at=said_at, heard_by=ines, witness="Omar T.", how="oral")
    row = give(given.child, father, spoken)
    assert row
    row.refresh_from_db()
    assert (row.how, row.heard_by, row.witness, row.given_at) == ("oral", ines, "Omar T.", said_at)
    assert row.entered_at
    assert row.entered_at > said_at


def test_two_children_taken_back_at_once_are_one_task_until_both_are_answered(ines):
    two = (*family.report().children, ReportedChild("Adam", "Zerhouni", age_years=6))
    case = family.a_case(children=two)
    case.set_public(public=True)
    first, second = (asked(consent) for consent in case.consents.all())
    task = Task.objects.get(kind="consent.withdraw")
    comply(first, officer=people.omar())
    assert Task.objects.still_open().filter(pk=task.pk).exists()
    comply(second, officer=people.omar())
    assert not Task.objects.still_open().filter(pk=task.pk).exists()
