"""Who writes much is answered seldom; who is a machine never."""

from datetime import UTC, datetime, timedelta

import pytest

from tips import sparing
from tips.sparing import Burst

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OURS = frozenset({"+212537000000", "najda@police.example"})


def answers_to(moments, *, has_receipt=lambda number: number == 0):
    """What one sender hears who writes at these minutes."""
    burst, said = Burst(), []
    for number, minute in enumerate(moments):
        now = NOON + timedelta(minutes=minute)
        burst = sparing.heard(burst, now)
        verdict = sparing.verdict(burst, now, has_receipt=has_receipt(number))
        if verdict != "no":
            burst = sparing.answered(burst, now)
            said.append(verdict)
    return said


def test_a_single_message_is_answered():
    assert answers_to([0]) == ["answer"]


def test_five_messages_in_a_minute_get_one_answer():
    assert answers_to([0, 0.2, 0.4, 0.6, 0.8]) == ["answer"]


def test_who_writes_on_after_a_while_hears_that_it_was_added():
    assert answers_to([0, 3]) == ["answer", "answer"]


def test_forty_messages_in_ten_minutes_are_told_once_that_answers_end():
    said = answers_to([number / 4 for number in range(40)])
    assert said.count("flood") == 1
    assert said[-1] == "flood"
    assert len(said) <= sparing.MOST_ANSWERS


def test_five_hundred_new_matters_in_an_hour_get_a_handful_of_answers():
    said = answers_to([number * 59 / 500 for number in range(500)], has_receipt=lambda number: True)
    assert len(said) <= sparing.MOST_ANSWERS + 1
    assert said.count("flood") == 1


def test_the_next_day_is_a_new_burst():
    moments = [number / 10 for number in range(30)]
    assert answers_to([*moments, 24 * 60])[-1] == "answer"


@pytest.mark.parametrize(
    "address",
    ["", "2424", "38000", "NAJDA", "NoReply@bank.example", "no-reply@x.example", "MAILER-DAEMON@x.example",
     "postmaster@x.example", "+212537000000", "Najda@Police.example", "bounce@lists.example"],
)  # fmt: skip
def test_a_machine_is_never_answered(address):
    assert sparing.is_nobody(address, OURS)


@pytest.mark.parametrize("address", ["+212661000099", "lea@example.org", "7123456789012345", "comment:12_34"])
def test_a_person_is_answered(address):
    assert not sparing.is_nobody(address, OURS)


@pytest.mark.parametrize(
    "words",
    ["Out of office: back on Monday", "Réponse automatique : absent", "رد تلقائي: أنا في عطلة",
     "Je suis actuellement absente du bureau", "Automatic reply: your message"],
)  # fmt: skip
def test_what_a_mailbox_writes_while_its_owner_is_away_is_known(words):
    assert sparing.is_away(words)


@pytest.mark.parametrize("words", ["", "Il est absent de l'école", "J'ai vu l'enfant près du bureau"])
def test_what_a_person_writes_is_not_taken_for_that(words):
    assert not sparing.is_away(words)
