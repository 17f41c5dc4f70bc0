"""Our own numbers and mailboxes: what comes from them is our own words come back, and is never answered."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

# Options of gateways that name what we send from.
NAMED = (
    "sender",
    "from_address",
    "return_path",
    "leave_address",
    "page_id",
    "ig_user_id",
)


@lru_cache(maxsize=1)
def ours() -> frozenset[str]:
    """Return every address we send from, in lower case."""
    found = set()
    for entry in settings.NOTIFIER.values():
        for options in (entry.get("OPTIONS", {}), entry.get("SIMULATOR", {})):
            found |= {str(options[name]).strip().lower() for name in NAMED if options.get(name)}
    return frozenset(found | {_bare(one) for one in found})


def _bare(address: str) -> str:
    """Return the mailbox of "Name <mailbox>"."""
    return address.rpartition("<")[2].rstrip(">").strip()


@receiver(setting_changed, dispatch_uid="tips.own_addresses")
def _forget(*, setting: str, **_more: object) -> None:
    if setting == "NOTIFIER":
        ours.cache_clear()
