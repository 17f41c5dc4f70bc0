"""A signature: the second officer decides on exactly what is shown."""

from __future__ import annotations

from datetime import datetime

from trust.models import Officer

from alerts.models import Version


def sign(version: Version, officer: Officer, *, digest: str, factor_at: datetime | None) -> Version:
    """Sign what was shown under this digest, make it public and start the sending."""
    raise NotImplementedError


def send_back(version: Version, officer: Officer, reason: str) -> Version:
    """Return a proposal to its unit with a reason."""
    raise NotImplementedError


def refuse(version: Version, officer: Officer, reason: str) -> Version:
    """Refuse a proposal for good."""
    raise NotImplementedError
