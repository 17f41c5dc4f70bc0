"""Whatever the public sends is kept and makes no error: never an exception out of the listener."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from notifier.models import Batch, Delivery, InboundEvent
from tests import people
from tests.alerts.scene import jpeg
from tests.alerts.telling import gateways  # noqa: F401  the fixture
from tests.tips.test_intake import answer_texts, arrives, witness_of
from tips import alarm, assessing, intake
from tips.models import Tip
from tips.telling import File, Told
from trust import clock
from trust.models import Task, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]
ODD = [
    "", "   ", "\n\n\n", "👍", "🚨🚨🚨", "?", "\u200f\u200e", "0" * 5000, "'; DROP TABLE tips_tip; --",
    "{said}{0}", "%s %(x)s", "<script>alert(1)</script>",
    "\ud83d".encode("utf-8", "replace").decode(), "ﷺ" * 400, "é" * 3000,
    "lol c'est moi 😂", "je vais te tuer, je sais où tu habites", "سأقتلك",
]  # fmt: skip


@pytest.mark.parametrize("words", ODD, ids=range(len(ODD)))
def test_odd_words_are_a_tip_and_are_answered(words):
    event = arrives(words)
    tip = Tip.objects.get()
    assert tip.words == words
    assert event.handled_at is not None
    assert Batch.objects.filter(kind="answer").count() == 1


def test_fifty_thousand_characters_are_kept_whole():
    words = "شفت الطفلة قرب المحطة " * 2300
    arrives(words)
    assert Tip.objects.get().words == words


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "unsupported", "errors": "131051"},
        {"type": "hologram"},
        {"type": "contacts"},
        {"type": "call"},
        {"files": "no json"},
        {"files": json.dumps([1, None, {"media_id": 7}])},
        {
            "files": json.dumps(
                [{"url": "https://x.example/a.jpg", "media_type": "é" * 300, "name": "n" * 900}]
            )
        },
        {"latitude": "north", "longitude": "west"},
        {"latitude": "91", "longitude": "0"},
        {"replies_to": "x" * 4000},
        {"permalink_url": "https://x.example/" + "a" * 4000},
    ],
)
def test_an_unknown_or_broken_kind_is_a_tip_all_the_same(raw):
    arrives("", channel="whatsapp", **raw)
    assert Tip.objects.count() == 1


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "reaction", "reacts_to": "wamid.1"},
        {"type": "revoke", "deletes": "wamid.unknown"},
        {"type": "revoke"},
        {"type": "system", "change": "customer_identity_changed"},
        {"type": "system", "new_number": "+212661000055"},
        {"type": "preference", "value": "resume"},
    ],
)
def test_what_is_no_telling_makes_no_tip_and_no_answer(raw):
    event = arrives("", channel="whatsapp", **raw)
    assert Tip.objects.count() == 0
    assert answer_texts() == []
    assert event.handled_at is not None


def test_a_call_back_that_is_replayed_is_one_tip_with_one_answer():
    event = arrives("شفتها")
    for _turn in range(3):
        InboundEvent.objects.filter(pk=event.pk).update(handled_at=None)
        event.refresh_from_db()
        intake.on_inbound(InboundEvent, event)
    assert Tip.objects.count() == 1
    assert len(answer_texts()) == 1


def test_messages_out_of_order_are_one_tip_that_keeps_both_hours():
    now = clock.now()
    arrives("الثانية", at=now)
    arrives("الأولى", at=now - timedelta(minutes=3))
    tip = Tip.objects.get()
    assert set(tip.words.split("\n")) == {"الأولى", "الثانية"}


def test_the_same_photo_by_many_people_is_as_many_tips_each_answered():
    photo = json.dumps([{"media_id": "m", "media_type": "image/jpeg", "sha256": "a" * 64}])
    for number in range(50):
        arrives("", number=f"+2126620{number:05d}", type="image", files=photo)
    assert Tip.objects.count() == 50
    assert Delivery.objects.filter(batch__kind="answer").count() == 50


def test_words_that_break_the_reading_cost_the_score_and_never_the_tip(monkeypatch):
    def breaks(tip):
        raise ZeroDivisionError(tip.words)

    people.unit()
    monkeypatch.setattr(assessing, "assess", breaks)
    arrives("شفتها")
    tip = Tip.objects.get()
    assert Task.objects.get(kind="tip_unassessed").subject == tip.pk
    assert len(answer_texts()) == 1


def test_a_form_sent_twice_is_one_tip_with_one_receipt():
    told = Told(door="web", words="je l'ai vue", submission="token-of-the-page")
    first, second = intake.enter(told), intake.enter(told)
    assert (first.tip, first.reference, first.secret) == (second.tip, second.reference, second.secret)
    assert (first.repeated, second.repeated) == (False, True)
    assert Tip.objects.count() == 1


def test_two_forms_are_two_tips_and_the_web_keeps_no_address():
    intake.enter(Told(door="web", words="je l'ai vue", submission="a"))
    tip = intake.enter(Told(door="web", words="je l'ai vue", submission="b")).tip
    assert Tip.objects.count() == 2
    assert tip.witness is None
    assert answer_texts() == []


def test_a_caller_may_be_called_back_and_two_calls_are_two_tips():
    officer = people.ines()
    for words in ("vue à la gare", "vue au port"):
        tip = intake.enter(Told(door="phone", words=words, caller="+212661000099", entered_by=officer)).tip
        assert (witness_of(tip).channel, witness_of(tip).address) == ("phone", "+212661000099")
        assert tip.entered_by == officer
    assert Tip.objects.count() == 2


def test_a_file_that_comes_with_a_form_is_kept():
    told = Told(door="web", words="photo", files=(File("a.jpg", "image/jpeg", jpeg()),))
    assert intake.enter(told).tip.attachments.count() == 1


def on_duty():
    """Have Ines on duty at her unit."""
    officer = people.ines()
    assert officer.unit is not None
    Unit.objects.filter(pk=officer.unit.pk).update(duty_officer=officer)
    return officer


def guessed(monkeypatch, **facts):
    """Have every tip assessed as these facts, as reading would."""

    def assess(tip):
        Tip.objects.filter(pk=tip.pk).update(**facts)
        tip.refresh_from_db()

    monkeypatch.setattr(assessing, "assess", assess)


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"guess": "report"}, "possible_report"),
        ({"guess": "threat"}, "tip_danger"),
        ({"danger": 80}, "tip_danger"),
    ],
)
def test_what_cannot_wait_calls_the_officer_on_duty_by_reference_alone(monkeypatch, facts, kind):
    officer = on_duty()
    guessed(monkeypatch, **facts)
    arrives("weldi ma rj3ch l dar")
    tip = Tip.objects.get()
    task = Task.objects.get(kind=kind)
    assert (task.subject, task.unit, task.owner) == (tip.pk, officer.unit, officer)
    assert task.due_at is not None
    assert (task.due_at - task.created_at).total_seconds() == pytest.approx(300, abs=5)
    pages = Batch.objects.filter(kind="page")
    assert pages.count() == 2  # by SMS and by mail
    for page in pages:
        for text in page.texts().values():
            assert tip.reference in text.body
            assert "weldi" not in text.body


def test_writing_on_does_not_call_again(monkeypatch):
    on_duty()
    guessed(monkeypatch, guess="report")
    arrives("weldi ma rj3ch")
    arrives("3afakom")
    assert Task.objects.filter(kind="possible_report").count() == 1
    assert Batch.objects.filter(kind="page").count() == 2


def test_many_such_tips_at_once_call_together(monkeypatch):
    on_duty()
    guessed(monkeypatch, guess="report")
    for number in range(12):
        arrives("weldi ma rj3ch", number=f"+2126620{number:05d}")
    assert Task.objects.filter(kind="possible_report").count() == 12
    subjects = set(Batch.objects.filter(kind="page").values_list("subject", flat=True))
    assert len(subjects) <= alarm.EACH + 2


def test_the_id_of_a_form_says_nothing_of_its_token():
    tip = intake.enter(Told(door="web", words="x", submission="token-of-the-page")).tip
    assert isinstance(tip.event_id, UUID)
    assert "token" not in str(tip.event_id)
