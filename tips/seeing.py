"""An officer reads a tip: the look is logged, and its witness hears that somebody has read it."""

from __future__ import annotations

from django.db import transaction

from tips import answering
from tips.models import Tip
from trust.models import Officer


def see(tip: Tip, officer: Officer) -> None:
    """Log the look; where it is the first by somebody who triages, tell the witness."""
    with transaction.atomic():
        before = tip.state
        tip.read_by(officer)
        if (before, tip.state) == (Tip.State.NEW, Tip.State.SEEN):
            answering.tell(tip, "seen")
