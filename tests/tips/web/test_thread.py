"""Reference and secret open the thread of a tip, for as long as it is open, and to nobody who guesses."""

from datetime import timedelta

import pytest

from cases import thread
from tests import people
from tests.tips.web.told import FOLLOW, file, hidden, opens, reference, sends, text, words
from tips import replying
from tips.models import Attachment, Tip
from trust import clock, secrets

pytestmark = pytest.mark.django_db
ANSWER = "Merci. Le taxi avait-il un numéro ?"
MORE = "Le 4412, il me semble"


@pytest.fixture
def receipt(witness):
    return sends(witness)


@pytest.fixture
def opened(witness, receipt):
    return opens(witness, receipt)


def told() -> Tip:
    return Tip.objects.get()


def adds(client, page, **said):
    values = {"key": hidden(page, "key"), "submission": hidden(page, "submission"), "act": "write"}
    return client.post(FOLLOW, {**values, **said})


def test_the_receipt_opens_the_thread_and_says_who_has_it_and_until_when(opened) -> None:
    assert opened.status_code == 200
    assert "Agdal" in text(opened)
    assert str(told().received_at.year) in text(opened)
    assert not opened.cookies


def test_the_answer_of_the_police_is_read_and_answered(witness, receipt, opened) -> None:
    replying.reply(told(), people.ines(), ANSWER)
    read = opens(witness, receipt)
    assert ANSWER in text(read)
    assert "Ines" not in text(read)
    assert MORE in text(adds(witness, read, body=MORE))
    assert told().heard_at is not None


def test_sent_twice_it_is_said_once(witness, opened) -> None:
    for _ in range(2):
        adds(witness, opened, body=MORE)
    assert [one.body for one in thread.entries(told().pk)].count(MORE) == 1


def test_a_file_and_a_place_may_be_added(witness, opened) -> None:
    answer = adds(witness, opened, where_words="Hay Riad", attached=[file(b"abc", "a.jpg", "image/jpeg")])
    assert answer.status_code == 200
    assert Attachment.objects.get().tip == told()
    assert told().place["words"] == "Hay Riad"
    assert "Hay Riad" in text(answer)


def test_nothing_added_is_asked_for(witness, opened) -> None:
    assert adds(witness, opened).status_code == 422


@pytest.mark.parametrize("wrong", ["reference", "secret"])
def test_a_wrong_half_gets_the_same_answer_whichever_it_is(witness, receipt, wrong: str) -> None:
    said = {"reference": reference(receipt), "secret": words(receipt)}
    said[wrong] = {"reference": secrets.new_reference(), "secret": secrets.new().digits}[wrong]
    answer = witness.post(FOLLOW, said)
    assert answer.status_code == 403
    assert "ne vont pas ensemble" in text(answer) or "do not belong together" in text(answer)


def test_whoever_guesses_too_often_waits_even_with_the_right_one(witness, receipt) -> None:
    said = {"reference": reference(receipt), "secret": "1234 5678 9012 3456 7890"}
    for _ in range(thread.TRIES):
        witness.post(FOLLOW, said)
    assert opens(witness, receipt).status_code == 429


def test_a_thread_whose_time_is_over_says_so_kindly(witness, receipt, settings) -> None:
    settings.TIP_THREAD_DAYS = 10
    Tip.objects.update(received_at=clock.now() - timedelta(days=11))
    assert opens(witness, receipt).status_code == 410


def test_an_answer_of_the_police_keeps_it_open(witness, receipt, settings) -> None:
    settings.TIP_THREAD_DAYS = 10
    replying.reply(told(), people.ines(), ANSWER)
    Tip.objects.update(received_at=clock.now() - timedelta(days=11), thread_until=None)
    assert opens(witness, receipt).status_code == 200


def test_what_was_typed_on_a_page_left_open_is_sent_once_the_receipt_is_given(
    witness, receipt, opened
) -> None:
    said = {"act": "write", "body": MORE, "submission": hidden(opened, "submission"), "key": "too old"}
    asked = witness.post(FOLLOW, said)
    assert asked.status_code == 403
    key = {"reference": reference(receipt), "secret": words(receipt), "carried": hidden(asked, "carried")}
    assert MORE in text(witness.post(FOLLOW, key))


def test_the_key_of_one_thread_opens_no_other(witness, opened) -> None:
    other = opens(witness, sends(witness, words="Autre chose"))
    assert hidden(other, "key") != hidden(opened, "key")
    assert "Autre chose" not in text(witness.post(FOLLOW, {"key": hidden(opened, "key"), "act": "look"}))


def test_the_unit_it_was_handed_to_is_named_and_no_officer(witness, receipt) -> None:
    Tip.objects.update(state=Tip.State.HANDED_OVER, handed_to_name="Gendarmerie de Témara")
    answer = opens(witness, receipt)
    assert "Gendarmerie de Témara" in text(answer)
    assert "Ines" not in text(answer)
