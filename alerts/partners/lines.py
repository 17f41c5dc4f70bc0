"""The partners' lines of the ledger: who had the alert, and whether its end arrived there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from alerts.ledger.line import Line
from alerts.models import Alert, Document, Partner
from alerts.partners.channel import CHANNEL
from alerts.partners.looking import REFUSED, SILENT
from notifier.models import Delivery
from trust.models import Task

State = Delivery.State
HEARD = (State.ACCEPTED, State.DELIVERED)
WAITS = (State.QUEUED, State.SENDING)


def lines(alert: Alert) -> Iterator[Line]:
    """Yield a line for each partner that may have got a document (four queries).

    It is done once the partner acknowledged the end, owed while somebody must call it.
    """
    ends = dict(Document.objects.filter(version__alert=alert).values_list("pk", "ends_alert"))
    rows = list(Delivery.objects.about(ends).filter(channel=CHANNEL).order_by("pk"))
    told = {row.person for row in rows if not ends[row.subject] and row.state in (*HEARD, State.UNKNOWN)}
    over = {row.person: row for row in rows if ends[row.subject]}
    partners = Partner.objects.in_bulk(told)
    owed = _owed(alert)
    for person, partner in sorted(partners.items(), key=lambda pair: pair[1].key):
        yield _line(alert.ended_at, partner, over.get(person), owed.get(partner.key))


def _line(ended_at: datetime | None, partner: Partner, end: Delivery | None, task: UUID | None) -> Line:
    heard = end is not None and end.state in HEARD
    lost = end is not None and end.state not in (*HEARD, *WAITS)
    return Line(
        channel=CHANNEL,
        alias=partner.key,
        what="document",
        asked_at=ended_at,
        done_at=end.state_at if end is not None and heard else None,
        answer=(end.error_kind or "answer_lost") if end is not None and lost else "",
        task=None if heard else task,
        is_impossible=lost and task is None,
        subject=end.batch_id if end is not None else None,
    )


def _owed(alert: Alert) -> dict[str, UUID]:
    """Return the open task about each partner, by its key."""
    tasks = Task.objects.still_open().filter(subject=alert.pk, kind__in=[REFUSED, SILENT])
    return dict(tasks.values_list("detail_code", "pk"))
