"""Channels that no gateway speaks for: persons carry the message, and a person says when it was done.

They stand beside NOTIFIER: a version names them, a guardian allows them, and nothing here sends anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

RELAYS, PROGRAMME = "relays", "meta_programme"


@dataclass(frozen=True)
class ByHand:
    """Hold what is asked of a channel before anybody carries a word."""

    leaves_country: bool
    carries_media: bool


KNOWN: Mapping[str, ByHand] = {
    RELAYS: ByHand(leaves_country=False, carries_media=False),
    PROGRAMME: ByHand(leaves_country=True, carries_media=True),
}


def channels() -> list[str]:
    """Return the channels of this kind that the deployment has (CHANNELS_BY_HAND)."""
    return [channel for channel in settings.CHANNELS_BY_HAND if channel in KNOWN]


def leaves_country(channel: str) -> bool:
    return KNOWN[channel].leaves_country
