"""Double opt-in: what goes out to an address, or must come in from it, before it counts.

A code goes to a number or a mailbox, a secret inside a test push to a browser. Whom no code reaches on
WhatsApp writes to us: their message holds a code that the page showed, and comes from the address that is to
count.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alerts import addresses, language, wording
from alerts.models import Address, Follow, Subscription
from alerts.subscribe import sparing
from notifier import outbox
from notifier.message import Text
from trust import clock, keys

CODE_VALID = timedelta(minutes=30)
WRITTEN_FIGURES = 10  # with a thousand people waiting, ten million messages guess one


@dataclass(frozen=True)
class Wish:
    """Hold what somebody asks for: their language, a place, the person an address is to join; from where."""

    language: str
    cell: int | None = None
    region: str = ""
    joins: UUID | None = None
    network: str = ""


def ask(
    channel: str,
    address: str,
    spoken: str,
    *,
    cell: int | None = None,
    region: str = "",
    joins: UUID | None = None,
    network: str = "",
) -> UUID:
    """Send a code to the address and return what confirm() needs; raise addresses.AddressRefused.

    The answer is the same whether the address is known, new, or asked too often: it tells nothing. With
    `joins` the address becomes a further one of that person; without a place it only proves who they are.
    Refused are numbers no code is sent to ("abroad"), and whatever comes in a flood ("crowded").
    """
    normalised = addresses.normalise(channel, address)
    if not addresses.takes_code(channel, normalised):
        raise addresses.AddressRefused("abroad")
    sparing.spare(network)
    if not sparing.may_send(channel, normalised):
        return uuid.uuid4()
    code = secrets.token_urlsafe(18) if channel == "webpush" else f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        now = clock.now()
        pending = _pending(Wish(spoken, cell, region, joins), now)
        Address.objects.create(
            subscription=pending,
            channel=channel,
            value=keys.seal(pending.pk, addresses.FIELD, normalised.encode()),
            token=addresses.token(channel, normalised),
            code_hash=hashed(pending.pk, code),
            code_until=now + CODE_VALID,
        )
        _send(pending, channel, normalised, code, now)
    return pending.pk


def ask_to_write(wish: Wish) -> UUID:
    """Wait for a WhatsApp message that holds written_code(); whoever writes it gives the address.

    Raise addresses.AddressRefused where too many ask from there.
    """
    sparing.spare(wish.network)
    with transaction.atomic():
        now = clock.now()
        pending = _pending(wish, now)
        Address.objects.create(
            subscription=pending,
            channel="whatsapp",
            value=b"",
            token="",
            code_hash=hashed_written(written_code(pending.pk)),
            code_until=now + CODE_VALID,
        )
    return pending.pk


def written_code(pending: UUID) -> str:
    """Return the figures that the page shows for a pending subscription, whether there is one or not."""
    return f"{int(keys.token('subscribe shown', str(pending)), 16) % 10**WRITTEN_FIGURES:0{WRITTEN_FIGURES}d}"


def hashed(pending: UUID, code: str) -> str:
    return keys.token("subscribe code", f"{pending}:{code}")


def hashed_written(code: str) -> str:
    return keys.token("subscribe written", code)


def forget(subscription: UUID) -> None:
    """Delete a subscription that never counted, and its key."""
    if Subscription.objects.filter(pk=subscription, confirmed_at=None).delete()[0]:
        keys.destroy(subscription)


def _pending(wish: Wish, now: datetime) -> Subscription:
    proof = {"joins": str(wish.joins)} if wish.joins else {}
    pending = Subscription.objects.create(language=wish.language, created_at=now, proof=proof)
    keys.create(pending.pk, "person")
    if wish.cell is not None or wish.region:
        Follow.objects.create(subscription=pending, cell=wish.cell, region=wish.region)
    return pending


def _send(pending: Subscription, channel: str, address: str, code: str, now: datetime) -> None:
    said = _test_push(pending, code) if channel == "webpush" else _code(pending.language, code)
    batch = outbox.open_batch(
        kind="confirmation",
        subject=pending.pk,
        channel=channel,
        texts={pending.language: said},
        key_owner=pending.pk,
        expires_at=now + CODE_VALID,
    )
    outbox.record_people(batch, [(pending.pk, address, pending.language)])


def _code(spoken: str, code: str) -> Text:
    minutes = int(CODE_VALID.total_seconds() // 60)
    said = wording.confirmation(code, minutes, language.load(spoken)).words
    return Text(subject=said["subject"], body=said["body"], short=said["short"], code=code)


def _test_push(pending: Subscription, secret: str) -> Text:
    """The worker posts the code back; the notification it must show says that it works."""
    with translation.override(pending.language):
        subject, line = _("Notifications work in this browser"), _("You will be told here.")
        url = settings.PUBLIC_URL + reverse("alerts:home")
    return Text(subject=subject, body=line, short=line, url=url, code=f"{pending.pk.hex}.{secret}")
