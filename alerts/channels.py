"""What kind of channel a channel is, asked of the backend that speaks for it."""

from __future__ import annotations

from notifier import gateways, registry

PARTNERS = "cap_partner"


def is_direct(channel: str) -> bool:
    """Say whether a gateway reaches people one by one by it; a broadcast is posted once for all."""
    return is_known(channel) and registry.backend_class(registry.aliases_for(channel)[0]).direct


def is_known(channel: str) -> bool:
    """Say whether a gateway speaks for it to people: persons work some (notifier.hand_channels), and partners
    take documents, which alerts.partners hands over.
    """
    return channel != PARTNERS and bool(registry.aliases_for(channel))


def per_second(channel: str) -> float | None:
    """Return how many units a second the channel's gateways agreed to take together; None is no limit.

    Units are the parts of an SMS, else messages. A simulator may be quicker.
    """
    return gateways.per_second(channel)
