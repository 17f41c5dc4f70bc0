"""A tip goes to the unit it concerns; its clock stops only when somebody there says that they have it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from cases.page import step_of
from tips import answering, owed, settling
from tips.models import Tip
from tips.permission import TRIAGE, demand, hold, was_given
from tips.refusals import TipRefused
from tips.settling import demand_undecided, note, settle
from trust import audit, clock, duty
from trust.models import Officer, Unit

MOST_NAME = 120


def hand_over(tip: Tip, officer: Officer, to: Unit | str, reason: str) -> None:
    """Hand the tip to a unit here, or to one outside by its name; that unit owes an acknowledgement.

    The witness hears the unit's name, never a person's. Twice to the same unit is once. Raise TipRefused:
    no_permission, not_yours, erased, decided, no_unit, same_unit, reason, too_long, moved_meanwhile.
    """
    said, name = _words(reason), to.strip() if isinstance(to, str) else ""
    unit = None if isinstance(to, str) else to
    if unit is None and not 0 < len(name) <= MOST_NAME:
        raise TipRefused("no_unit")
    with transaction.atomic():
        held = hold(tip, officer, TRIAGE)
        if held.state == Tip.State.HANDED_OVER and _is_there(held, unit, name):
            return
        demand_undecided(held)
        if unit is not None and unit.pk == held.unit_id:
            raise TipRefused("same_unit")
        settle(
            held, officer, Tip.State.HANDED_OVER, words=said, handed_to=unit, handed_to_name=name,
            handed_at=clock.now(), acknowledged_at=None,
        )  # fmt: skip
        audit.record("tip.handed_over", held, actor=officer, after=str(unit.pk) if unit else "outside")
        _ask(held, officer, unit)
        with override(held.language):
            answering.tell(held, "handed", str(unit) if unit else name)


def acknowledge(tip: Tip, officer: Officer, *, said_by: str = "") -> None:
    """Say that the unit has it: the clock stops. Twice is once.

    said_by: who said so, where the unit has no desk here; an officer of the tip's own unit writes it down.
    Raise TipRefused: no_permission, not_yours (whoever handed it over cannot take it for the others),
    not_handed, no_name, same_person (of a tip that speaks of danger another officer writes it down).
    """
    with transaction.atomic():
        held = hold(tip, officer, TRIAGE, handed=True)
        if held.state != Tip.State.HANDED_OVER:
            raise TipRefused("not_handed")
        _demand_receiver(held, officer, said_by)
        if held.acknowledged_at is not None:
            return
        held.acknowledged_at = clock.now()
        note(held, "acknowledged", officer, words=said_by.strip())
        held.save(update_fields=["acknowledged_at", "history"])
        audit.record("tip.acknowledged", held, actor=officer, after=str(held.handed_to_id or "outside"))
        owed.finish(held, [owed.HANDED], "acknowledged", officer)


def send_back(tip: Tip, officer: Officer, reason: str) -> None:
    """Return the tip to the unit it came from, with the words of why: its clocks run again there.

    Raise TipRefused: no_permission, not_yours, not_handed, reason, too_long, moved_meanwhile.
    """
    said = _words(reason)
    with transaction.atomic():
        held = hold(tip, officer, TRIAGE, handed=True)
        if held.state != Tip.State.HANDED_OVER:
            raise TipRefused("not_handed")
        _demand_receiver(held, officer, said)
        former, at = held.handed_to_id, held.handed_at
        note(held, "sent_back", officer, words=said, unit=str(held.handed_to or held.handed_to_name))
        settling.move(held, Tip.State.SEEN, officer)
        held.handed_to, held.handed_to_name, held.handed_at, held.acknowledged_at = None, "", None, None
        held.save(update_fields=["handed_to", "handed_to_name", "handed_at", "acknowledged_at", "history"])
        audit.record("tip.sent_back", held, actor=officer, before=str(former or "outside"))
        owed.finish(held, [owed.HANDED], "sent_back", officer)
        _owe_back(held, officer, step_of(held.pk, f"back:{at}"))


def _words(reason: str) -> str:
    said = reason.strip()
    if not said:
        raise TipRefused("reason")
    if len(said) > settling.MAX_WORDS:
        raise TipRefused("too_long")
    return said


def _is_there(tip: Tip, unit: Unit | None, name: str) -> bool:
    return (tip.handed_to_id, tip.handed_to_name) == (unit.pk if unit else None, name)


def _ask(tip: Tip, officer: Officer, unit: Unit | None) -> None:
    """Have somebody owe the acknowledgement: who is on duty there, or whoever handed it to a unit outside."""
    receiver = duty.on_duty(unit, clock.now()) if unit else officer
    owed.owe(tip, owed.HANDED, unit=unit, owner=receiver)
    if unit and receiver:
        owed.call(receiver, tip, step_of(tip.pk, f"handed:{tip.handed_at}"), owed.HANDED)


def _demand_receiver(tip: Tip, officer: Officer, said: str) -> None:
    """Let those it was handed to answer; for a unit without a desk here, those who handed it over.

    Where the tip speaks of danger, that is another officer than the one who did.
    """
    if tip.handed_to is None:
        demand(officer, tip, TRIAGE)
        if not said.strip():
            raise TipRefused("no_name")
        if settling.needs_two(tip) and officer.pk == tip.decided_by_id:
            raise TipRefused("same_person")  # else one person alone could end a tip that speaks of danger
    elif not was_given(officer, tip) or officer.pk == tip.decided_by_id:
        raise TipRefused("not_yours")


def _owe_back(tip: Tip, officer: Officer, said: UUID) -> None:
    first = tip.decided_by
    still = first if first and tip.unit and duty.may_hold(first, tip.unit) else None
    owner = still or (duty.on_duty(tip.unit, clock.now()) if tip.unit else None)
    owed.owe(tip, owed.SENT_BACK, owner=owner)
    if owner and owner.pk != officer.pk:
        owed.call(owner, tip, said, owed.SENT_BACK)
