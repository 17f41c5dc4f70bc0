"""What kind of channel a channel is, asked of the backend that speaks for it."""

from __future__ import annotations

from notifier import registry


def is_direct(channel: str) -> bool:
    """Say whether the channel reaches people one by one; a broadcast is posted once for all."""
    return registry.backend_class(registry.aliases_for(channel)[0]).direct


def is_known(channel: str) -> bool:
    return bool(registry.aliases_for(channel))


def per_second(channel: str) -> float | None:
    """Return how many units a second the channel's first gateway agreed to take; None is no limit.

    Units are the parts of an SMS, else messages. A simulator may be quicker.
    """
    alias = registry.aliases_for(channel)[0]
    agreed = registry.options(alias, public=True).get("per_second", registry.backend_class(alias).per_second)
    return float(agreed) if agreed else None
