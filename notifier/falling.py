"""Which way to a person is taken when the one before led nowhere. Pure.

A person has ways in order: addresses, each of a channel. The first is taken when an alert is recorded; the
others stand by. A further address of the same channel is tried only after a refusal, never beside a message
that may have arrived; another channel only where the same thing is being said there.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

KINDS = frozenset({"alert", "update", "end"})  # codes and answers go where they were asked for, or nowhere
PATIENCE_S = 120.0  # an account that is refused may be mended within it; then nobody waits who need not


@dataclass(frozen=True, slots=True)
class Way:
    """One confirmed address of a person, sealed."""

    person: UUID
    channel: str
    address: bytes
    language: str


@dataclass(frozen=True, slots=True)
class Tried:
    """Where a message went that led nowhere. channels: all on which the person was told this, or tried."""

    channel: str
    address: bytes
    refused: bool
    channels: Collection[str]


def next_way(ways: Sequence[Way], tried: Tried, spoken: Collection[str]) -> Way | None:
    """The next of a person's ways, None when there is none; `spoken` are the channels that say it now."""
    if tried.refused:
        same = [way for way in ways if way.channel == tried.channel]
        # Not among them any more: it was ended for the refusal, and the others stand where they stood.
        used = next((place for place, way in enumerate(same) if way.address == tried.address), -1)
        if same[used + 1 :]:
            return same[used + 1]
    return next((way for way in ways if way.channel in spoken and way.channel not in tried.channels), None)


def has_unspoken(ways: Sequence[Way], tried: Tried, spoken: Collection[str]) -> bool:
    """Whether a channel of the person's says nothing yet: recording may still come to it."""
    return any(way.channel not in tried.channels and way.channel not in spoken for way in ways)
