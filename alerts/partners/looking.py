"""Whether partners answered: who refuses, or says nothing in its minutes, becomes a task and a call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.models import Alert, Document, Partner
from alerts.partners.channel import CHANNEL
from alerts.permission import hold
from cases.page import SAID, call, step_of
from notifier.models import Delivery
from trust import clock
from trust.models import Task

State = Delivery.State
REFUSED, SILENT = "partner_refused", "partner_silent"
LOOKED_AFTER = timedelta(hours=24)  # beyond a document's expiry
UNHEARD = (State.QUEUED, State.SENDING, State.UNKNOWN, State.EXPIRED)
HEARD = (State.ACCEPTED, State.DELIVERED)

SAID.update(
    {
        REFUSED: _("A CAP partner refuses the document of an alert: call it"),
        SILENT: _("A CAP partner does not acknowledge the document of an alert: call it"),
    }
)


@dataclass(frozen=True)
class Standing:
    """Hold how the latest document of one alert stands with one partner."""

    alert: UUID
    partner: Partner
    state: str
    since: datetime
    is_past: bool = False  # it says what has ended since: nobody need have it any more

    def owed(self, at: datetime) -> str:
        """Return the kind of task that stands for it, "" where nobody owes anything."""
        if self.is_past:
            return ""
        if self.state == State.FAILED:
            return REFUSED
        late = at - self.since >= timedelta(minutes=self.partner.answer_within_m)
        return SILENT if late and self.state in UNHEARD else ""


def look_after() -> None:
    """Open a task and call the owner where a partner refused or is late; end it once it answered.

    A few queries where nothing is owed.
    """
    at = clock.now()
    for standing in standings(at):
        kind = standing.owed(at)
        if kind:
            _owe(standing, kind)
        elif standing.is_past or standing.state in HEARD:
            _settle(standing)


def standings(at: datetime) -> Iterator[Standing]:
    """Yield, for each alert and partner, the latest document that was not held back (three queries)."""
    current = Document.objects.filter(expires_at__gt=at - LOOKED_AFTER)
    told = current.values_list("pk", "version__alert", "ends_alert", "version__alert__state")
    alerts = {pk: alert for pk, alert, _ends, _state in told}
    past = {pk for pk, _alert, ends, state in told if state == Alert.State.ENDED and not ends}
    partners = Partner.objects.in_bulk()
    sent = Delivery.objects.about(alerts).filter(channel=CHANNEL).order_by("pk")
    latest: dict[tuple[UUID, UUID], Standing] = {}
    for subject, person, state, since in sent.exclude(
        state__in=[State.WITHDRAWN, State.SUPPRESSED]
    ).values_list("subject", "person", "state", "batch__created_at"):
        if person in partners:
            latest[alerts[subject], person] = Standing(
                alerts[subject], partners[person], state, since, is_past=subject in past
            )
    yield from latest.values()


def _owe(standing: Standing, kind: str) -> None:
    """Open the task once a document, and call once: who says that it is done is not asked again."""
    with transaction.atomic():
        case_id = Alert.objects.values_list("case", flat=True).get(pk=standing.alert)
        case = hold(case_id)
        about = Task.objects.filter(kind=kind, subject=standing.alert, detail_code=standing.partner.key)
        if about.filter(created_at__gte=standing.since).exists():
            return
        task = Task.open(
            kind,
            standing.alert,
            subject_kind="alert",
            unit=case.unit,
            owner=case.owner,
            detail_code=standing.partner.key,
        )
        if case.owner:
            call(case.owner, case, step_of(task.pk, kind), kind)


def _settle(standing: Standing) -> None:
    owed = Task.objects.still_open().filter(
        kind__in=[REFUSED, SILENT], subject=standing.alert, detail_code=standing.partner.key
    )
    for task in owed:
        task.finish("over" if standing.is_past else "acknowledged")
