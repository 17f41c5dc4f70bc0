"""What every SMS gateway counts and refuses alike."""

import pytest

from notifier.backends.sms import Measured, SmsBackend
from notifier.exceptions import CannotCarry
from notifier.message import Message, Text

SAID = Text(short="Enfant disparu à Fès.")


class Narrow(SmsBackend):
    max_characters = 200


def to(number: str, text: Text = SAID) -> Message:
    return Message("r", number, "fr", text)


def test_the_same_words_are_weighed_once_and_every_number_is_looked_at():
    backend, measured = SmsBackend("sms", {}), Measured()
    first = backend.fit_once(to("+212600000042"), measured)
    assert backend.fit_once(to("+212600000043"), measured) is first
    with pytest.raises(CannotCarry) as refused:
        backend.fit_once(to("0600000044"), measured)
    assert refused.value.kind == "bad_address"
    assert len(measured) == 1


def test_a_gateway_that_takes_fewer_characters_than_the_parts_hold_says_so():
    long = Text(short="e" * 201)
    assert SmsBackend("sms", {}).fit(to("+212600000042", long)).parts == 2
    with pytest.raises(CannotCarry) as refused:
        Narrow("sms", {}).fit(to("+212600000042", long))
    assert (refused.value.kind, refused.value.detail) == ("too_long", "201 characters")
