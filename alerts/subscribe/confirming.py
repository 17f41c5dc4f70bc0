"""What came back from an address: from then on it counts."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alerts import addresses
from alerts.models import Address, Subscription
from alerts.subscribe import joining, pages
from alerts.subscribe.asking import CODE_VALID, WRITTEN_FIGURES, hashed, hashed_written
from notifier import outbox
from notifier.message import Text
from trust import clock, keys, throttle
from trust.digits import western

GUESSES = 5  # for one code: one in 200,000 guesses right
WROTE = "wrote"
WRITTEN_AN_HOUR = 10  # messages with figures in them, from one sender
_FIGURES = re.compile(rf"(?<!\d)\d{{{WRITTEN_FIGURES}}}(?!\d)", re.ASCII)


def confirm(pending: UUID, code: str) -> UUID | None:
    """Count the address and its place from now on; return the person, who may have been known before.

    None for a wrong, late or overtried code.
    """
    if not Address.objects.filter(subscription=pending, confirmed_at=None).exists():
        return None  # made-up ones leave no row behind
    if not throttle.hit("subscribe code", str(pending), limit=GUESSES, period_s=3600):
        return None
    given = hashed(pending, western(code).replace(" ", ""))

    def count() -> UUID | None:
        now = clock.now()
        address = _waiting(now, subscription=pending)
        if address is None or not hmac.compare_digest(given, address.code_hash):
            return None
        return joining.count(address, now)

    return _in_one(count)


def came_back(code: str) -> UUID | None:
    """Count a browser whose worker posted the code of its test push; None as confirm()."""
    pending, _dot, secret = code.partition(".")
    try:
        owner = UUID(pending)
    except ValueError:
        return None
    person = confirm(owner, secret)
    if person is not None:
        _remember(owner, person)
    return person


def written(channel: str, sender: str, text: str) -> UUID | None:
    """Count whoever wrote us the figures a page showed; None where the words hold no such figures.

    May be called with every message: what is none of this is left alone.
    """
    found = _FIGURES.findall(western(text)) if channel == "whatsapp" else []
    if len(found) != 1 or not sender:
        return None
    token = addresses.token(channel, sender)
    if not throttle.hit("subscribe written", token, limit=WRITTEN_AN_HOUR, period_s=3600):
        return None

    def count() -> UUID | None:
        now = clock.now()
        address = _waiting(now, channel=channel, token="", code_hash=hashed_written(found[0]))
        return None if address is None else _count_writer(address, sender, now)

    return _in_one(count)


def confirmed_as(pending: UUID) -> UUID | None:
    """Return the person a browser became in the last half hour, or a writer joined: their page waits for it.

    None for any other writer. Who shows somebody else the words and waits would be led to that one's page:
    it is opened by our answer, which only the writer reads.
    """
    found = cache.get(_key(pending), WROTE)
    return UUID(found) if found != WROTE else None


def has_written(pending: UUID) -> bool:
    """Say whether the message that a page asked for came in the last half hour, from whomever."""
    return bool(cache.get(_key(pending)) == WROTE)


def _in_one(count: Callable[[], UUID | None]) -> UUID | None:
    """Count in one transaction; once more where the same address was counted elsewhere at that moment."""
    try:
        with transaction.atomic():
            return count()
    except IntegrityError:
        with transaction.atomic():
            return count()


def _waiting(now: datetime, **which: Any) -> Address | None:
    """Return the address that waits, locked after its subscription: the order in which leaving takes them."""
    rows = Address.objects.filter(confirmed_at=None, code_until__gt=now, **which)
    owners = rows.values("subscription")
    if Subscription.objects.select_for_update().filter(pk__in=owners).first() is None:
        return None
    return rows.select_for_update(of=("self",)).select_related("subscription").first()


def _count_writer(address: Address, sender: str, now: datetime) -> UUID | None:
    owner = address.subscription_id
    try:
        normalised = addresses.normalise(address.channel, sender)
    except addresses.AddressRefused:
        return None
    address.value = keys.seal(owner, addresses.FIELD, normalised.encode())
    address.token = addresses.token(address.channel, normalised)
    address.save(update_fields=["value", "token"])
    joins = address.subscription.joins
    person = joining.count(address, now, may_move=False)
    if person is not None and person == joins:
        _remember(owner, person)  # whoever waits has that page open
    else:
        cache.set(_key(owner), WROTE, CODE_VALID.total_seconds())
    if person is not None:
        _thank(person, normalised)
    return person


def _thank(person: UUID, address: str) -> None:
    """Answer the message with the way to the page, where somebody is told: the writer is not at ours now."""
    spoken = Subscription.objects.active().filter(pk=person).values_list("language", flat=True).first()
    if spoken is None:
        return
    with translation.override(spoken):
        told = _("You will be told here when a child goes missing near your place. STOP ends it.")
        change = _("To change how you are told, within an hour:")
        words = f"{told}\n{change}\n{settings.PUBLIC_URL}{reverse('alerts:mine', args=[pages.token(person)])}"
    batch = outbox.open_batch(
        kind="answer",
        subject=uuid4(),
        channel="whatsapp",
        texts={spoken: Text(subject=words, body=words, short=words)},
        key_owner=person,
        expires_at=clock.now() + CODE_VALID,
    )
    outbox.record_people(batch, [(person, address, spoken)])


def _remember(pending: UUID, person: UUID) -> None:
    cache.set(_key(pending), person.hex, CODE_VALID.total_seconds())


def _key(pending: UUID) -> str:
    return keys.token("subscribe confirmed", str(pending))
