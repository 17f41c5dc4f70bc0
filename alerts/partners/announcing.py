"""From a document to one delivery a partner; the rows are written with the signature or the end.

An update or an end never overtakes what it follows: it waits while that is on the wire to the same partner
(notifier.ordering). What only waited is withdrawn, and the partner gets the later document as its first.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from alerts import facts
from alerts.models import Alert, Document, Partner, Version
from alerts.partners.channel import CHANNEL
from geo.shapes import Area
from notifier import outbox, registry
from notifier.message import Text
from notifier.models import Batch, Delivery
from trust import audit, clock
from trust.models import Task

RECALL = "partner_recall"


def announce(version: Version, document: Document | None) -> Batch | None:
    """Queue the document of a version that was signed just now for each partner that takes it.

    What waits of earlier documents is held back. None where the version does not name the channel, where
    nothing may be said on it, or where no partner takes it.
    """
    said_before = subjects(version.alert_id, but=document)
    if said_before:
        outbox.supersede(said_before, version.pk)
    if document is None or CHANNEL not in version.channels or not registry.aliases_for(CHANNEL):
        return None
    if not _may_say(version, clock.now()):
        _withhold(version)
        return None
    people = [(one.pk, one.key, settings.LANGUAGE_CODE) for one in takers(version, said_before)]
    if not people:
        return None
    batch = _open(document, "alert", said_before)
    outbox.record_people(batch, people)
    return batch


def end(version: Version, document: Document | None) -> Batch | None:
    """Hold back what waits; queue the all-clear or the cancel for exactly those that may have got more."""
    said_before = subjects(version.alert_id, but=document)
    outbox.stop(said_before)
    told = Delivery.objects.about(said_before).filter(channel=CHANNEL).told()
    if document is None or not told.exists():
        return None
    batch = _open(document, "end", said_before)
    outbox.record_told(batch, said_before)
    return batch


def silence(alert_id: UUID) -> None:
    """Hold back what waits of an alert.

    While it lives (a consent ended) somebody owes a call to each partner that may have got it: no document
    can say that it is to be forgotten.
    """
    said_before = subjects(alert_id)
    outbox.stop(said_before)
    alert = Alert.objects.live().filter(pk=alert_id).select_related("case__unit", "case__owner").first()
    if alert is None:
        return
    told = Delivery.objects.about(said_before).filter(channel=CHANNEL).told().values("person")
    for key in Partner.objects.filter(pk__in=told).values_list("key", flat=True):
        case = alert.case
        Task.open(RECALL, alert_id, subject_kind="alert", unit=case.unit, owner=case.owner, detail_code=key)


def subjects(alert_id: UUID, *, but: Document | None = None) -> list[UUID]:
    """Return the documents of an alert, as subjects of batches (one query)."""
    stored = Document.objects.filter(version__alert=alert_id).order_by("sent_at")
    return list((stored.exclude(pk=but.pk) if but else stored).values_list("pk", flat=True))


def takers(version: Version, said_before: list[UUID]) -> list[Partner]:
    """Return who gets it (two queries): told before, who takes updates; else, whose area is touched."""
    told = set(
        Delivery.objects.about(said_before).filter(channel=CHANNEL).told().values_list("person", flat=True)
    )
    touched = {
        region.code for region in settings.COUNTRY.outlines.regions_touching(Area.from_json(version.area))
    }
    found = Partner.objects.filter(is_active=True)
    if version.alert.kind != Alert.Kind.ACTUAL:
        found = found.filter(takes_exercises=True)
    return [
        one
        for one in found
        if (one.takes_updates if one.pk in told else one.takes_alerts and one.covers(touched))
    ]


def _may_say(version: Version, at: datetime) -> bool:
    """Ask consent for the channel, of the fields the document shows (one query)."""
    shown = set(version.fields_used.get("cap", ()))
    return shown <= facts.allowed(version.child, CHANNEL, at)


def _open(document: Document, kind: str, after: list[UUID]) -> Batch:
    version = document.version
    return outbox.open_batch(
        kind=kind,
        subject=document.pk,
        channel=CHANNEL,
        texts={settings.LANGUAGE_CODE: Text(document=document.xml)},
        key_owner=document.key_owner,
        expires_at=document.expires_at,
        after=after,
        exercise=version.alert.kind != Alert.Kind.ACTUAL,
    )


def _withhold(version: Version) -> None:
    case = version.alert.case
    audit.record("alert.withheld", version.alert, reason=CHANNEL)
    Task.open(
        "consent_gone",
        version.alert_id,
        subject_kind="alert",
        unit=case.unit,
        owner=case.owner,
        detail_code=CHANNEL,
    )
