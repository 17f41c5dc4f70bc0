"""Retention as one act: every app forgets what its term is over for. It takes no time from its caller."""

from collections.abc import Callable

import cases.retention
from alerts import retention as alerts
from notifier import retention as notifier
from tips import retention as tips
from trust import retention as trust

Purge = Callable[..., dict[str, int]]
APPS: dict[str, Purge] = {
    "tips": tips.purge,
    "alerts": alerts.purge,
    "cases": cases.retention.purge,
    "notifier": notifier.purge,
    "trust": trust.purge,
}


def purge(*, dry_run: bool = False) -> dict[str, dict[str, int]]:
    """Return how many rows and files each app forgot, or would forget."""
    return {name: forget(dry_run=dry_run) for name, forget in APPS.items()}
