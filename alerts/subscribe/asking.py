"""Double opt-in: a code goes to the address that was given, and counts only when it comes back."""

from __future__ import annotations

import hmac
import secrets
import uuid
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from alerts import addresses, language, wording
from alerts.models import Address, Follow, Subscription
from notifier import outbox
from notifier.message import Text
from trust import audit, clock, keys, throttle
from trust.digits import western

CODE_VALID = timedelta(minutes=30)
CODES_AN_HOUR = 3  # to one address
GUESSES = 5  # for one code: one in 200,000 guesses right
TEXT_VERSION = "1"


def ask(channel: str, address: str, spoken: str, *, cell: int | None = None, region: str = "") -> UUID:
    """Send a code to the address and return what confirm() needs; raise addresses.AddressRefused.

    The answer is the same whether the address is known, new, or asked too often: it tells nothing.
    """
    normalised = addresses.normalise(channel, address)
    token = addresses.token(channel, normalised)
    if not throttle.hit("subscribe", token, limit=CODES_AN_HOUR, period_s=3600):
        return uuid.uuid4()
    with transaction.atomic():
        now = clock.now()
        pending = Subscription.objects.create(language=spoken, created_at=now)
        keys.create(pending.pk, "person")
        code = f"{secrets.randbelow(1_000_000):06d}"
        Address.objects.create(
            subscription=pending,
            channel=channel,
            value=keys.seal(pending.pk, addresses.FIELD, normalised.encode()),
            token=token,
            code_hash=_hash(pending.pk, code),
            code_until=now + CODE_VALID,
        )
        Follow.objects.create(subscription=pending, cell=cell, region=region)
        _send(pending, channel, normalised, code, now)
    return pending.pk


def confirm(pending: UUID, code: str) -> bool:
    """Count the address and its place from now on; False for a wrong, late or overtried code."""
    if not throttle.hit("subscribe code", str(pending), limit=GUESSES, period_s=3600):
        return False
    with transaction.atomic():
        now = clock.now()
        address = (
            Address.objects.select_for_update(of=("self",))
            .select_related("subscription")
            .filter(subscription=pending, confirmed_at=None, code_until__gt=now)
            .first()
        )
        given = _hash(pending, western(code).replace(" ", ""))
        if address is None or not hmac.compare_digest(given, address.code_hash):
            return False
        _count(address, now)
    return True


def _count(address: Address, now: datetime) -> None:
    """Confirm, or give the place to the subscription that holds the address already."""
    known = Address.objects.filter(
        channel=address.channel, token=address.token, confirmed_at__isnull=False
    ).first()
    if known is not None:
        _join(address.subscription, known.subscription)
        return
    address.confirmed_at, address.code_hash, address.code_until = now, "", None
    address.save(update_fields=["confirmed_at", "code_hash", "code_until"])
    subscription = address.subscription
    subscription.confirmed_at = now
    subscription.proof = {"text": TEXT_VERSION, "channel": address.channel, "at": now.isoformat()}
    subscription.save(update_fields=["confirmed_at", "proof"])
    subscription.follows.update(active=True)
    audit.record("subscription.confirmed", subscription)


def _join(pending: Subscription, known: Subscription) -> None:
    """Move the places of a pending subscription to a confirmed one, and forget the pending one."""
    held = set(known.follows.values_list("cell", "region"))
    for follow in pending.follows.all():
        if (follow.cell, follow.region) not in held:
            Follow.objects.create(subscription=known, cell=follow.cell, region=follow.region, active=True)
    Subscription.objects.filter(pk=known.pk).update(language=pending.language)
    forget(pending.pk)


def forget(subscription: UUID) -> None:
    """Delete a subscription that never counted, and its key."""
    Subscription.objects.filter(pk=subscription, confirmed_at=None).delete()
    keys.destroy(subscription)


def _send(pending: Subscription, channel: str, address: str, code: str, now: datetime) -> None:
    minutes = int(CODE_VALID.total_seconds() // 60)
    said = wording.confirmation(code, minutes, language.load(pending.language)).words
    batch = outbox.open_batch(
        kind="confirmation",
        subject=pending.pk,
        channel=channel,
        texts={pending.language: Text(subject=said["subject"], body=said["body"], short=said["short"])},
        key_owner=pending.pk,
        expires_at=now + CODE_VALID,
    )
    outbox.record_people(batch, [(pending.pk, address, pending.language)])


def _hash(pending: UUID, code: str) -> str:
    return keys.token("subscribe code", f"{pending}:{code}")
