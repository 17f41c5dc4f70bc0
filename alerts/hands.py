"""Who works the channels without a gateway: told of each version, silenced by each end, shown on its page.

alerts.relays and alerts.programme append themselves to HANDS; alerts.issue and alerts.fanout call down here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from alerts import waking
from alerts.models import Alert, Version
from trust.models import Officer


@dataclass(frozen=True)
class Panel:
    """Hold what a hand shows on the page of a live alert."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Hand:
    """Hold what one channel does.

    tell(version): after a version took force, also one without the channel; may run twice. False where
    consent or the case's key allows no word. silence(alert, at): in the transaction that ends the alert or
    takes a consent back: nothing queued leaves any more, and what was told is marked to be taken back.
    take_back(alert): ask that, after the commit; may run twice. watch(): what beat looks at.
    """

    channel: str
    tell: Callable[[Version], bool]
    silence: Callable[[UUID, datetime], None]
    take_back: Callable[[UUID], None]
    unfinished: Callable[[], Iterable[UUID]]
    watch: Callable[[], None]
    panel: Callable[[Alert, Officer], Panel | None]


HANDS: list[Hand] = []


def tell(version: Version) -> list[str]:
    """Have every hand do what the version asks; return the channels on which nothing may be said."""
    told = {hand.channel: hand.tell(version) for hand in HANDS}
    return [channel for channel, may in told.items() if not may and channel in version.channels]


def silence(alert_id: UUID, at: datetime) -> None:
    """Stop what the hands have queued, within the caller's transaction; take_back() is due after it."""
    for hand in HANDS:
        hand.silence(alert_id, at)
    transaction.on_commit(lambda: waking.wake("alerts.take_back_by_hand", alert_id), robust=True)


def take_back(alert_id: UUID) -> None:
    for hand in HANDS:
        hand.take_back(alert_id)


def unfinished() -> list[UUID]:
    """Return the alerts whose taking back a lost wake-up or a dead worker left undone."""
    return list(dict.fromkeys(alert for hand in HANDS for alert in hand.unfinished()))


def watch() -> None:
    for hand in HANDS:
        hand.watch()


def panels(alert: Alert, officer: Officer) -> list[Panel]:
    made = (hand.panel(alert, officer) for hand in HANDS)
    return [panel for panel in made if panel is not None]
