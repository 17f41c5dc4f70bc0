"""Somebody whose message led nowhere while the words changed: nobody falls between two versions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from alerts import fanout
from alerts.models import Address, Subscription, Version
from notifier import dispatch, fallback, outbox, receipts, references
from notifier.backends import locmem
from notifier.message import DeliveryError, ReceiptEvent
from notifier.models import Delivery
from tests.alerts import scene
from tests.alerts.telling import SENTENCE, WIDE, enrol, gateways, heard, numbers, send, update
from tests.notifier.conftest import later
from trust import clock, keys

__all__ = ["gateways", "later"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]

NO_SUCH_NUMBER = DeliveryError(permanent=True, kind="bad_address")
SECOND_NUMBER = "+212600009999"


def also(channel: str, address: str) -> None:
    """Give the one subscriber a further address."""
    person = Subscription.objects.get().pk
    value = keys.seal(person, "address", address.encode())
    Address.objects.create(
        subscription_id=person,
        channel=channel,
        value=value,
        token=address,
        position=9,
        confirmed_at=clock.now(),
    )


def refused_by_sms(version: Version) -> None:
    """Send, and have the gateway refuse the one number; nobody looks for the next way yet."""
    fanout.fan_out(version.pk)
    locmem.answers["sms"] = [NO_SUCH_NUMBER]
    Delivery.objects.update(falls_at=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fallback, "fall_over", lambda: 0)
        dispatch.work("sms")
    assert Delivery.objects.get().state == "failed"


def go_on(version: Version) -> None:
    for _ in range(3):
        send(version)
        fallback.fall_over()


@pytest.mark.parametrize("changes", [{"additions": SENTENCE}, {"area": WIDE}])
def test_who_waits_for_the_next_channel_is_told_by_it_in_the_new_words(changes: dict[str, Any]):
    enrol(1)
    also("email", "n1@example.org")
    first = scene.signed(channels=["sms", "email"])
    refused_by_sms(first)
    go_on(update(first, **changes))
    assert numbers() == {}
    assert len(heard("email")["n1@example.org"]) == 1
    assert outbox.equation([first.alert_id]).accepted == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("changes", [{"additions": SENTENCE}, {"area": WIDE}])
def test_who_waits_for_a_second_number_is_told_there_in_the_new_words(changes: dict[str, Any]):
    enrol(1)
    also("sms", SECOND_NUMBER)
    first = scene.signed(channels=["sms"])
    refused_by_sms(first)
    go_on(update(first, **changes))
    assert {to: len(said) for to, said in heard().items()} == {SECOND_NUMBER: 1}
    counts = outbox.equation([first.alert_id])
    assert (counts.targeted, counts.accepted) == (1, 1)


def test_a_refusal_that_comes_after_the_update_was_recorded_is_not_the_end_of_it():
    """On the wire while an update is signed; the carrier's no arrives minutes later."""
    enrol(1)
    also("email", "n1@example.org")
    first = scene.signed(channels=["sms", "email"])
    fanout.fan_out(first.pk)
    dispatch.work("sms")
    second = update(first, additions=SENTENCE)
    fanout.fan_out(second.pk)
    delivery = Delivery.objects.get(subject=first.alert_id)
    reported(delivery, "failed")
    go_on(second)
    assert len(heard()[next(iter(heard()))]) == 1  # the first words: an update to a dead number is held back
    assert len(heard("email")["n1@example.org"]) == 1


def test_who_heard_the_update_is_not_told_it_a_second_time_for_an_old_refusal():
    enrol(1)
    also("email", "n1@example.org")
    first = scene.signed(channels=["sms", "email"])
    send(first)
    second = update(first, additions=SENTENCE)
    send(second)
    reported(Delivery.objects.get(subject=first.alert_id), "failed")
    go_on(second)
    assert numbers() == {1: 2}
    assert heard("email") == {}


def test_who_has_no_further_way_and_who_left_are_told_nothing():
    enrol(1)
    first = scene.signed(channels=["sms", "email"])
    refused_by_sms(first)
    second = update(first, additions=SENTENCE)
    go_on(second)
    assert not Delivery.objects.exclude(falls_at=None).exists()
    also("email", "n1@example.org")
    Subscription.objects.update(ended_at=clock.now())
    Delivery.objects.filter(state="failed").update(falls_at=clock.now())
    go_on(second)
    assert (numbers(), heard("email")) == ({}, {})


@pytest.mark.postgresql
def test_whoever_waits_for_an_sms_gets_the_new_words_by_sms_and_not_by_their_second_channel():
    enrol(1)
    also("email", "n1@example.org")
    first = scene.signed(channels=["sms", "email"])
    fanout.fan_out(first.pk)
    go_on(update(first, additions=SENTENCE))
    assert numbers() == {1: 1}
    assert heard("email") == {}


def test_whoever_waits_for_a_channel_the_update_leaves_out_hears_it_by_another():
    enrol(1)
    also("email", "n1@example.org")
    first = scene.signed(channels=["sms", "email"])
    fanout.fan_out(first.pk)
    go_on(update(first, additions=SENTENCE, channels=["email"]))
    assert numbers() == {}
    assert len(heard("email")["n1@example.org"]) == 1


def test_without_a_receipt_a_widening_does_not_keep_the_next_way_from_being_taken(
    settings: Any,
    later: Callable[..., None],
):
    settings.NOTIFIER["sms"]["SIMULATOR"] = {"receipt_s": 300.0}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locmem.LocmemBackend, "has_receipts", True)
        enrol(1)
        also("email", "n1@example.org")
        first = scene.signed(channels=["sms", "email"])
        send(first)
        second = update(first, area=WIDE)
        send(second)
        later(seconds=400)
        go_on(second)
        later(seconds=fallback.RECORDING / timedelta(seconds=1))
        go_on(second)
    assert numbers() == {1: 1}
    assert len(heard("email")["n1@example.org"]) == 1


def reported(delivery: Delivery, state: Any) -> None:
    reference = references.reference(delivery.pk)
    event = ReceiptEvent("", reference, state, "", None, f"{reference}{state}")
    receipts.append("sms", [event])
    receipts.fold()
