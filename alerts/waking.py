"""Wake-ups for workers: ids only, by the task's name. The sweep finds what a lost one left."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def wake(task: str, subject: UUID) -> None:
    """Ask a worker to run the task for the subject; a broker that is away costs seconds, never the alert."""
    try:
        current_app.send_task(task, args=[str(subject)], retry=False, ignore_result=True)
    except (OperationalError, OSError):
        log.warning("broker away: %s waits for the sweep", task)
