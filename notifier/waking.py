"""Telling a worker that there is work. A wake-up may be lost: the sweep finds whatever is due.

Sent by name, so that nothing here imports the tasks; ids and channel names alone travel.
"""

import logging
import time
from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

WORK = "notifier.work"
ANNOUNCE = "notifier.announce"
CHECK = "notifier.check_alias"
STALE_S = 30  # a wake-up nobody read by then says nothing the sweep has not seen
MUTED_S = 5.0  # a dead broker must not hold up every transaction that wants to wake somebody

_muted_until = 0.0


def wake(channel: str) -> None:
    """Have a worker look at `channel` once the caller's transaction is committed. Never raises."""
    transaction.on_commit(partial(send, WORK, channel), robust=True)


def announce(event_id: UUID) -> None:
    """Have a worker announce an inbound event once the caller's transaction is committed. Never raises."""
    transaction.on_commit(partial(send, ANNOUNCE, str(event_id)), robust=True)


def send(task: str, argument: str) -> None:
    """Send a wake-up now. Never raises."""
    global _muted_until
    if time.monotonic() < _muted_until:
        return
    try:
        current_app.send_task(task, args=[argument], retry=False, expires=STALE_S, ignore_result=True)
    except Exception:  # noqa: BLE001  whatever a broker's client raises, the rows are safe and the sweep looks
        _muted_until = time.monotonic() + MUTED_S
        logger.warning("broker unreachable: a wake-up was lost (%s)", task)
