"""Kannel bound to an operator's SMSC (smpp34): what travels by SMPP, and what its receipts make of ours."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import pytest

from notifier import receipts
from notifier.backends.kannel import KannelBackend
from notifier.message import Accepted, Message, Text
from notifier.models import InboundEvent
from notifier.protocols import text as sms_text
from notifier.references import reference
from tests.notifier import make
from tests.real import kannel as real
from tests.real.conftest import Doors, token
from tests.real.kannel import Kannel
from tests.real.smsc import Smsc, smsc
from tests.servers import until

pytestmark = pytest.mark.django_db(transaction=True)
KANNEL = "notifier.backends.kannel.KannelBackend"
FRENCH = "Enfant disparue à Rabat: {Yassine} [9 ans] 5€\nhttps://najda.invalid/fr/a/K7M2XQ4T/"
ARABIC = "طفلة مفقودة في الرباط 👧\nhttps://najda.invalid/ar/a/K7M2XQ4T/"
# Last digits of a number: how its message ends with us, and with what.
ENDS = {
    "01": ("delivered", ""),
    "02": ("failed", "unreachable"),
    "03": ("failed", "bad_address"),
    "05": ("delivered", ""),
    "06": ("accepted", ""),  # Kannel drops a receipt that overtakes its answer; nothing is made of that
    "07": ("delivered", ""),
    "08": ("failed", "rejected"),
    "09": ("failed", "expired"),
    "10": ("delivered", ""),
}
# How many call-backs those take: with everything asked for, and with what the settings ask for.
CALLS = {31: 17, 19: 8}

Act = Callable[[Awaitable[None]], None]


@pytest.fixture(scope="module")
def operator() -> Iterator[tuple[Smsc, Act]]:
    with smsc() as running:
        yield running


@pytest.fixture(scope="module")
def gateway(own_url: str, operator: tuple[Smsc, Act]) -> Iterator[Kannel]:
    hook = f"{own_url}/hooks/sms/{token('sms')}/"
    try:
        with real.kannel(hook, smsc_lines=real.OPERATOR, smsc=operator[0].port) as running:
            operator[0].wait_for_bind()
            yield running
    except SystemExit as missing:
        pytest.exit(str(missing), returncode=1)


@pytest.mark.parametrize("mask", [pytest.param(31, marks=pytest.mark.long), 19])
def test_every_receipt_ends_a_delivery_as_it_was(gateway: Kannel, doors: Doors, mask: int) -> None:
    """Delivered, failed, on its way, before its answer, twice, in reverse."""
    batch = make.told(len(ENDS))
    batch.deliveries.update(state="accepted", alias="sms")
    rows = dict(zip(ENDS, batch.deliveries.order_by("pk").values_list("pk", flat=True), strict=True))
    backend = KannelBackend("sms", doors.open("sms", KANNEL, gateway.options(dlr_mask=mask)))
    told = [
        Message(reference(pk), f"+2126000000{fate}", "ar", Text(short=ARABIC)) for fate, pk in rows.items()
    ]
    assert [type(outcome) for outcome in backend.send(told)] == [Accepted] * len(ENDS)
    doors.wait_for(CALLS[mask])
    receipts.fold()
    ended = {
        fate: batch.deliveries.values_list("state", "error_kind").get(pk=pk) for fate, pk in rows.items()
    }
    assert ended == ENDS


def test_parts_travel_as_counted_and_no_longer_than_wanted(
    gateway: Kannel, operator: tuple[Smsc, Act]
) -> None:
    air, _ = operator
    backend = KannelBackend("sms", gateway.options())
    said = {"+212611111121": (FRENCH * 4, 0), "+212611111122": (ARABIC * 4, 8)}
    seen = len(gateway.fields("validity_period"))
    for number, (words, coding) in said.items():
        message = Message("r", number, "fr", Text(short=words), valid_s=5400)
        (outcome,) = backend.send([message])
        assert isinstance(outcome, Accepted)
        expected = sms_text.split(words)
        until(partial(_came, air, number, len(expected)), "all parts arriving", 10)
        parts = sorted(air.parts(number), key=_place)
        assert outcome.parts == len(parts)
        assert {part.data_coding for part in parts} == {coding}
        assert [part.short_message[4:6] for part in parts] == [
            bytes((len(parts), place)) for place in range(1, len(parts) + 1)
        ]
        if coding == 8:
            assert "".join(part.short_message[6:].decode("utf-16-be") for part in parts) == words
            assert [part.short_message[6:].decode("utf-16-be") for part in parts] == expected
    limited = [value for value in gateway.fields("validity_period")[seen:] if value != "NULL"]
    assert len(limited) == sum(len(sms_text.split(words)) for words, _ in said.values())


def _place(part: Any) -> int:
    """Return which part it is, by its header."""
    return int(part.short_message[5])


def _came(air: Smsc, number: str, parts: int) -> bool:
    return len(air.parts(number)) == parts


def test_what_the_public_writes_by_an_operator_arrives(
    gateway: Kannel, doors: Doors, operator: tuple[Smsc, Act]
) -> None:
    air, act = operator
    doors.open("sms", KANNEL, gateway.options())
    act(air.write("212600000042", "رأيتها قرب المحطة"))
    doors.wait_for(1)
    act(air.write("212600000043", "ARRET"))
    doors.wait_for(2)
    said = {event.text: event.sender for event in InboundEvent.objects.all()}
    assert said == {"رأيتها قرب المحطة": "+212600000042", "ARRET": "+212600000043"}
