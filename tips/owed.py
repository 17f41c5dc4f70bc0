"""What a decision about a tip makes somebody owe, and the call that tells them; never a word of the tip."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases import page
from tips.models import Tip
from trust import clock, desk, duty
from trust.models import Officer, Task, Unit

SECOND, REVEAL, HANDED = "tip_second", "tip_reveal", "tip_handed"
SENT_BACK, REOPENED, ANSWERED = "tip_sent_back", "tip_reopened", "tip_answered"
WITHIN = {
    SECOND: timedelta(minutes=30),
    REVEAL: timedelta(minutes=15),
    HANDED: timedelta(minutes=30),
    SENT_BACK: timedelta(minutes=30),
    REOPENED: timedelta(minutes=30),
    ANSWERED: timedelta(minutes=30),
}
Task.ENDED_BY_AN_ACT.update({SECOND, REVEAL, HANDED})
page.SAID.update(
    {
        SECOND: _("A tip that speaks of danger is to be closed: read it as the second"),
        REVEAL: _("An officer asks to see who sent a tip: answer within a quarter of an hour"),
        HANDED: _("A tip was handed to your unit: say that you have it"),
        SENT_BACK: _("A tip you handed over came back"),
        REOPENED: _("A tip you closed was opened again"),
        ANSWERED: _("A witness answered"),
    }
)
desk.TASK_WORDS.update(
    {
        SECOND: _("A tip that speaks of danger is to be closed: agree as the second reader, or do not"),
        REVEAL: _("An officer asks to see who sent a tip: grant it or refuse it"),
        HANDED: _("A tip was handed to the unit: say that you have it, or send it back"),
        SENT_BACK: _("A tip that was handed over came back: decide again"),
        REOPENED: _("A closed tip was opened again: look at it once more"),
        ANSWERED: _("A witness answered: read it"),
    }
)


def owe(
    tip: Tip,
    kind: str,
    *,
    unit: Unit | None = None,
    owner: Officer | None = None,
    detail: str = "",
    due_at: datetime | None = None,
) -> Task:
    """Open the task, once while it is open, of the tip's unit where none is named."""
    return Task.open(
        kind, tip.pk, subject_kind="tip", unit=unit or tip.unit, owner=owner, detail_code=detail,
        due_at=due_at or clock.now() + WITHIN[kind],
    )  # fmt: skip


def call(officer: Officer, tip: Tip, subject: UUID, kind: str) -> int:
    """Call one officer about the tip; return how many messages were queued."""
    return page.call_about(officer, tip.reference, tip.pk, subject, kind)


def call_first(people: Iterable[Officer], tip: Tip, subject: UUID, kind: str) -> Officer | None:
    """Call the first who can be reached; return whom."""
    return next((one for one in people if call(one, tip, subject, kind)), None)


def others(unit: Unit | None, right: str, *, but: Officer) -> list[Officer]:
    """Return who may answer instead of the one who asked: on duty first, then the agency's approvers."""
    if unit is None:
        return []
    now = clock.now()
    able = set(duty.able(right).filter(unit__agency=unit.agency_id).values_list("pk", flat=True))
    order = [*duty.ladder(unit, now), *duty.approvers(unit, now)]
    once = {one.pk: one for one in order}
    return [one for one in once.values() if one.pk in able and one.pk != but.pk]


def finish(tip: Tip, kinds: Iterable[str], result: str, by: Officer | None) -> None:
    """Close the open tasks of these kinds on the tip."""
    for task in Task.objects.still_open().filter(subject=tip.pk, kind__in=list(kinds)):
        task.finish(result, by=by)


def open_tasks(tip: Tip, kind: str, detail: str = "") -> list[Task]:
    """Return the open tasks of a kind on the tip, with this detail."""
    return list(Task.objects.still_open().filter(subject=tip.pk, kind=kind, detail_code=detail))
