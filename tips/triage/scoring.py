"""A score that orders the queue, and a danger apart, each point with its reason. Pure."""

from __future__ import annotations

from tips.triage.model import Circumstances, Read, Scored


def score(told: Read, around: Circumstances) -> Scored:
    """Return the order of a tip (0-100) and its danger (0-100); every point has its reason."""
    return Scored(0, 0, ())
