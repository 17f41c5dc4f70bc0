"""An officer reads a tip: the look is logged, and its witness hears that somebody has read it."""

from __future__ import annotations

from django.db import transaction

from tips import alarm, answering, owed
from tips.models import Tip
from trust.models import Officer


def see(tip: Tip, officer: Officer) -> None:
    """Log the look; where it is the first by somebody who triages, tell the witness, and what called for a
    look is done.
    """
    with transaction.atomic():
        before = tip.state
        tip.read_by(officer)
        if (before, tip.state) == (Tip.State.NEW, Tip.State.SEEN):
            owed.finish(tip, alarm.LOOKS, "seen", officer)
            answering.tell(tip, "seen")
