"""What the machine makes of a tip, and the alert and the unit that its place names."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction

from tips import alarm, assessing, clocks, naming
from tips.models import Tip
from trust import clock
from trust.models import Task

logger = logging.getLogger(__name__)
LOOK_DUE = timedelta(minutes=10)


def look(tip: Tip) -> None:
    """Have the tip read and scored, find the alert and the unit of its place, call somebody where it cannot
    wait. With the caller's transaction; again whenever something was added.
    """
    _name(tip)
    alarm.call(tip)


def _name(tip: Tip) -> None:
    """Have the tip assessed; where it names no alert, look whether its place names exactly one.

    The place may be one that only reading found in the words; the score then counts anew, for the alert.
    """
    _assess(tip)
    if tip.alert_id is not None:
        return
    named = naming.by_place(tip.place, tip.seen_at or tip.said_at)
    if named.alert is not None:
        naming.rename(tip, named)
        _assess(tip)
    elif naming.point_of(tip.place) is not None:
        _give(tip)


def _assess(tip: Tip) -> None:
    """Have the tip assessed. Words that break the reading cost it its score, and never the tip: a person is
    asked to read it.
    """
    try:
        with transaction.atomic():
            assessing.assess(tip)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  whatever the public wrote, it is kept and answered
        logger.error("a tip could not be assessed: %s", type(error).__name__)
        tip.look_due_at = clocks.look_due(tip)
        tip.save(update_fields=["look_due_at"])
        due = clock.now() + LOOK_DUE
        Task.open(alarm.UNREAD, tip.pk, subject_kind="tip", unit=tip.unit, due_at=due)


def _give(tip: Tip) -> None:
    unit_id = naming.unit_of(naming.Named(), tip.place)
    if unit_id != tip.unit_id and tip.state == Tip.State.NEW:
        tip.unit_id = unit_id
        tip.save(update_fields=["unit"])
