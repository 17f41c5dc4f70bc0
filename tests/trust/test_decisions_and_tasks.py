import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import people
from trust import clock
from trust.models import Decision, Task
from trust.models.decision import DecisionRefused

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def asked(*, by_a_family=False):
    within = clock.now() + timedelta(hours=1)
    officer = None if by_a_family else people.ines()
    return Decision.ask("sign", uuid.uuid4(), digest="d1", asked_by=officer, expires_at=within)


def refusal(decision, outcome="granted", **answer):
    with pytest.raises(DecisionRefused) as refused:
        decision.decide(outcome, **answer)
    return refused.value.code


def test_a_second_person_grants_what_was_asked():
    decision = asked()
    decision.decide("granted", by=people.omar(), digest="d1")
    decision.refresh_from_db()
    assert (decision.outcome, decision.decided_by) == ("granted", people.omar())


def test_who_asked_cannot_decide():
    assert refusal(asked(), by=people.ines(), digest="d1") == "same_person"


def test_the_database_itself_wants_two_people():
    decision = asked()
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(
            decided_by=people.ines(), outcome="granted", decided_at=clock.now()
        )


def test_a_family_may_ask_and_a_clock_may_decide():
    asked(by_a_family=True).decide("granted", by=people.omar(), digest="d1")
    asked().decide("lapsed", by=None)


def test_another_digest_is_not_what_was_asked():
    assert refusal(asked(), by=people.omar(), digest="d2") == "other_digest"


def test_what_has_expired_can_only_lapse(monkeypatch):
    decision = asked()
    monkeypatch.setattr(clock, "SHIFT", timedelta(hours=1, seconds=1))
    assert refusal(decision, by=people.omar(), digest="d1") == "expired"
    decision.decide("lapsed", by=None)


def test_it_is_decided_once():
    decision = asked()
    stale = Decision.objects.get(pk=decision.pk)
    decision.decide("refused", by=people.omar(), reason="photo")
    assert refusal(stale, by=people.omar(), digest="d1") == "already_decided"


def test_a_task_is_opened_once_and_finished_once():
    subject = uuid.uuid4()
    task = Task.open("recall", subject, unit=people.unit(), detail_code="facebook")
    assert Task.open("recall", subject, detail_code="facebook") == task
    assert Task.open("recall", subject, detail_code="sms") != task
    stale = Task.objects.get(pk=task.pk)
    assert task.finish("done", by=people.ines())
    assert not stale.finish("done", by=people.omar())
    assert Task.open("recall", subject, detail_code="facebook") != task
