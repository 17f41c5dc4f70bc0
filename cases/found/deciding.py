"""An officer says whether a found child is the one of a report; nothing here closes a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from cases import page
from cases.found.matching import end_tasks, look_safely
from cases.models import Case, ClosedWhy, FoundChild, FoundMatch, FoundState, MoveRefused
from cases.signals import case_closed
from trust import audit, clock
from trust.models import Officer, Task

RIGHT = "cases.join_case"
TO_CLOSE = "found_identified"
CLOSE_WITHIN = timedelta(hours=1)
MAX_WORDS = 1000

Task.ENDED_BY_AN_ACT.add(TO_CLOSE)
page.SAID[TO_CLOSE] = _(
    "A found child was identified as the one of this case: tell the family, then close it"
)
audit.declare(
    {
        "found.match_decided": "an officer said whether a found child is the one of a report",
        "found.identified": "a found child was identified as one of a case; the case stays open",
        "found.closed": "a found child is not looked for in reports any more; the reason is a code",
        "found.reopened": "a found child is looked for in reports again",
    }
)


def same(match: FoundMatch, officer: Officer, words: str = "") -> None:
    """Identify the child as the one of the case; its owner is called and owes the end of the case.

    Raise MoveRefused: moved_meanwhile, no_such_move, case_over (the case is not worked on any more).
    """
    with transaction.atomic():
        case = Case.hold(match.case_id)
        if not case.is_open:
            raise MoveRefused("case_over", case.reference)
        found = FoundChild.objects.select_for_update().get(pk=match.found_id)
        found.move(FoundState.IDENTIFIED, actor=officer, values={"case": case})
        _decide(match, officer, FoundMatch.Verdict.SAME, words)
        end_tasks("decided", found=found)
        task = Task.open(
            TO_CLOSE, case.pk, subject_kind="case", unit=case.unit, owner=case.owner,
            detail_code=found.reference, due_at=clock.now() + CLOSE_WITHIN,
        )  # fmt: skip
        page.page(case, task.pk, TO_CLOSE)


def other(match: FoundMatch, officer: Officer, words: str) -> None:
    """Say that they are two children, and why; the pair is not offered again.

    Raise MoveRefused: no_words, moved_meanwhile.
    """
    if not words.strip():
        raise MoveRefused("no_words")
    with transaction.atomic():
        _decide(match, officer, FoundMatch.Verdict.DIFFERENT, words)
        end_tasks("decided", found=match.found, case=match.case)


def close(found: FoundChild, officer: Officer, why: str, words: str = "") -> None:
    """Stop looking for the child in reports. Raise MoveRefused: unknown_outcome, or as FoundChild.move."""
    if why not in ClosedWhy.values:
        raise MoveRefused("unknown_outcome", why)
    with transaction.atomic():
        found.move(FoundState.CLOSED, actor=officer, reason=why, values={"closed_why": why})
        _keep_words(found, words)
        end_tasks("closed", found=found)


def reopen(found: FoundChild, officer: Officer, words: str) -> None:
    """Look again for a child that was closed, or identified as another; that pair stays apart from then on.

    Raise MoveRefused: no_words, or as FoundChild.move says.
    """
    if not words.strip():
        raise MoveRefused("no_words")
    with transaction.atomic():
        former = found.case
        found.move(FoundState.OPEN, actor=officer, values={"case": None, "closed_why": ""})
        _keep_words(found, words)
        if former is not None:
            _undo(found, former, officer, words)
        look_safely(found)


def _undo(found: FoundChild, case: Case, officer: Officer, words: str) -> None:
    for match in FoundMatch.objects.filter(found=found, verdict=FoundMatch.Verdict.SAME):
        _write(match, officer, FoundMatch.Verdict.DIFFERENT, words)
    tasks = Task.objects.still_open().filter(kind=TO_CLOSE, subject=case.pk, detail_code=found.reference)
    for task in tasks:
        task.finish("reopened", by=officer)


def _decide(match: FoundMatch, officer: Officer, verdict: str, words: str) -> None:
    """Set the verdict once: the second of two officers is told that somebody was first."""
    held = FoundMatch.objects.select_for_update().get(pk=match.pk)
    if held.verdict != FoundMatch.Verdict.OPEN:
        raise MoveRefused("moved_meanwhile", str(match.pk))
    _write(match, officer, verdict, words)


def _write(match: FoundMatch, officer: Officer, verdict: str, words: str) -> None:
    match.verdict, match.decided_by, match.decided_at = verdict, officer, clock.now()
    match.reason = words.strip()
    match.save(update_fields=["verdict", "decided_by", "decided_at", "reason"])
    audit.record("found.match_decided", match.found, actor=officer, after=verdict)


def _keep_words(found: FoundChild, words: str) -> None:
    if words.strip():
        found.reason = words.strip()
        found.save(update_fields=["reason"])


@receiver(case_closed, dispatch_uid="cases.found.case_closed")
def end_what_was_owed(case: Case, officer: Officer, **kwargs: Any) -> None:
    """End what both desks owed about found children and this case."""
    end_tasks("case_closed", case=case)
    for task in Task.objects.still_open().filter(kind=TO_CLOSE, subject=case.pk):
        task.finish("case_closed", by=officer)
