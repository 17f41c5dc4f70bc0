"""Some tips cannot wait in a queue: one that may report a missing child, one that speaks of danger.

A guess of the machine calls a person, and does nothing else. What is sent holds a reference and no word of
the tip.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from alerts.models import Alert
from cases import page
from tips import answering
from tips.models import Attachment, Tip
from tips.triage.model import DANGER_LIMIT
from trust import clock, desk, duty
from trust.models import Task

REPORT, DANGER, SEVERAL = "possible_report", "tip_danger", "several_tips"
UNREAD = "tip_unassessed"
LOOKS = (REPORT, DANGER, UNREAD)  # kinds of task that end when somebody has read the tip
DUE = timedelta(minutes=5)
WITHIN = timedelta(minutes=10)
EACH = 5  # of a unit WITHIN that still call one by one: a flood must not wear out the officer on duty

page.SAID.update(
    {
        REPORT: _("A tip may report a missing child"),
        DANGER: _("A tip speaks of danger"),
        SEVERAL: _("Several tips speak of danger or of a missing child, among them"),
    }
)
desk.TASK_SUBJECTS["tip"] = "admin:tips_tip_change"
desk.TASK_WORDS.update(
    {
        REPORT: _("A tip may report a missing child: read it now"),
        DANGER: _("A tip speaks of danger: read it now"),
        UNREAD: _("A tip could not be read by the machine: read it"),
        answering.FLOODED: _("One sender writes very much: nothing is lost, and they are no longer answered"),
    }
)


def kind_of(tip: Tip) -> str:
    """Return why a tip calls somebody at once, "" where it does not."""
    if tip.guess == Tip.Guess.REPORT or is_unheard(tip):
        return REPORT
    return DANGER if tip.guess == Tip.Guess.THREAT or tip.danger >= DANGER_LIMIT else ""


def is_unheard(tip: Tip) -> bool:
    """Say whether a voice without a word beside it may report a child: no machine listens, and nothing is
    searched for now that it could be about (two queries, for such a tip alone).
    """
    if tip.guess or tip.alert_id is not None or (tip.words or "").strip():
        return False
    spoken = tip.attachments.filter(kind=Attachment.Kind.AUDIO).exists()
    return spoken and not Alert.objects.live().exists()


def call(tip: Tip) -> int:
    """Open the unit's task and call its officer on duty, each once for a tip and reason; count the messages.

    With the caller's transaction; may be called after every look at the tip.
    """
    kind = kind_of(tip)
    if not kind or tip.state in Tip.DECIDED or tip.unit is None:
        return 0
    if _is_known(tip, kind):
        if kind != REPORT or tip.danger < DANGER_LIMIT or not _was_read(tip) or _is_known(tip, DANGER):
            return 0
        kind = DANGER  # what was read spoke of no danger, or of less: it has been added to
    now = clock.now()
    officer = duty.on_duty(tip.unit, now)
    Task.open(kind, tip.pk, subject_kind="tip", unit=tip.unit, owner=officer, due_at=now + DUE)
    subject, said = _gathered(tip, kind)
    if officer is None or page.is_said(subject):
        return 0
    return page.call_about(officer, tip.reference, tip.pk, subject, said)


def _is_known(tip: Tip, kind: str) -> bool:
    return Task.objects.filter(kind=kind, subject=tip.pk).exists()


def _was_read(tip: Tip) -> bool:
    return not Task.objects.still_open().filter(kind=REPORT, subject=tip.pk).exists()


def _gathered(tip: Tip, kind: str) -> tuple[UUID, str]:
    """Return what to call about: the tip, or from the sixth in ten minutes on all of them, once."""
    now = clock.now()
    recent = Task.objects.filter(unit=tip.unit_id, kind__in=(REPORT, DANGER), created_at__gt=now - WITHIN)
    if recent.count() <= EACH or tip.unit_id is None:
        return uuid5(tip.pk, kind), kind
    window = int(now.timestamp()) // int(WITHIN.total_seconds())
    return uuid5(tip.unit_id, f"tips:{window}"), SEVERAL
