"""Leaving: at once, for good, and without a question."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from alerts import addresses
from alerts.models import Address, Subscription
from trust import audit, clock, keys


def end(subscription: Subscription) -> bool:
    """End it and destroy its key, so that no address is left to read; False when it was over before."""
    with transaction.atomic():
        now = clock.now()
        open_ones = Subscription.objects.filter(pk=subscription.pk, ended_at=None)
        if not open_ones.update(ended_at=now):
            return False
        subscription.ended_at = now
        subscription.follows.all().delete()
        subscription.addresses.all().delete()
        keys.destroy(subscription.pk)
        audit.record("subscription.ended", subscription)
    return True


def end_person(person: UUID) -> bool:
    """End the subscription whose UUID this is; False where there is none, or none any more."""
    subscription = Subscription.objects.filter(pk=person).first()
    return subscription is not None and end(subscription)


def end_by_address(channel: str, address: str) -> bool:
    """Take the address out of every subscription that holds it; say whether a confirmed one did.

    A subscription whose last address this was ends.
    """
    try:
        normalised = addresses.normalise(channel, address)
    except addresses.AddressRefused:
        return False
    held = Address.objects.filter(channel=channel, token=addresses.token(channel, normalised))
    confirmed = False
    for row in held.select_related("subscription"):
        confirmed = confirmed or row.confirmed_at is not None
        _take_out(row)
    return confirmed


def _take_out(address: Address) -> None:
    with transaction.atomic():
        if address.subscription.addresses.exclude(pk=address.pk).exists():
            address.delete()
        else:
            end(address.subscription)
