"""An officer writes to whoever told us without learning who it is; a closed tip is opened by one like it."""

import pytest

from notifier.models import Batch
from tests import people
from tests.tips.a_tip import a_tip, last_said, sara, seen, stored, yusuf
from tests.tips.test_deciding import acts, refused
from tips import deciding, reopening, replying
from tips.models import Tip, Witness
from trust.models import Task

pytestmark = [pytest.mark.django_db]
ASKED = "Portait-elle un sac ?"


def by_sms() -> Tip:
    tip = seen()
    tip.door, tip.witness = "sms", Witness.of("sms", "+212661000099", "fr")
    tip.save(update_fields=["door", "witness"])
    return tip


def said_to(tip: Tip) -> list[str]:
    batches = Batch.objects.filter(kind="answer", key_owner=tip.pk)
    return [text.short for batch in batches for text in batch.texts().values()]


def test_a_reply_goes_into_the_thread_and_by_the_door_and_the_log_holds_no_word_of_it() -> None:
    tip = by_sms()
    replying.reply(tip, people.ines(), ASKED)
    entry = last_said(tip)
    assert (entry.author, entry.body) == ("police", ASKED)
    assert any(ASKED in text for text in said_to(tip))
    (logged,) = acts(tip, "tip.replied")
    assert ASKED not in f"{logged.before}{logged.after}{logged.reason}"
    assert stored(tip).question_at is None


def test_a_question_waits_for_the_witness_until_they_answer() -> None:
    tip = seen()
    replying.reply(tip, people.ines(), ASKED, asks=True)
    assert stored(tip).question_at is not None
    replying.answered(stored(tip))
    assert stored(tip).question_at is None
    task = Task.objects.still_open().get(kind="tip_answered")
    assert task.due_at is not None
    assert acts(tip, "tip.witness_answered")
    replying.reply(tip, people.ines(), "Merci.")
    assert not Task.objects.still_open().filter(kind="tip_answered").exists()


def test_what_is_added_to_a_tip_nobody_has_read_asks_for_nothing_more() -> None:
    tip = a_tip()
    replying.answered(tip)
    assert not Task.objects.filter(kind="tip_answered").exists()


@pytest.mark.parametrize(("words", "code"), [("  ", "no_words"), ("x" * 4001, "too_long")])
def test_an_empty_or_endless_reply_is_refused(words: str, code: str) -> None:
    with refused(code):
        replying.reply(seen(), people.ines(), words)


def test_who_may_not_triage_and_who_sits_elsewhere_writes_nothing() -> None:
    tip = seen()
    for officer, code in ((people.omar(), "no_permission"), (yusuf(), "not_yours")):
        with refused(code):
            replying.reply(tip, officer, ASKED)


def test_a_witness_without_receipt_and_address_cannot_be_written_to() -> None:
    tip = seen()
    Tip.objects.filter(pk=tip.pk).update(secret_hash="", witness=None)
    with refused("no_thread"):
        replying.reply(tip, people.ines(), ASKED)


def test_a_tip_like_it_opens_a_closed_one_again_and_tells_who_closed_it() -> None:
    first = seen()
    deciding.close(first, people.ines(), "unrelated", "joke")
    second = a_tip("encore la fille à la robe rouge, gare d’Agdal")
    assert reopening.reopen(first, because=second) is True
    assert reopening.reopen(first, because=second) is False
    now = stored(first)
    assert (now.state, now.decided_code, now.decided_by) == ("seen", "joke", people.ines())
    assert now.history[-1]["because"] == str(second.pk)
    assert Task.objects.still_open().get(kind="tip_reopened").owner == people.ines()
    assert Batch.objects.filter(kind="page", key_owner=first.pk).exists()
    entry = acts(first, "tip.reopened")[0]
    assert (entry.actor, entry.before, entry.after) == (None, "unrelated", str(second.pk))


def test_an_officer_opens_it_again_with_a_reason() -> None:
    tip = seen()
    deciding.close(tip, people.ines(), "unrelated", "joke")
    with refused("reason"):
        reopening.reopen(tip, officer=sara())
    with refused("not_yours"):
        reopening.reopen(tip, officer=yusuf(), words="x")
    assert reopening.reopen(tip, officer=sara(), words="ce n’était pas une blague") is True
    assert deciding.close(tip, people.ines(), "old", "older_event") is None
    assert [line["what"] for line in stored(tip).history] == ["decided", "reopened", "decided"]
