"""A confirmed address finds its person: the one who asked, the one who held it before, or both as one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from alerts import addresses
from alerts.models import Address, Follow, Subscription
from alerts.subscribe.asking import forget
from alerts.subscribe.leaving import end
from trust import audit, keys

TEXT_VERSION = "2"  # of the words people agree to on the page
ADDRESSES_AT_MOST = 6  # of one person


def count(address: Address, now: datetime, *, may_move: bool = True) -> UUID | None:
    """Count a proven address in the caller's transaction and return whose it is.

    None where it was to join somebody who has left meanwhile or has as many as one may. Whoever proves an
    address without asking for a place, and is told nothing, gets an identity that leads to no page.
    may_move: whether an address that somebody else holds may join another person.
    """
    pending = address.subscription
    holder = _holder(address)
    if pending.joins is not None and holder is not None and not may_move:
        forget(pending.pk)
        return holder.subscription_id
    if pending.joins is not None:
        return _add(address, pending.joins, holder, now)
    if holder is not None:
        if _give_places(pending, holder.subscription):
            Subscription.objects.filter(pk=holder.subscription_id).update(language=pending.language)
        forget(pending.pk)
        return holder.subscription_id
    if not pending.follows.exists():
        forget(pending.pk)
        return pending.pk
    return _begin(address, now)


def _begin(address: Address, now: datetime) -> UUID:
    address.confirmed_at, address.code_hash, address.code_until = now, "", None
    address.save(update_fields=["confirmed_at", "code_hash", "code_until"])
    subscription = address.subscription
    subscription.confirmed_at = now
    subscription.proof = {"text": TEXT_VERSION, "channel": address.channel, "at": now.isoformat()}
    subscription.save(update_fields=["confirmed_at", "proof"])
    subscription.follows.update(active=True)
    audit.record("subscription.confirmed", subscription)
    return subscription.pk


def _add(address: Address, joins: UUID, holder: Address | None, now: datetime) -> UUID | None:
    """Make it that person's last address; whoever held it before proved less recently that it is theirs."""
    pending = address.subscription
    person = Subscription.objects.select_for_update().filter(pk=joins).first()
    if person is None or not person.is_active or person.addresses.count() >= ADDRESSES_AT_MOST:
        forget(pending.pk)
        return None
    if holder is None or holder.subscription_id != person.pk:
        if holder is not None:
            _take_from(holder, person)
        _place_last(address, person, now)
    forget(pending.pk)
    return person.pk


def _place_last(address: Address, person: Subscription, now: datetime) -> None:
    plain = keys.unseal(address.subscription_id, addresses.FIELD, bytes(address.value))
    last = person.addresses.aggregate(last=Max("position"))["last"]
    Address.objects.create(
        subscription=person,
        channel=address.channel,
        value=keys.seal(person.pk, addresses.FIELD, plain),
        token=address.token,
        position=0 if last is None else last + 1,
        confirmed_at=now,
    )
    added = {"text": TEXT_VERSION, "channel": address.channel, "at": now.isoformat()}
    person.proof = {**person.proof, "added": [*person.proof.get("added", []), added]}
    person.save(update_fields=["proof"])
    audit.record("subscription.address_added", person, reason=address.channel)


def _take_from(holder: Address, person: Subscription) -> None:
    """Move an address here; with the last one its places come too, and the former subscription ends."""
    former = holder.subscription
    holder.delete()
    if not former.addresses.filter(confirmed_at__isnull=False).exists():
        _give_places(former, person)
        end(former, reason="joined")


def _give_places(giver: Subscription, taker: Subscription) -> bool:
    """Have one follow what the other follows; say whether that was anything."""
    held = set(taker.follows.values_list("cell", "region"))
    given = list(giver.follows.all())
    for follow in given:
        if (follow.cell, follow.region) not in held:
            Follow.objects.create(subscription=taker, cell=follow.cell, region=follow.region, active=True)
    return bool(given)


def _holder(address: Address) -> Address | None:
    """Return who holds it, locked: whoever leaves at this moment has left before or leaves after."""
    held = Address.objects.filter(confirmed_at__isnull=False, channel=address.channel, token=address.token)
    owners = held.values("subscription")
    if Subscription.objects.select_for_update().filter(pk__in=owners).first() is None:
        return None
    return held.select_related("subscription").first()
