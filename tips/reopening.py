"""A decided tip is opened again: by a tip like it, or by an officer who thinks better of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from cases.page import step_of
from tips import answering, owed, settling
from tips.models import Tip
from tips.permission import TRIAGE, hold, was_given
from tips.refusals import TipRefused
from trust import audit, clock, duty
from trust.models import Officer, Task

WITHIN = timedelta(minutes=10)
EACH = 5  # of a unit WITHIN that are called about one by one

# Whoever it was handed to reads and answers it by these: who has it now has it alone.
HANDED = ("handed_to", "handed_to_name", "handed_at", "acknowledged_at")


def reopen(tip: Tip, *, because: Tip | None = None, officer: Officer | None = None, words: str = "") -> bool:
    """Put a decided tip back to seen and tell who decided; return whether this call did.

    because: the tip like it, where the machine does it. The reasons stay. An officer of the unit it was
    handed to takes it into that unit. Raise TipRefused (officer): no_permission, not_yours, erased, reason.
    """
    if officer is not None and not words.strip():
        raise TipRefused("reason")
    with transaction.atomic():
        held = hold(tip, officer, TRIAGE, handed=True) if officer else _locked(tip)
        if held.state not in Tip.DECIDED or held.erased_at is not None:
            return False
        before = held.state
        told = {"before": before, "code": held.decided_code, "because": str(because.pk) if because else ""}
        settling.note(held, "reopened", officer, words=words.strip(), **told)
        settling.move(held, Tip.State.SEEN, officer)
        if officer and was_given(officer, held):
            held.unit = held.handed_to
        held.handed_to, held.handed_to_name, held.handed_at, held.acknowledged_at = None, "", None, None
        held.save(update_fields=["history", "unit", *HANDED])
        owed.finish(held, [owed.HANDED], "reopened", officer)
        like = str(because.pk) if because else ""
        audit.record("tip.reopened", held, actor=officer, before=before, after=like)
        if officer is None or officer.pk != held.decided_by_id:
            _tell(held, like or str(held.state_at))
        answering.tell(held, "reopened")
    return True


def _locked(tip: Tip) -> Tip:
    return Tip.objects.select_for_update().get(pk=tip.pk)


def _tell(tip: Tip, why: str) -> None:
    """Let who decided owe a second look, or who is on duty where they no longer can; call both."""
    first = tip.decided_by
    on_duty = duty.on_duty(tip.unit, clock.now()) if tip.unit else None
    still = first if first and tip.unit and duty.may_hold(first, tip.unit) else None
    owed.owe(tip, owed.REOPENED, owner=still or on_duty)
    for one in {one.pk: one for one in (first, still or on_duty) if one}.values():
        owed.call(one, tip, _round(tip, one, why), owed.REOPENED)


def _round(tip: Tip, officer: Officer, why: str) -> UUID:
    """Return what this call is about: the tip, or from the sixth in ten minutes on all of them, once; else
    whoever drops pins beside closed tips has an officer called all night.
    """
    now = clock.now()
    recent = Task.objects.filter(kind=owed.REOPENED, unit=tip.unit_id, created_at__gt=now - WITHIN)
    if recent.count() <= EACH:
        return step_of(tip.pk, f"reopened:{why}")
    return step_of(officer.pk, f"reopened:{int(now.timestamp()) // int(WITHIN.total_seconds())}")
