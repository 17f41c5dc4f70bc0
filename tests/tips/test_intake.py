"""An inbound SMS becomes a tip, answered with a receipt; a stop word ends a subscription."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from alerts.subscribe import enrol_people
from notifier.models import Batch, Delivery, InboundEvent
from notifier.signals import inbound_received
from tests.people import ines, omar
from tips import intake, retention
from tips.models import Tip, TipMoveError
from trust import clock, keys
from trust.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
NUMBER = "+212661000099"
WORDS = "شفت طفلة بفستان أحمر حدا محطة القطار"


def arrives(
    text="",
    number=NUMBER,
    key="",
    channel="sms",
    *,
    kind="message",
    at=None,
    provider_id="",
    announce=True,
    **raw,
):
    """An event as a call-back stores it, announced to who listens; `raw` is what notifier.incoming reads."""
    event = InboundEvent(
        alias=channel,
        channel=channel,
        event_key=key or str(uuid4()),
        kind=kind,
        provider_id=provider_id,
        sender_token=keys.token("sender", number),
        at=at or clock.now(),
        received_at=clock.now(),
    )
    keys.create(event.pk, "inbound")
    event.sender, event.text, event.raw = number, text, raw
    event.save(force_insert=True)
    if announce:
        inbound_received.send(sender=InboundEvent, event=event)
        event.refresh_from_db()
    return event


def witness_of(tip):
    assert tip.witness is not None
    return tip.witness


def pin(lat=33.995, lon=-6.85, **raw):
    """What of `raw` makes a pin."""
    return {"type": "location", "latitude": str(lat), "longitude": str(lon), **raw}


def answer_texts():
    return [text.short for batch in Batch.objects.filter(kind="answer") for text in batch.texts().values()]


def test_a_message_becomes_a_tip_of_the_unit_on_duty():
    officer = ines()
    assert officer.unit is not None
    officer.unit.duty_officer = officer
    officer.unit.save()
    event = arrives(WORDS)
    tip = Tip.objects.get()
    assert tip.witness is not None
    assert (tip.words, tip.witness.address, tip.state, tip.language) == (WORDS, NUMBER, Tip.State.NEW, "ar")
    assert tip.unit == officer.unit
    assert event.handled_at is not None


def test_the_sender_gets_a_receipt_in_their_language():
    arrives("J'ai vu une fille près de la gare")
    (said,) = answer_texts()
    tip = Tip.objects.get()
    assert tip.reference in said
    assert "Reçu" in said
    assert Delivery.objects.filter(batch__kind="answer", person=tip.pk).count() == 1


def test_the_same_event_twice_is_one_tip_and_one_answer():
    event = arrives(WORDS)
    InboundEvent.objects.filter(pk=event.pk).update(handled_at=None)
    event.refresh_from_db()
    intake.on_inbound(InboundEvent, event)
    assert Tip.objects.count() == 1
    assert len(answer_texts()) == 1


def test_nothing_a_witness_said_stands_in_the_database_in_clear():
    arrives(WORDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT words, address FROM tips_tip JOIN tips_witness ON witness_id = tips_witness.id"
        )
        sealed = b"".join(bytes(value) for value in cursor.fetchone())
    assert WORDS.encode() not in sealed
    assert NUMBER.encode() not in sealed


def test_a_stop_word_ends_the_subscription_and_is_no_tip():
    (person,) = enrol_people([(NUMBER, "sms", 34.02, -6.84, "ar")])
    arrives("توقف")
    assert Tip.objects.count() == 0
    assert not Delivery.objects.filter(person=person).exists()
    assert AuditEntry.objects.filter(action="subscription.stopped").count() == 1


def test_a_stop_word_from_a_stranger_says_nothing():
    arrives("STOP")
    assert Tip.objects.count() == 0
    assert Batch.objects.filter(kind="confirmation").count() == 0


def test_a_tip_moves_only_along_its_table_and_the_log_tells():
    arrives(WORDS)
    tip = Tip.objects.get()
    with pytest.raises(TipMoveError):
        tip.move(Tip.State.SIGHTING, omar())
    tip.move(Tip.State.SEEN, omar())
    tip.move(Tip.State.UNRELATED, omar(), reason="another child")
    assert AuditEntry.objects.filter(action="tip.moved").count() == 2
    assert Tip.objects.get().decided_reason == "another child"


def test_somebody_who_comes_second_is_refused():
    arrives(WORDS)
    first, second = Tip.objects.get(), Tip.objects.get()
    first.move(Tip.State.SEEN, omar())
    with pytest.raises(TipMoveError):
        second.move(Tip.State.SEEN, omar())


def test_a_tip_that_led_nowhere_is_forgotten_after_its_term(monkeypatch, settings):
    arrives(WORDS)
    tip = Tip.objects.get()
    tip.move(Tip.State.SEEN, omar())
    tip.move(Tip.State.OLD, omar())
    assert retention.purge()["tips"] == 0
    days = settings.COUNTRY.retention_days["tip"]
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(days=days + 1))
    assert retention.purge(dry_run=True)["tips"] == 1
    assert retention.purge()["tips"] == 1
    tip.refresh_from_db()
    assert (tip.words, tip.witness) == (None, None)
    assert tip.reference
