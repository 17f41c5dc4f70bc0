"""What one sender writes within a short time is one tip, with one receipt; another matter is another tip."""

from datetime import timedelta

import pytest

from cases import thread
from cases.models import ThreadEntry
from notifier.models import Batch, InboundEvent
from tests import people
from tests.alerts import scene
from tests.alerts.telling import gateways  # noqa: F401  the fixture
from tests.tips.test_intake import NUMBER, answer_texts, arrives, pin, witness_of
from tips import answering, intake
from tips.models import Tip, Witness
from trust import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]


def later(monkeypatch, **ahead):
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(**ahead))


def test_a_voice_note_and_a_pin_a_minute_later_are_one_tip(monkeypatch):
    voice = '[{"media_id": "m1", "media_type": "audio/ogg", "voice": "yes"}]'
    arrives(type="audio", files=voice)
    later(monkeypatch, minutes=1)
    arrives(**pin())
    later(monkeypatch, minutes=2)
    arrives("كانت تلبس فستانا أحمر")
    tip = Tip.objects.get()
    assert tip.attachments.count() == 1
    assert (tip.place["lat"], tip.place["how"]) == (33.995, "pin")
    assert tip.words == "كانت تلبس فستانا أحمر"


def test_who_writes_on_within_a_minute_gets_one_receipt():
    for words in ("شفتها", "حدا لاكار", "لابسة أحمر"):
        arrives(words)
    (said,) = answer_texts()
    assert Tip.objects.get().reference in said


def test_who_writes_on_later_hears_that_it_was_added_and_no_second_secret(monkeypatch):
    arrives("J'ai vu la petite près de la gare")
    later(monkeypatch, minutes=5)
    arrives("Elle est avec un homme")
    _first, second = answer_texts()
    assert Tip.objects.get().reference in second
    assert "secret" not in second


def test_each_message_stands_in_the_thread_by_itself(monkeypatch):
    first = arrives("شفتها")
    later(monkeypatch, minutes=1)
    second = arrives("حدا المحطة")
    tip = Tip.objects.get()
    told = [entry for entry in thread.entries(tip.pk) if entry.author == ThreadEntry.Author.FAMILY]
    assert [(entry.pk, entry.body) for entry in told] == [(first.pk, "شفتها"), (second.pk, "حدا المحطة")]
    assert told[1].at - told[0].at >= timedelta(minutes=1)
    assert tip.words == "شفتها\nحدا المحطة"


def test_an_added_message_that_is_announced_again_is_added_once():
    arrives("شفتها")
    event = arrives("حدا المحطة")
    InboundEvent.objects.filter(pk=event.pk).update(handled_at=None)
    event.refresh_from_db()
    intake.on_inbound(InboundEvent, event)
    assert Tip.objects.get().words == "شفتها\nحدا المحطة"


def test_after_a_silence_it_is_another_matter(monkeypatch):
    arrives("شفتها")
    later(monkeypatch, hours=3)
    arrives("شفت وحدة أخرى")
    assert Tip.objects.count() == 2
    assert Witness.objects.count() == 1


def test_an_answer_to_what_the_police_asked_belongs_to_the_tip_hours_later(monkeypatch):
    arrives("شفتها")
    answering.tell(Tip.objects.get(), "reply", "أين بالضبط؟")
    later(monkeypatch, hours=5)
    arrives("حدا باب الرواح")
    assert Tip.objects.get().words == "شفتها\nحدا باب الرواح"


def test_an_answer_by_the_reply_button_belongs_to_the_tip_it_answers(monkeypatch):
    arrives("شفتها")
    batch = Batch.objects.get(kind="answer")
    batch.deliveries.update(provider_id="wamid.1")
    later(monkeypatch, hours=9)
    arrives("لا، كان ولد", replies_to="wamid.1")
    assert Tip.objects.get().words == "شفتها\nلا، كان ولد"


def test_what_comes_after_a_tip_was_decided_is_a_new_one():
    arrives("شفتها")
    tip = Tip.objects.get()
    tip.move("seen", people.omar())
    tip.move("unrelated", people.omar())
    arrives("لا، هي هي!")
    assert Tip.objects.filter(state="new").count() == 1
    assert Tip.objects.count() == 2


def test_two_pins_far_apart_are_two_tips():
    arrives(**pin())
    arrives(**pin(lat=34.2))
    assert Tip.objects.count() == 2


def test_a_message_that_names_another_alert_is_a_tip_of_its_own():
    version = scene.signed()
    arrives(f"vu, alerte {version.alert.code}")
    other = scene.signed(scene.case()).alert
    arrives(f"et aussi {other.code}")
    assert set(Tip.objects.values_list("alert_id", flat=True)) == {version.alert_id, other.pk}


def test_two_senders_are_two_tips():
    arrives("شفتها")
    arrives("شفتها", number="+212661000098")
    assert Tip.objects.count() == Witness.objects.count() == 2


def test_somebody_without_an_address_is_kept_and_joined_to_nobody():
    arrives("شفتها", number="")
    arrives("شفتها", number="")
    assert Tip.objects.filter(witness=None).count() == 2
    assert answer_texts() == []


def test_a_full_tip_is_followed_by_another(monkeypatch):
    monkeypatch.setattr("tips.intake.conversation.MOST_MESSAGES", 3)
    for number in range(5):
        arrives(f"شفتها {number}")
    assert sorted(len(tip.words.split("\n")) for tip in Tip.objects.all()) == [2, 3]


def test_a_witness_who_changes_number_stays_the_same_one():
    arrives("شفتها", channel="whatsapp")
    arrives(channel="whatsapp", type="system", change="user_changed_number", new_number="+212661000055")
    arrives("حدا المحطة", number="+212661000055", channel="whatsapp")
    tip = Tip.objects.get()
    assert witness_of(tip).address == "+212661000055"
    assert tip.words == "شفتها\nحدا المحطة"


def test_a_number_that_was_known_already_takes_the_tips_of_the_former_one():
    arrives("شفتها", channel="whatsapp")
    arrives("وأنا كذلك", number="+212661000055", channel="whatsapp")
    arrives(channel="whatsapp", type="system", new_number="+212661000055")
    assert {witness_of(tip).address for tip in Tip.objects.all()} == {"+212661000055"}


def test_a_deleted_message_is_noted_and_kept():
    arrives("شفتها مع خوها", channel="whatsapp", provider_id="wamid.7")
    arrives(channel="whatsapp", type="revoke", deletes="wamid.7")
    tip = Tip.objects.get()
    assert tip.words == "شفتها مع خوها"
    assert [entry.code for entry in thread.entries(tip.pk)][-1] == "tip_taken_back"


def test_a_corrected_message_adds_what_it_says_now_also_hours_later(monkeypatch):
    arrives("شفتها فسلا", channel="whatsapp", provider_id="wamid.7")
    later(monkeypatch, hours=2)
    arrives("شفتها فالرباط", channel="whatsapp", type="edit", edits="wamid.7")
    assert Tip.objects.get().words == "شفتها فسلا\nشفتها فالرباط"


def test_the_answer_is_queued_within_five_seconds_of_the_arrival():
    event = arrives("شفتها")
    assert clock.now() - event.received_at < timedelta(seconds=5)
    assert Batch.objects.get(kind="answer").recorded_at is not None


def test_the_address_a_tip_came_from_is_sealed_and_apart():
    arrives("شفتها")
    witness = witness_of(Tip.objects.get())
    assert witness.address == NUMBER
    assert NUMBER not in witness.token


def test_a_mail_says_its_subject_too_and_not_what_it_answers():
    mail = "Elle est avec un homme\n\nLe dim. 22 nov. 2026, Najda a écrit :\n> Alerte"
    arrives(mail, "lea@example.org", channel="email", subject="Fillette vue à Salé")
    arrives(mail, "omar@example.org", channel="email", subject="Re: Alerte enlèvement")
    said = {tip.words for tip in Tip.objects.all()}
    assert said == {"Fillette vue à Salé\nElle est avec un homme", "Elle est avec un homme"}
