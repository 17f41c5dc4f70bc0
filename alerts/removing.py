"""A person says that a post is gone: who took it back, when, and how they know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from alerts.models import Alert, Removal
from alerts.permission import demand, hold
from alerts.refusals import IssueRefused
from notifier import outbox
from notifier.models import Post
from trust import clock
from trust.models import Officer

MOST_WORDS = 1000
MOST_NAME = 120
AHEAD = timedelta(minutes=2)  # of a clock on somebody's wrist
RIGHT = "trust.finish_task"


@dataclass(frozen=True)
class Told:
    """Hold what the form tells."""

    removed_at: datetime
    removed_by: str
    evidence: str


def record(alert: Alert, post: UUID, officer: Officer, told: Told) -> Removal:
    """Keep the removal, and have the post and what was owed about it done: one transaction.

    Raise IssueRefused: no_permission, not_yours, superuser, removal_time (before it was posted, or to come),
    evidence, not_owed (it is gone, was never asked back, or is not of this alert).
    """
    demand(officer, RIGHT, alert.case)
    if not told.evidence.strip() or not told.removed_by.strip():
        raise IssueRefused("evidence")
    with transaction.atomic():
        hold(alert.case_id)
        subjects = [alert.pk, *alert.versions.values_list("pk", flat=True)]
        row = Post.objects.filter(pk=post, subject__in=subjects).first()
        if row is None:
            raise IssueRefused("not_owed")
        now = clock.now()
        if not row.asked_at - AHEAD <= told.removed_at <= now + AHEAD:
            raise IssueRefused("removal_time")
        if not outbox.removed_by_hand(post, min(told.removed_at, now), officer):
            raise IssueRefused("not_owed")
        return Removal.objects.create(
            alert=alert,
            key_owner=alert.case_id,
            post=post,
            removed_at=min(told.removed_at, now),
            removed_by=told.removed_by.strip()[:MOST_NAME],
            evidence=told.evidence.strip()[:MOST_WORDS],
            recorded_by=officer,
            recorded_at=now,
        )
