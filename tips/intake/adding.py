"""What a witness adds to a tip of theirs: by writing on by the same door."""

from __future__ import annotations

from tips import answering, naming, placing, replying
from tips.intake import keeping
from tips.intake.arrival import Arrival
from tips.models import Tip
from trust import audit, clock


def add(tip: Tip, arrival: Arrival) -> Tip:
    """Add words, place and files to a tip within the caller's transaction, look at it anew, say so once.

    Raise IntegrityError for an arrival that was added before.
    """
    told = arrival.told
    keeping.note(tip, arrival)
    if told.words:
        tip.words = f"{tip.words}\n{told.words}" if tip.words else told.words
    if told.place and (not tip.place or tip.place.get("how") != "pin"):
        tip.place = dict(told.place)
    tip.heard_at = clock.now()
    tip.save(update_fields=["words", "place", "heard_at"])
    if tip.alert_id is None:
        naming.rename(tip, naming.by_words(told.words))
    audit.record("tip.added_to", tip, after=told.door)
    keeping.bring_along(tip, arrival)
    placing.look(tip)
    answering.added(tip, arrival.way)
    replying.answered(tip)
    return tip
