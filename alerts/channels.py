"""What kind of channel a channel is, asked of the backend that speaks for it."""

from __future__ import annotations

from notifier import gateways, registry


def is_direct(channel: str) -> bool:
    """Say whether the channel reaches people one by one; a broadcast is posted once for all."""
    return registry.backend_class(registry.aliases_for(channel)[0]).direct


def is_known(channel: str) -> bool:
    return bool(registry.aliases_for(channel))


def per_second(channel: str) -> float | None:
    """Return how many units a second the channel's gateways agreed to take together; None is no limit.

    Units are the parts of an SMS, else messages. A simulator may be quicker.
    """
    return gateways.per_second(channel)
