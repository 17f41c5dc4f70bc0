"""Two workers take in two messages of one sender at the same moment."""

from functools import partial

import pytest

from notifier import inbound
from tests import people
from tests.alerts.telling import gateways  # noqa: F401  the fixture
from tests.alerts.test_race import at_once
from tests.tips.test_intake import answer_texts, arrives
from tips.models import Tip, Witness

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("gateways"),
    pytest.mark.postgresql,
]


def test_a_senders_first_two_messages_are_one_tip_whoever_takes_them_in():
    people.unit()
    events = [arrives(words, announce=False) for words in ("شفتها", "حدا المحطة")]
    assert at_once(*(partial(inbound.announce, event.pk) for event in events)) == ["done", "done"]
    assert Witness.objects.count() == 1
    tip = Tip.objects.get()
    assert sorted((tip.words or "").split("\n")) == sorted(["شفتها", "حدا المحطة"])
    assert len(answer_texts()) == 1
