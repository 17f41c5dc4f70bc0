"""Codes cost money and wake people: how many leave, from one network, to one address or to some alike."""

from __future__ import annotations

import logging

from django.conf import settings

from alerts.addresses import AddressRefused
from trust import throttle

logger = logging.getLogger(__name__)

HOUR_S, DAY_S = 3600, 24 * 3600
CODES_AN_HOUR, CODES_A_DAY = 3, 10  # to one address
ALIKE_AN_HOUR = 10  # to numbers alike but for their last figures: so asks whom a carrier pays for codes
LAST_FIGURES = 3
PAID = ("sms", "whatsapp")


def spare(network: str) -> None:
    """Count a wish from a network, "" an unknown one; raise AddressRefused("crowded") beyond the limit."""
    limit = settings.SUBSCRIBE_NETWORK_AN_HOUR
    if network and not throttle.hit("subscribe network", network, limit=limit, period_s=HOUR_S):
        raise AddressRefused("crowded")


def may_send(channel: str, address: str) -> bool:
    """Count a code to a normalised address; False where it had as many as it may, which nobody is told.

    A number counts once for SMS and WhatsApp, a mailbox once for all its tags (amal+x@…).

    Raise AddressRefused("crowded") where others took what there is: that says nothing of this address.
    """
    one = _untagged(address) if channel == "email" else address
    if not throttle.hit("subscribe", one, limit=CODES_AN_HOUR, period_s=HOUR_S):
        return False
    if not throttle.hit("subscribe day", one, limit=CODES_A_DAY, period_s=DAY_S):
        return False
    if channel in PAID:
        _pay(address)
    return True


def _untagged(mailbox: str) -> str:
    name, _at, domain = mailbox.rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def _pay(number: str) -> None:
    alike = number[:-LAST_FIGURES]
    if not throttle.hit("subscribe alike", alike, limit=ALIKE_AN_HOUR, period_s=HOUR_S):
        raise AddressRefused("crowded")
    limit = settings.SUBSCRIBE_CODES_AN_HOUR
    if not throttle.hit("subscribe paid", "all", limit=limit, period_s=HOUR_S):
        logger.error("subscribing: the %d codes of this hour are spent: a flood, or too low a limit", limit)
        raise AddressRefused("crowded")
