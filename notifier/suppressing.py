"""Addresses that are to be written to no more: what a provider said of them is told to whoever holds them."""

import logging
from collections.abc import Iterable, Mapping
from functools import partial

from django.db import transaction

from notifier import alarms
from notifier.models import Delivery
from notifier.signals import addresses_gone

logger = logging.getLogger(__name__)

OPTED_OUT, GONE, BOUNCED = "opted_out", "gone", "bounced"
# More than a few of those answered at once, and more than a third: it is the gateway that errs.
FEW, SHARE = 10, 1 / 3
AT_ONCE = frozenset({"webpush"})  # where "no such address", said to us at once, is a fact about the address


def reason(kind: str, channel: str, *, is_reported: bool) -> str:
    """Return why an address ends by a refusal of this kind, "" where it stays.

    A gateway that refuses a number at once may err about its form; what it reports later it has tried.
    """
    if kind == "opted_out":
        return OPTED_OUT
    if kind != "bad_address":
        return ""
    if channel in AT_ONCE:
        return GONE
    return BOUNCED if is_reported else ""


def is_plausible(gone: int, answered: int) -> bool:
    """Say whether so many of those answered may be gone at once, and not the gateway be in error."""
    return gone <= FEW or gone <= answered * SHARE


def after_commit(refused: Mapping[int, str], answered: int, *, is_reported: bool = False) -> None:
    """Tell of refused deliveries (by id, with their kind) once the caller's transaction holds.

    answered: how many were answered with them.
    """
    wanted = {pk: kind for pk, kind in refused.items() if kind in ("opted_out", "bad_address")}
    if wanted:
        transaction.on_commit(partial(_tell, wanted, answered, is_reported=is_reported), robust=True)


def _tell(refused: Mapping[int, str], answered: int, *, is_reported: bool) -> None:
    found: dict[tuple[str, str], list[int]] = {}
    aliases: dict[str, str] = {}
    for pk, channel, alias in Delivery.objects.filter(pk__in=list(refused)).values_list(
        "pk", "channel", "alias"
    ):
        why = reason(refused[pk], channel, is_reported=is_reported)
        if why:
            found.setdefault((channel, why), []).append(pk)
            aliases[channel] = alias
    for (channel, why), deliveries in found.items():
        if is_plausible(len(deliveries), answered):
            _announce(channel, why, deliveries)
        else:
            alarms.addresses_doubtful(aliases[channel])


def _announce(channel: str, why: str, deliveries: Iterable[int]) -> None:
    try:
        addresses_gone.send(sender=Delivery, channel=channel, reason=why, deliveries=list(deliveries))
    except Exception as error:  # noqa: BLE001  the messages are written; the next refusal tells again
        logger.error("%s: addresses that are gone: a listener failed with %s", channel, type(error).__name__)
