"""What is kept of statements that nobody stands by any more, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from alerts.models import Statement, StatementMark
from alerts.models.statement import StatementQuerySet
from trust import keys

KEPT = timedelta(days=365)
STANDS = (Statement.State.SIGNED, Statement.State.PROPOSED)
SEALED = (
    "texts", "refuted_link", "refuted_words", "evidence", "evidence_words", "warnings", "refused_reason",
    "withdrawal_reason",
)  # fmt: skip


def due(now: datetime) -> StatementQuerySet:
    """Return those never signed, or withdrawn, that still hold words a year after they were made."""
    old = Statement.objects.exclude(state__in=STANDS).filter(created_at__lt=now - KEPT)
    return old.filter(texts__isnull=False)


def forget(now: datetime) -> int:
    """Destroy their keys and marks; the rows stay, with who did what and when. Return how many."""
    count = 0
    for pk in due(now).values_list("pk", flat=True):
        with transaction.atomic():
            keys.destroy(pk)
            StatementMark.objects.filter(statement=pk).delete()
            count += Statement.objects.filter(pk=pk).update(**dict.fromkeys(SEALED))
    return count
