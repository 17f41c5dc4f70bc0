"""What officers read of an alert's partners: each document, each partner, and the partner's own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.models import Alert, Document, Partner
from alerts.partners.announcing import RECALL
from alerts.partners.channel import CHANNEL
from alerts.partners.looking import REFUSED, SILENT
from notifier.meanings import meaning
from notifier.models import Delivery, Receipt
from trust import desk

State = Delivery.State
STATES: dict[str, tuple[Promise, str]] = {  # in words, and how loudly
    State.QUEUED: (gettext_lazy("Waits, and is tried again until the document expires"), "warning"),
    State.SENDING: (gettext_lazy("On its way"), ""),
    State.UNKNOWN: (gettext_lazy("No answer came: nobody knows whether it arrived"), "danger"),
    State.ACCEPTED: (gettext_lazy("Received"), "success"),
    State.DELIVERED: (gettext_lazy("Published"), "success"),
    State.FAILED: (gettext_lazy("Refused"), "danger"),
    State.EXPIRED: (gettext_lazy("Never acknowledged: the document has expired"), "danger"),
    State.WITHDRAWN: (gettext_lazy("Held back: it is no longer what is said"), ""),
    State.SUPPRESSED: (gettext_lazy("Not sent: the partner never had the alert"), ""),
}

desk.TASK_WORDS.update(
    {
        REFUSED: gettext_lazy("A CAP partner refuses the document: call it, and find out why"),
        SILENT: gettext_lazy("A CAP partner does not acknowledge the document: call it"),
        RECALL: gettext_lazy(
            "A CAP partner holds what consent no longer covers: call it, so that it is taken down"
        ),
    }
)
TASKS = frozenset({REFUSED, SILENT, RECALL})


@dataclass(frozen=True)
class Answer:
    """Hold what became of one document at one partner."""

    partner: str
    phone: str
    state: str
    level: str
    at: str
    words: str


@dataclass(frozen=True)
class Sent:
    """Hold one document: what it is, whether it bears our signature, and each partner's answer."""

    kind: str
    identifier: str
    at: str
    signed_with: str
    answers: tuple[Answer, ...]


def sent(alert: Alert, zone: ZoneInfo) -> tuple[Sent, ...]:
    """Return the documents of an alert that went to a partner, the latest first (four queries)."""
    documents = list(Document.objects.filter(version__alert=alert).order_by("-sent_at"))
    rows = list(Delivery.objects.about(one.pk for one in documents).filter(channel=CHANNEL).order_by("pk"))
    partners = Partner.objects.in_bulk([row.person for row in rows])
    words = _words(rows)
    answers: dict[UUID, list[Answer]] = {}
    for row in rows:
        partner = partners.get(row.person)
        answers.setdefault(row.subject, []).append(_answer(row, partner, words.get(row.pk, ""), zone))
    return tuple(_sent(one, answers[one.pk], zone) for one in documents if one.pk in answers)


def name_of(key: str) -> str:
    """Return the partner a task names (a query)."""
    return Partner.objects.filter(key=key).values_list("name", flat=True).first() or key


def _sent(document: Document, answers: list[Answer], zone: ZoneInfo) -> Sent:
    kind = _("End") if document.ends_alert else _("Update") if document.type == "Update" else _("Alert")
    at = desk.moment(document.sent_at, zone)
    signed_with = document.signed_with[:16]
    return Sent(
        kind, document.identifier, at, signed_with, tuple(sorted(answers, key=lambda one: one.partner))
    )


def _answer(row: Delivery, partner: Partner | None, words: str, zone: ZoneInfo) -> Answer:
    said, level = STATES[row.state]
    tells_why = row.error_kind and row.state in (State.FAILED, State.QUEUED, State.EXPIRED)
    return Answer(
        partner=partner.name if partner else "—",
        phone=partner.phone if partner else "",
        state=str(said),
        level=level,
        at=desk.moment(row.state_at, zone),
        words=words or (meaning(row.error_kind) if tells_why else ""),
    )


def _words(rows: Iterable[Delivery]) -> dict[int, str]:
    """Return the last words of each partner that gave some (one query)."""
    said = Receipt.objects.filter(delivery_id__in=[row.pk for row in rows]).exclude(words="").order_by("pk")
    return {pk: words for pk, words in said.values_list("delivery_id", "words") if pk is not None}
