"""Who told us is read by one officer, for a reason, with another's leave, for a quarter of an hour."""

import logging
from datetime import timedelta

import pytest
from django.utils import translation

from notifier.models import Batch
from tests import people
from tests.tips.a_tip import sara, seen, stored, yusuf
from tests.tips.test_deciding import acts, refused
from tips import revealing
from tips.models import Tip, Witness
from tips.refusals import TipRefused
from trust import clock
from trust.models import AuditEntry, Decision, Task

pytestmark = [pytest.mark.django_db]
NUMBER = "+212661000099"
WHY = "child_in_danger"


def told() -> Tip:
    people.omar()
    tip = seen()
    tip.witness = Witness.of("sms", NUMBER, "fr")
    tip.save(update_fields=["witness"])
    return tip


def granted(tip: Tip) -> Decision:
    asked = revealing.ask(tip, people.ines(), WHY)
    revealing.grant(asked, people.omar(), factor_at=clock.now())
    return asked


def test_two_people_open_an_address_to_the_one_who_asked_and_each_look_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tip = told()
    with caplog.at_level(logging.DEBUG):
        granted(tip)
        shown = revealing.address(tip, people.ines())
        revealing.address(tip, people.ines())
    assert (shown.channel, shown.address) == ("sms", NUMBER)
    assert [entry.actor for entry in acts(tip, "tip.revealed")] == [people.ines().pk] * 2
    assert NUMBER not in caplog.text
    assert NUMBER not in repr(shown)
    for other in (sara(), people.omar()):
        with pytest.raises(TipRefused):
            revealing.address(tip, other)


def test_it_opens_for_a_quarter_of_an_hour_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    tip = told()
    granted(tip)
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(minutes=14))
    assert revealing.address(tip, people.ines()).address == NUMBER
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(minutes=16))
    with refused("not_open"):
        revealing.address(tip, people.ines())


def test_nothing_opens_before_it_is_granted_nor_after_a_refusal() -> None:
    tip = told()
    asked = revealing.ask(tip, people.ines(), "other", "le père menace de partir")
    assert revealing.why(stored(tip), asked) == "le père menace de partir"
    with refused("not_open"):
        revealing.address(tip, people.ines())
    revealing.refuse(asked, people.omar(), "demandez d’abord par le fil")
    with refused("not_open"):
        revealing.address(tip, people.ines())
    with refused("already_decided"):
        revealing.grant(asked, people.omar(), factor_at=clock.now())
    assert acts(tip, "tip.reveal_refused")[0].reason == "other"


def test_nobody_grants_their_own_wish_nor_without_the_right_or_a_fresh_factor() -> None:
    tip = told()
    asked = revealing.ask(tip, people.ines(), WHY)
    with refused("factor_not_fresh"):
        revealing.grant(asked, people.omar(), factor_at=clock.now() - timedelta(hours=1))
    for officer in (people.ines(), sara()):
        with refused("no_permission"):
            revealing.grant(asked, officer, factor_at=clock.now())
    with refused("not_yours"):
        elsewhere = people.officer("zineb", "approver", at=people.lea().unit)
        revealing.grant(asked, elsewhere, factor_at=clock.now())
    for officer, code in ((people.omar(), "no_permission"), (yusuf(), "not_yours")):
        with refused(code):
            revealing.ask(tip, officer, WHY)


def test_whoever_may_grant_is_called_and_sees_what_waits() -> None:
    tip = told()
    asked = revealing.ask(tip, people.ines(), WHY)
    assert revealing.ask(tip, people.ines(), WHY).pk == asked.pk
    assert Batch.objects.filter(kind="page", subject=asked.pk).exists()
    assert [(row.pk, one.pk) for row, one in revealing.waiting(people.omar(), clock.now())] == [
        (asked.pk, tip.pk)
    ]
    assert revealing.waiting(people.ines(), clock.now()) == []
    revealing.grant(asked, people.omar(), factor_at=clock.now())
    assert not Task.objects.still_open().filter(kind="tip_reveal").exists()
    assert revealing.waiting(people.omar(), clock.now()) == []


def test_a_question_nobody_answers_lapses(monkeypatch: pytest.MonkeyPatch) -> None:
    tip = told()
    asked = revealing.ask(tip, people.ines(), WHY)
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(minutes=16))
    with refused("expired"):
        revealing.grant(asked, people.omar(), factor_at=clock.now())
    assert revealing.lapse_due() == 1
    assert not Task.objects.still_open().filter(kind="tip_reveal").exists()
    assert revealing.ask(tip, people.ines(), WHY).pk != asked.pk


def test_of_an_anonymous_tip_there_is_nothing_to_reveal_and_that_is_said() -> None:
    with refused("nobody_to_reveal") as raised:
        revealing.ask(seen(), people.ines(), WHY)
    with translation.override("en"):
        assert "left no address" in str(raised.value)


@pytest.mark.parametrize(("reason", "words"), [("", ""), ("curiosity", ""), ("other", " ")])
def test_a_wish_without_a_reason_is_none(reason: str, words: str) -> None:
    with refused("reason"):
        revealing.ask(told(), people.ines(), reason, words)


def test_a_grant_written_into_the_database_alone_opens_nothing() -> None:
    tip = told()
    asked = revealing.ask(tip, people.ines(), WHY)
    now = clock.now()
    Decision.objects.filter(pk=asked.pk).update(outcome="granted", decided_by=people.omar(), decided_at=now)
    with refused("not_open"):
        revealing.address(tip, people.ines())


def test_another_witness_put_into_the_tip_is_not_what_was_granted() -> None:
    tip = told()
    granted(tip)
    Tip.objects.filter(pk=tip.pk).update(witness=Witness.of("sms", "+212661000042", "fr"))
    with refused("not_open"):
        revealing.address(stored(tip), people.ines())


def test_the_log_holds_no_word_and_no_number() -> None:
    tip = told()
    revealing.ask(tip, people.ines(), "other", "un mot du magistrat")
    rows = AuditEntry.objects.values_list("action", "reason", "before", "after", "purpose")
    assert NUMBER not in str(list(rows))
    assert "magistrat" not in str([row for row in rows if row[0].startswith("tip.")])
