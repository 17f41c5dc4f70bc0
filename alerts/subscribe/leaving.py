"""Leaving: at once, for good, and without a question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from alerts import addresses
from alerts.models import Address, Subscription
from alerts.subscribe.asking import forget
from notifier import outbox
from trust import audit, clock, keys

_TOKEN = re.compile(r"[0-9a-f]{64}", re.ASCII)
PHONES = ("sms", "whatsapp")  # one number, two channels
OPTED_OUT = "opted_out"  # said to a provider, and as good as said to us


def end(subscription: Subscription, *, reason: str = "") -> bool:
    """End it and destroy its key, so that no address is left to read; False when it was over before.

    `reason` is a code for the log.
    """
    with transaction.atomic():
        now = clock.now()
        open_ones = Subscription.objects.filter(pk=subscription.pk, ended_at=None)
        if not open_ones.update(ended_at=now):
            return False
        subscription.ended_at = now
        outbox.silence(subscription.pk)
        subscription.follows.all().delete()
        subscription.addresses.all().delete()
        keys.destroy(subscription.pk)
        audit.record("subscription.ended", subscription, reason=reason)
    return True


def end_person(person: UUID) -> bool:
    """End the subscription whose UUID this is; False where there is none, or none any more."""
    subscription = Subscription.objects.filter(pk=person).first()
    return subscription is not None and end(subscription)


def end_by_address(channel: str, address: str, *, reason: str = "stop") -> bool:
    """End whoever confirmed this address, on all their addresses; say whether somebody had.

    STOP on one channel is STOP on every one: a number is looked for as SMS and as WhatsApp. Where the address
    was only typed and never confirmed it is taken out, and whoever typed it keeps the rest.
    """
    return _end_all(_held(PHONES if channel in PHONES else (channel,), address), reason)


def language_of_address(channel: str, address: str) -> str:
    """Return the language that whoever confirmed this address chose, "" where nobody has (a query or two)."""
    rows = _held(PHONES if channel in PHONES else (channel,), address)
    return next((str(row.subscription.language) for row in rows if row.confirmed_at is not None), "")


def address_gone(channel: str, address: str, reason: str) -> int:
    """End an address by a fact its provider told (`opted_out`, `gone`, `bounced`); count those ended.

    `address` is the address itself or its addresses.token(). The person stays where they confirmed another
    one, else their subscription ends; who told the provider to stop (`opted_out`) is told nothing anywhere,
    as by end_by_address(). The log gets the reason, a code, and nothing of the address. A second call finds
    nothing and returns 0.
    """
    with transaction.atomic():
        held = _held((channel,), address)
        if reason == OPTED_OUT:
            return int(_end_all([*held, *_twins(held)], reason))
        return sum(_take_out(row, reason) for row in held)


def _end_all(rows: Iterable[Address], reason: str) -> bool:
    confirmed = False
    # What only waits comes first: whoever confirms it at this moment holds it, and waits for the person.
    for row in sorted(rows, key=lambda row: row.confirmed_at is not None):
        if row.confirmed_at is None:
            _take_out(row, reason)
        else:
            confirmed = end(row.subscription, reason=reason) or confirmed
    return confirmed


def _twins(rows: Iterable[Address]) -> list[Address]:
    """Return who holds one of these numbers on the other channel of phones; the numbers are opened for it."""
    found: list[Address] = []
    phones = [row for row in rows if row.channel in PHONES]
    opened = keys.open_many((row.subscription_id, addresses.FIELD, bytes(row.value)) for row in phones)
    for row, plain in zip(phones, opened, strict=True):
        if plain is not None:
            found += _held(tuple(name for name in PHONES if name != row.channel), plain.decode())
    return found


def _held(channels: tuple[str, ...], address: str) -> list[Address]:
    """Return the rows of an address, each with its subscription; none for what is no address."""
    found: list[Address] = []
    for channel in channels:
        token = _token(channel, address)
        if token:
            rows = Address.objects.filter(channel=channel, token=token)
            found += rows.select_related("subscription").order_by("pk")
    return found


def _token(channel: str, address: str) -> str:
    if _TOKEN.fullmatch(address):
        return address
    try:
        return addresses.token(channel, addresses.normalise(channel, address))
    except addresses.AddressRefused:
        return ""


def _take_out(address: Address, reason: str) -> bool:
    """Delete an address, and with the last confirmed one the subscription; False where it is gone already."""
    with transaction.atomic():
        # Two ways of one person may fail at once: whoever comes second must see that the first is gone.
        person = Subscription.objects.select_for_update().filter(pk=address.subscription_id).first()
        if person is None or not Address.objects.filter(pk=address.pk).delete()[0]:
            return False
        outbox.silence(person.pk, address=bytes(address.value))
        left = person.addresses.filter(confirmed_at__isnull=False)
        if person.confirmed_at is None:
            forget(person.pk)
        elif not left.exists():
            end(person, reason=reason)
        elif address.confirmed_at is not None:
            audit.record("subscription.address_ended", person, reason=reason)
    return True
