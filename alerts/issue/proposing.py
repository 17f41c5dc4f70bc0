"""A proposal: everything that will be said, frozen."""

from __future__ import annotations

from trust.models import Officer

from alerts.models import Version


def propose(version: Version, officer: Officer) -> Version:
    """Freeze texts, ends, photo, area, channels and duration; digest them; ask for a signature."""
    raise NotImplementedError
