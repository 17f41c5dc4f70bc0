"""An officer writes to whoever told us, by the door the tip came through, without learning who it is."""

from __future__ import annotations

from django.db import transaction

from cases.thread import MAX_BODY
from tips import answering, owed
from tips.models import Tip
from tips.permission import TRIAGE, hold
from tips.refusals import TipRefused
from trust import audit, clock, duty
from trust.models import Officer


def reply(tip: Tip, officer: Officer, words: str, *, asks: bool = False) -> None:
    """Write into the tip's thread and by its door; the log holds no word of it.

    asks: an answer is waited for, and the tip says so until it comes. Raise TipRefused: no_permission,
    not_yours, erased, no_words, too_long, no_thread.
    """
    said = words.strip()
    if not said:
        raise TipRefused("no_words")
    if len(said) > MAX_BODY:
        raise TipRefused("too_long")
    with transaction.atomic():
        held = hold(tip, officer, TRIAGE, handed=True)
        if not can_be_reached(held):
            raise TipRefused("no_thread")
        if held.state == Tip.State.NEW:
            held.move(Tip.State.SEEN, officer)
        if asks:
            held.question_at, held.level = clock.now(), 0  # the clock begins anew, and so do its rises
            held.save(update_fields=["question_at", "level"])
        answering.tell(held, "reply", said)
        audit.record("tip.replied", held, actor=officer, reason="question" if asks else "")
        owed.finish(held, [owed.ANSWERED], "answered", officer)


def can_be_reached(tip: Tip) -> bool:
    """Say whether the witness can read a reply: by the thread of a receipt, or by a door with an address."""
    if tip.thread_until is not None and tip.thread_until <= clock.now():
        return False
    return bool(tip.secret_hash) or (tip.witness is not None and tip.witness.address is not None)


def answered(tip: Tip) -> None:
    """Note that the witness wrote again: whoever asked, or is on duty, owes a look. With the caller's
    transaction, the tip locked.
    """
    asked = tip.question_at is not None
    if not asked and tip.state == Tip.State.NEW:
        return  # nobody has read the first words yet: they are read together
    if asked:
        tip.question_at = None
        tip.save(update_fields=["question_at"])
    audit.record("tip.witness_answered", tip)
    unit = tip.handed_to or tip.unit
    owner = duty.on_duty(unit, clock.now()) if unit else None
    task = owed.owe(tip, owed.ANSWERED, unit=unit, owner=owner)
    if asked and owner:
        owed.call(owner, tip, task.pk, owed.ANSWERED)
