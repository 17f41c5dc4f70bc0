"""Working the queue off: posts and recalls first, then chunks by priority, ring and order.

Durability is the lease on the row, not the wake-up: whoever calls work() may die at any line.
"""

import time
from datetime import timedelta

from django.conf import settings

from notifier import fallback, posting, sending
from notifier.models import Chunk, Post
from notifier.models.lease import LEASE_S
from trust import clock

WORKERS = 2  # on one channel at once, all hosts together, unless NOTIFIER_WORKERS says otherwise
FRESH_S = 5.0  # a lease not renewed for this long no longer counts as a worker


def work(channel: str, budget_s: float = 5.0) -> bool:
    """Send what is due on `channel` for about `budget_s` seconds; say whether more may be due.

    Must not run inside a transaction. Idle: three small queries. False also when enough others are at it.
    """
    until = time.monotonic() + budget_s
    while time.monotonic() < until:
        if posting.work_one(channel):
            continue
        if _busy(channel) or not sending.work_one(channel, until):
            fallback.fall_over()
            return False
    return True


def waiting_channels() -> list[str]:
    """The channels where something is due and more workers may help (for the sweep)."""
    at = clock.now()
    due = {*Chunk.objects.due(at).values_list("channel", flat=True).distinct().order_by()}
    due |= {*Post.objects.due(at).values_list("channel", flat=True).distinct().order_by()}
    return sorted(channel for channel in due if not _busy(channel))


def _busy(channel: str) -> bool:
    return _workers(channel) >= int(getattr(settings, "NOTIFIER_WORKERS", WORKERS))


def _workers(channel: str) -> int:
    fresh = clock.now() + timedelta(seconds=LEASE_S - FRESH_S)
    return Chunk.objects.held(fresh).filter(channel=channel).count()
