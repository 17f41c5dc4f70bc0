"""What a witness hears of their tip: in the thread of its receipt always, by its door while that is open."""

from __future__ import annotations

from tips.models import Tip


def tell(tip: Tip, code: str, words: str = "") -> None:
    """Say what changed: "received", "seen", "helped", "handed" (words: the unit), "closed" (words: the kind
    of reason, a state of Tip), "reply" (words: the officer's).

    With the caller's transaction. Nobody hears the same code and words twice within a minute.
    """
