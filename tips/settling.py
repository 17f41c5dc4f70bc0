"""One decision about a tip, written down: its state, who decided and why, and what nobody owes any more."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from tips import triage
from tips.models import Tip, TipMoveError
from tips.refusals import TipRefused
from trust import clock
from trust.models import Decision, Officer, Task
from trust.models.decision import DecisionRefused

CLOSE = "tip.close"  # the act of Decision for what two have to close
KEPT = 60  # entries of a history
MAX_WORDS = 2000


def settle(
    tip: Tip, officer: Officer, state: str, *, code: str = "", words: str = "", **columns: Any
) -> None:
    """Give a tip that the caller holds its decision; raise TipRefused where the table has no such move.

    columns: further ones set with it. A second reader's open question lapses: another decision answered it.
    """
    if tip.state == Tip.State.NEW:
        tip.move(Tip.State.SEEN, officer)
    move(tip, state, officer)
    told = {
        "decided_by": officer, "decided_code": code, "decided_reason": words or None, "question_at": None,
        **columns,
    }  # fmt: skip
    for name, value in told.items():
        setattr(tip, name, value)
    note(tip, "decided", officer, state=state, code=code, words=words)
    tip.save(update_fields=[*told, "history"])
    lapse(tip)
    for task in Task.objects.still_open().filter(subject=tip.pk, subject_kind="tip"):
        task.finish(state, by=officer)


def move(tip: Tip, state: str, officer: Officer | None) -> None:
    try:
        tip.move(state, officer)
    except TipMoveError as refused:
        raise TipRefused("moved_meanwhile") from refused


def note(tip: Tip, what: str, officer: Officer | None, **told: str) -> dict[str, Any]:
    """Add a line to the tip's history, unsaved; return it. The oldest lines go first."""
    line = {
        "what": what, **{name: value[:MAX_WORDS] for name, value in told.items() if value},
        "by": str(officer.pk) if officer else "", "at": clock.now().isoformat(),
    }  # fmt: skip
    tip.history = [*(tip.history or []), line][-KEPT:]
    return line


def demand_undecided(tip: Tip) -> None:
    """Raise TipRefused for a tip that is decided."""
    if tip.state in Tip.DECIDED:
        raise TipRefused("decided")


def needs_two(tip: Tip) -> bool:
    """Say whether it speaks of danger, so that nobody ends it alone.

    The sealed reasons count beside the column: whoever has the database writes a number there, and no seal.
    """
    sealed = triage.totals(tip.reasons)[1] if tip.reasons else 0
    return max(tip.danger, sealed) >= settings.TIP_SECOND_READER_AT


def question(tip: Tip) -> Decision | None:
    """Return the second reader's open question, old or not (one query)."""
    return Decision.objects.filter(act=CLOSE, subject=tip.pk, outcome="").first()


def lapse(tip: Tip) -> None:
    """Close the second reader's question that another decision answered."""
    asked = question(tip)
    if asked is None:
        return
    try:
        asked.decide(Decision.Outcome.LAPSED, by=None)
    except DecisionRefused:  # answered in this moment
        return
