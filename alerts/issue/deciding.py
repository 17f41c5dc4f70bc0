"""The question of a second person's answer about a version: asked at the proposal, closed once."""

from __future__ import annotations

from contextlib import suppress

from alerts import paging
from alerts.models import Version
from trust.models import Decision, Officer

SIGN, EMERGENCY = "sign", "emergency"


def close_decision(version: Version, outcome: str, officer: Officer | None, *, act: str = SIGN) -> None:
    """Close the question without a signature and call nobody more; nothing where it is closed."""
    paging.call_off(version)
    with suppress(Decision.DoesNotExist):
        Decision.objects.get(act=act, subject=version.pk, outcome="").decide(outcome, by=officer)
