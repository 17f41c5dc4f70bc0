"""The question of a second person's answer about a version: asked at the proposal, closed once."""

from __future__ import annotations

from alerts import paging
from alerts.models import Version
from trust import clock
from trust.models import Decision, Officer

SIGN, EMERGENCY = "sign", "emergency"


def grant(version: Version, act: str, officer: Officer, digest: str) -> None:
    """Close the question with this officer's yes over the digest, and call nobody more."""
    Decision.objects.get(act=act, subject=version.pk, outcome="").decide("granted", by=officer, digest=digest)
    paging.call_off(version)


def close_decision(version: Version, outcome: str, officer: Officer | None, *, act: str = SIGN) -> None:
    """Close the question without a signature and call nobody more; nothing where it is closed.

    A no that comes after the question's time is kept as lapsed; whoever asked decides nothing.
    """
    paging.call_off(version)
    asked = Decision.objects.filter(act=act, subject=version.pk, outcome="").first()
    if asked is None:
        return
    is_late = asked.expires_at is not None and asked.expires_at <= clock.now()
    other = officer if officer is None or officer.pk != asked.asked_by_id else None
    asked.decide("lapsed" if is_late or other is None else outcome, by=other)
