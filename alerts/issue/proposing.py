"""A proposal: everything that will be said, frozen."""

from __future__ import annotations

from alerts.models import Version
from trust.models import Officer


def propose(version: Version, officer: Officer) -> Version:
    """Freeze texts, ends, photo, area, channels and duration; digest them; ask for a signature."""
    raise NotImplementedError
