"""What the machine makes of one tip, written onto it: again whenever something was added."""

from __future__ import annotations

from tips.models import Tip


def assess(tip: Tip) -> None:
    """Read, place, cluster and score the tip within the caller's transaction; safe to call again.

    Sets place and cell where no pin did, seen_at, guess, score, danger, reasons, cluster, look_due_at, and
    the marks that neighbours are found by. The tip must be saved.
    """
