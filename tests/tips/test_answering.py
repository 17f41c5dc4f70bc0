"""What changed is said in the thread always, and by the door while it is open."""

from datetime import timedelta

import pytest

from cases import thread
from notifier import dispatch
from notifier.backends import locmem
from notifier.models import Batch, Chunk
from tests.tips.test_intake import NUMBER, answer_texts, arrives, pin, witness_of
from tips import answering
from tips.models import Tip, Witness
from trust import clock

pytestmark = pytest.mark.django_db
KEPT = {"BACKEND": "notifier.backends.locmem.LocmemBackend", "OPTIONS": {}, "SIMULATOR": {}}
CODES = ["seen", "helped", "opened", "handed", "reopened", "closed", "reply"]


@pytest.fixture(autouse=True)
def doors(settings):
    settings.NOTIFIER = {
        name: {**KEPT, "CHANNEL": name} for name in ("sms", "whatsapp", "email", "messenger")
    }
    locmem.clear()
    yield
    locmem.clear()


def told(channel="sms"):
    """What a worker sends now on a channel."""
    Chunk.objects.filter(done_at=None).update(due_at=clock.now())
    dispatch.work(channel)
    return [(message.text.body or message.text.short) for message in locmem.sent.get(channel, [])]


def test_the_receipt_leaves_at_once_and_holds_all_that_is_owed():
    arrives("J'ai vu une fille près de la gare", channel="whatsapp")
    (said,) = told("whatsapp")
    tip = Tip.objects.get()
    assert tip.reference in said
    assert "/fr/tip/follow/" in said
    assert "secret" in said.lower()


@pytest.mark.parametrize("code", CODES)
def test_each_change_is_said_in_the_thread_and_by_the_door(code):
    arrives("J'ai vu une fille près de la gare")
    tip = Tip.objects.get()
    entry = answering.tell(tip, code, {"handed": "BNPJ", "closed": "old", "reply": "Où ?"}.get(code, ""))
    assert thread.entries(tip.pk)[-1] == entry
    assert any(tip.reference in said and answering.words(entry) for said in told()[1:])


def test_the_unit_it_was_handed_to_is_named():
    arrives("J'ai vu un vol")
    answering.tell(Tip.objects.get(), "handed", "Brigade de Témara")
    assert "Brigade de Témara" in told()[-1]


def test_the_same_thing_is_not_said_twice():
    arrives("J'ai vu une fille")
    tip = Tip.objects.get()
    assert answering.tell(tip, "seen") == answering.tell(tip, "seen")
    assert len(told()) == 2


def test_what_no_code_names_still_says_that_it_was_closed():
    arrives("J'ai vu une fille")
    entry = answering.tell(Tip.objects.get(), "closed", "something_new")
    assert entry.code == "tip_closed"


def test_after_a_day_whatsapp_is_shut_and_the_thread_is_not(monkeypatch):
    arrives("شفتها", channel="whatsapp")
    told("whatsapp")
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(hours=24, minutes=1))
    tip = Tip.objects.get()
    answering.tell(tip, "seen")
    assert len(told("whatsapp")) == 1
    assert thread.entries(tip.pk)[-1].code == "tip_seen"


def test_what_waits_for_whatsapp_does_not_leave_after_its_window(monkeypatch):
    arrives("شفتها", channel="whatsapp")
    told("whatsapp")
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(hours=23, minutes=50))
    answering.tell(Tip.objects.get(), "seen")
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(hours=24, minutes=5))
    assert len(told("whatsapp")) == 1


def test_a_new_message_opens_the_window_again(monkeypatch):
    arrives("شفتها", channel="whatsapp")
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(hours=30))
    arrives("راني شفتها عاود", channel="whatsapp")
    answering.tell(Tip.objects.order_by("received_at")[0], "seen")
    assert Batch.objects.filter(kind="answer").count() == 3


def test_what_an_officer_wrote_leaves_by_messenger_for_a_week_where_meta_gave_leave(monkeypatch, settings):
    settings.NOTIFIER["messenger"] = {**KEPT, "CHANNEL": "messenger", "OPTIONS": {"human_agent": True}}
    arrives("شفتها", number="7001002003004", channel="messenger")
    told("messenger")
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(days=3))
    tip = Tip.objects.get()
    answering.tell(tip, "seen")
    answering.tell(tip, "reply", "أين؟")
    (_receipt, asked) = told("messenger")
    assert "أين؟" in asked
    assert locmem.sent["messenger"][-1].text.by_person


def test_sms_has_no_window(monkeypatch):
    arrives("شفتها")
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(days=5))
    answering.tell(Tip.objects.get(), "seen")
    assert Batch.objects.filter(kind="answer").count() == 2


def test_a_comment_is_answered_once_privately_and_never_again():
    arrives("شفتها", number="777", channel="messenger", kind="comment", provider_id="12_99", post_id="12_34")
    assert [message.to for message in locmem.sent.get("messenger", [])] == []
    told("messenger")
    assert [message.to for message in locmem.sent["messenger"]] == ["comment:12_99"]
    answering.tell(Tip.objects.get(), "seen")
    assert len(told("messenger")) == 1


def test_a_comment_whose_author_is_hidden_is_answered_and_corrected_all_the_same():
    about = {"channel": "messenger", "kind": "comment", "provider_id": "12_99", "post_id": "12_34"}
    arrives("شفتها", number="", **about)
    arrives("شفتها فسلا", number="", **about, type="edit", edits="12_99")
    told("messenger")
    assert [message.to for message in locmem.sent["messenger"]] == ["comment:12_99"]
    assert Tip.objects.get().words == "شفتها\nشفتها فسلا"


def test_who_commented_and_answers_in_private_is_met_there():
    arrives("شفتها", number="777", channel="messenger", kind="comment", provider_id="12_99")
    Batch.objects.get(kind="answer").deliveries.update(provider_id="m_1")
    arrives("حدا المحطة", number="7001002003004", channel="messenger", replies_to="m_1")
    tip = Tip.objects.get()
    assert (tip.door, witness_of(tip).address) == ("messenger", "7001002003004")
    answering.tell(tip, "seen")
    told("messenger")
    assert locmem.sent["messenger"][-1].to == "7001002003004"


def test_who_asked_for_silence_hears_no_more_and_is_still_kept():
    arrives("J'ai vu une fille")
    arrives("STOP")
    heard = told()
    assert len(heard) == 2  # the receipt, and that there will be nothing more
    answering.tell(Tip.objects.get(), "seen")
    arrives("Elle est encore là", key="later")
    assert told() == heard
    assert Tip.objects.get().words == "J'ai vu une fille\nElle est encore là"


def test_a_strangers_stop_is_remembered_by_its_digest_alone():
    arrives("STOP")
    assert Witness.objects.get().address is None
    arrives("J'ai vu une fille")
    assert answer_texts() == []
    assert Witness.objects.get().address == NUMBER


def test_a_stop_by_sms_silences_whatsapp_too_until_a_start():
    arrives("شفتها", channel="whatsapp")
    arrives("STOP", channel="sms")
    arrives("حدا المحطة", channel="whatsapp")
    assert len(told("whatsapp")) == 1
    arrives("START", channel="sms")
    answering.tell(Tip.objects.get(), "seen")
    assert len(told("whatsapp")) == 2


def test_an_empty_message_is_kept_and_told_what_is_missing():
    arrives("", channel="whatsapp")
    (said,) = told("whatsapp")
    assert Tip.objects.get().words == ""
    assert len(said.split("\n")) == 6


def test_a_pin_alone_is_no_empty_message():
    arrives(channel="whatsapp", **pin())
    (said,) = told("whatsapp")
    assert len(said.split("\n")) == 5


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("شفت البنت", "ar"),
        ("chft lbnt 7da lmahatta", "ar"),
        ("J'ai vu la fille", "fr"),
        ("I saw the girl", "en"),
    ],
)
def test_the_answer_is_in_the_senders_language(words, language):
    arrives(words)
    assert Tip.objects.get().language == language


def test_a_message_without_words_is_answered_in_the_language_written_in_before(monkeypatch):
    arrives("J'ai vu la fille")
    monkeypatch.setattr("trust.clock.SHIFT", timedelta(hours=3))
    arrives("👍👍👍")
    assert {tip.language for tip in Tip.objects.all()} == {"fr"}


@pytest.mark.parametrize(
    ("number", "channel", "raw"),
    [
        ("2424", "sms", {}),
        ("NAJDA", "sms", {}),
        ("noreply@bank.example", "email", {}),
        ("lea@example.org", "email", {"precedence": "bulk"}),
        ("lea@example.org", "email", {"auto": "auto-generated"}),
    ],
)
def test_a_machine_is_kept_and_never_answered(number, channel, raw):
    arrives("J'ai vu la fille", number=number, channel=channel, **raw)
    assert Tip.objects.count() == 1
    assert answer_texts() == []


def test_a_mailbox_that_answers_by_itself_makes_no_tip():
    event = arrives("Je suis absente", number="lea@example.org", channel="email", auto="auto-replied")
    assert Tip.objects.count() == 0
    assert event.handled_at is not None


def test_out_of_office_without_a_header_is_kept_and_not_answered():
    arrives("Out of office: back on Monday", number="lea@example.org", channel="email")
    assert Tip.objects.count() == 1
    assert answer_texts() == []


def test_our_own_number_and_mailbox_are_never_answered(settings):
    own = {"sms": {"sender": "+212537000000"}, "email": {"from_address": "alerte@police.example"}}
    settings.NOTIFIER = {name: {**KEPT, "CHANNEL": name, "OPTIONS": options} for name, options in own.items()}
    arrives("J'ai vu la fille", number="+212537000000")
    arrives("J'ai vu la fille", number="Alerte@police.example", channel="email")
    assert Tip.objects.count() == 2
    assert answer_texts() == []
