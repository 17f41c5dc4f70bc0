"""What kind of channel a channel is, asked of the backend that speaks for it."""

from __future__ import annotations

from notifier import registry


def is_direct(channel: str) -> bool:
    """Say whether the channel reaches people one by one; a broadcast is posted once for all."""
    return registry.backend_class(registry.aliases_for(channel)[0]).direct


def is_known(channel: str) -> bool:
    return bool(registry.aliases_for(channel))
