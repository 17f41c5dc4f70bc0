"""Browsers change their push subscription by themselves, and say so once."""

from __future__ import annotations

from alerts import addresses
from alerts.models import Address
from alerts.subscribe.asking import ask


def renew(old: str, new: str) -> bool:
    """Ask a browser's new subscription to prove itself beside the old one; False where nobody holds the old.

    Whoever knows the old one whole is that browser. Its service ends the old by 410.
    """
    try:
        token = addresses.token("webpush", addresses.normalise("webpush", old))
        held = Address.objects.filter(channel="webpush", token=token, confirmed_at__isnull=False)
        row = held.select_related("subscription").first()
        if row is None:
            return False
        ask("webpush", new, row.subscription.language, joins=row.subscription_id)
    except addresses.AddressRefused:
        return False
    return True
