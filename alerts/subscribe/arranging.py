"""A person's addresses, in an order of their own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from alerts import addresses
from alerts.models import Address, Subscription
from alerts.subscribe.leaving import end
from trust import audit, keys


@dataclass(frozen=True)
class Way:
    """Hold one way as its owner sees it: which, of what kind, enough of it to know it again."""

    id: int
    channel: str
    shown: str


def ways_of(person: UUID) -> list[Way]:
    """Return the confirmed addresses of a person who has not left, in their order (two queries)."""
    rows = list(_confirmed(person))
    opened = keys.open_many((person, addresses.FIELD, bytes(row.value)) for row in rows)
    return [
        Way(row.pk, row.channel, addresses.masked(row.channel, plain.decode()))
        for row, plain in zip(rows, opened, strict=True)
        if plain is not None
    ]


def move(person: UUID, address: int, step: int) -> bool:
    """Move an address up (-1) or down (+1); False where it is not theirs or is at that end already."""
    with transaction.atomic():
        _lock(person)
        rows = list(_confirmed(person))
        at = next((place for place, row in enumerate(rows) if row.pk == address), None)
        if at is None or not 0 <= at + step < len(rows):
            return False
        rows.insert(at + step, rows.pop(at))
        _number(rows)
    return True


def remove(person: UUID, address: int) -> bool:
    """Take an address out, and with the last one end the subscription; False where it is not theirs."""
    with transaction.atomic():
        subscription = _lock(person)
        rows = list(_confirmed(person))
        kept = [row for row in rows if row.pk != address]
        if subscription is None or len(kept) == len(rows):
            return False
        if not kept:
            return end(subscription, reason="last_removed")
        Address.objects.filter(pk=address).delete()
        _number(kept)
        audit.record("subscription.address_ended", subscription, reason="removed")
    return True


def _confirmed(person: UUID) -> QuerySet[Address]:
    active = {"subscription": person, "subscription__ended_at": None}
    return Address.objects.filter(confirmed_at__isnull=False, **active).order_by("position", "pk")


def _lock(person: UUID) -> Subscription | None:
    return Subscription.objects.active().select_for_update().filter(pk=person).first()


def _number(rows: list[Address]) -> None:
    for place, row in enumerate(rows):
        if row.position != place:
            Address.objects.filter(pk=row.pk).update(position=place)
