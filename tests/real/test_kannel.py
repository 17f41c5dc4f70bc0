"""The real Kannel between our backend and every phone there is (fakesmsc), and from a phone to our door."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from notifier import receipts
from notifier.backends.kannel import KannelBackend
from notifier.message import Accepted, DeliveryError, Message, Text
from notifier.models import InboundEvent, Receipt
from notifier.references import reference
from tests.notifier import make
from tests.real import kannel as real
from tests.real.conftest import Doors, token
from tests.real.kannel import Air, Kannel
from tips.words import means_stop

pytestmark = pytest.mark.django_db(transaction=True)
KANNEL = "notifier.backends.kannel.KannelBackend"
PHONE = "+212600000042"
ARABIC = "طفلة مفقودة في الرباط. شاهدتها؟ اتصل 19.\nhttps://najda.invalid/ar/a/K7M2XQ4T/"
FRENCH = "Enfant disparue à Rabat, près de la gare: {Yassine} [9 ans] 5€ https://najda.invalid/fr/a/K7M2XQ4T/"


@pytest.fixture(scope="module")
def gateway(own_url: str) -> Iterator[Kannel]:
    try:
        with real.kannel(f"{own_url}/hooks/sms/{token('sms')}/") as running:
            yield running
    except SystemExit as missing:
        pytest.exit(str(missing), returncode=1)


@pytest.fixture
def air(gateway: Kannel) -> Iterator[Air]:
    with real.air(gateway) as phones:
        yield phones


@pytest.fixture
def backend(gateway: Kannel, doors: Doors) -> KannelBackend:
    return KannelBackend("sms", doors.open("sms", KANNEL, gateway.options()))


def to(number: str, words: str, language: str = "ar", **more: Any) -> Message:
    return Message(f"r-{number[-4:]}", number, language, Text(short=words), **more)


def events() -> dict[str, str]:
    """What was said, by whom."""
    return {event.text or "": event.sender or "" for event in InboundEvent.objects.all()}


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_we_send_is_what_phones_show(gateway: Kannel, air: Air, method: str) -> None:
    """GSM-7 with its escaped letters, UCS-2, several parts of each: letter by letter, in as many parts as was
    said; by a POST nothing of it stands in an address.
    """
    backend = KannelBackend("sms", gateway.options(method=method))
    said = {
        "+212600000101": (FRENCH, "gsm7"),
        "+212600000102": ("Garçon disparu à Fès… « Yassine »", "ucs2"),
        "+212600000103": (ARABIC, "ucs2"),
        "+212600000104": (FRENCH + " {é€}" * 60, "gsm7"),
        "+212600000105": (ARABIC + " طفلة مفقودة" * 20, "ucs2"),
    }
    outcomes = backend.send([to(number, words) for number, (words, _) in said.items()])
    fits = [backend.fit(to(number, words)) for number, (words, _) in said.items()]
    assert [type(outcome) for outcome in outcomes] == [Accepted] * len(said)
    air.wait_for(sum(fit.parts for fit in fits))
    assert air.heard() == [(number, coding, words) for number, (words, coding) in said.items()]
    assert air.parts() == sum(fit.parts for fit in fits)
    assert [fit.encoding for fit in fits] == [coding for _, coding in said.values()]


def test_a_wrong_password_and_a_wrong_number_are_told_apart(gateway: Kannel, air: Air) -> None:
    denied = KannelBackend("sms", gateway.options(password="wrong"))
    lost = KannelBackend("sms", gateway.options(url=gateway.sendsms.replace("sendsms", "elsewhere")))
    assert [problem.kind for problem in denied.check()] == ["credentials"]
    assert denied.send([to(PHONE, "x")]) == [DeliveryError(permanent=False, kind="credentials", detail="403")]
    assert lost.send([to(PHONE, "x")]) == [DeliveryError(permanent=False, kind="configuration", detail="404")]
    for method in ("get", "post"):
        assert KannelBackend("sms", gateway.options(method=method)).check() == []
    assert air.parts() == 0


def test_reports_move_our_deliveries(doors: Doors, backend: KannelBackend, air: Air) -> None:
    batch = make.told(1)
    batch.deliveries.update(state="accepted", alias="sms")
    told = Message(reference(batch.deliveries.get().pk), PHONE, "ar", Text(short=ARABIC))
    assert [type(outcome) for outcome in backend.send([told])] == [Accepted]
    doors.wait_for(2)
    assert set(Receipt.objects.values_list("state", flat=True)) == {"accepted", "delivered"}
    receipts.fold()
    assert make.states(batch) == ["delivered"]


def test_what_phones_write_comes_to_our_door_and_nobody_is_answered(
    doors: Doors, backend: KannelBackend, air: Air
) -> None:
    """Arabic in a phone's own charset, the number in whatever form, and the trap: without max-messages = 0
    our empty answer goes out as an SMS.
    """
    said = {PHONE: "رأيت الطفلة قرب المحطة", "212600000043": "توقف", "00212600000044": "STOP"}
    for number, (phone, words) in enumerate(said.items(), 1):
        air.write(phone, words)
        doors.wait_for(number)
    assert events() == {
        "رأيت الطفلة قرب المحطة": PHONE,
        "توقف": "+212600000043",
        "STOP": "+212600000044",
    }
    assert [words for words in events() if means_stop(words)] == ["توقف", "STOP"]
    assert set(InboundEvent.objects.values_list("channel", flat=True)) == {"sms"}
    air.write(PHONE, "trap")
    air.wait_for(1)
    (reply,) = air.heard()  # after four messages, one answer: from the one service that lacks it
    assert reply[0] == PHONE
    assert "mpty" in reply[2]


@pytest.mark.long
def test_what_phones_write_is_read_from_a_query_too(doors: Doors, backend: KannelBackend) -> None:
    with real.kannel(doors.address("sms"), incoming=real.GET_URL) as other, real.air(other) as phones:
        phones.write("212600000043", "رأيتها أمس")
        doors.wait_for(1)
        phones.write(PHONE, "J'ai vu & entendu 100% + 1")
        doors.wait_for(2)
    assert events() == {"رأيتها أمس": "+212600000043", "J'ai vu & entendu 100% + 1": PHONE}


@pytest.mark.long
def test_what_phones_write_while_our_door_is_shut_is_brought_again(
    doors: Doors, backend: KannelBackend, air: Air, settings: Settings
) -> None:
    """With http-request-retry, as docs/channels.md says; without it the words were lost."""
    settings.HOOK_TOKENS = {}
    air.write(PHONE, "vu")
    doors.wait_for(1)
    settings.HOOK_TOKENS = {"sms": token("sms")}
    doors.wait_for(2)
    assert events() == {"vu": PHONE}
