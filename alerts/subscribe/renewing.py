"""Browsers change their push subscription by themselves, and say so once."""

from __future__ import annotations

from alerts import addresses
from alerts.models import Address
from alerts.subscribe.asking import ask
from trust import throttle

RENEWED_A_DAY = 6  # by one browser: each sends a push to an address that a stranger names


def renew(old: str, new: str) -> bool:
    """Ask a browser's new subscription to prove itself beside the old one; False where nobody holds the old.

    Whoever knows the old one whole is that browser. Its service ends the old by 410.
    """
    try:
        token = addresses.token("webpush", addresses.normalise("webpush", old))
        held = Address.objects.filter(channel="webpush", token=token, confirmed_at__isnull=False)
        row = held.select_related("subscription").first()
        if row is None or not throttle.hit("subscribe renew", token, limit=RENEWED_A_DAY, period_s=24 * 3600):
            return False
        ask("webpush", new, row.subscription.language, joins=row.subscription_id)
    except addresses.AddressRefused:
        return False
    return True
