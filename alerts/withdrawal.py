"""Consent that ends while an alert lives: what shows the withdrawn fields is stopped and taken back."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from alerts import aftermath, facts, hands, succession
from alerts.models import Version
from cases.models import Consent
from notifier import outbox
from trust import audit, clock


def take_back(consent: Consent) -> None:
    """Stop and recall every message of a live alert if one shows a field no longer allowed.

    The page drops such fields by itself, at once (alerts.render). The public photos go as soon as the web
    may not show them, those of earlier versions too: messages link to those same copies.
    """
    live = Version.objects.in_force().filter(alert__state="live", child=consent.child_id)
    for version in live.select_related("alert__case__unit", "alert__case__owner", "child"):
        now = clock.now()
        said = [version, *succession.sent_before(version)]
        gone = {
            channel
            for one in said
            for channel, fields in one.fields_used.items()
            if set(fields) - facts.allowed(version.child, channel, now)
        }
        if not gone:
            continue
        _silence(version, [one.pk for one in said])
        if "photo" not in facts.allowed(version.child, "page", now):
            transaction.on_commit(partial(_unpublish, version.alert_id), robust=True)
        audit.record("alert.withheld", version.alert, reason=",".join(sorted(gone)))


def _silence(version: Version, said: list[UUID]) -> None:
    case = version.alert.case
    subjects = [version.alert_id, *said]
    outbox.stop(subjects)
    outbox.recall(subjects, unit=case.unit, owner=case.owner)
    hands.silence(version.alert_id, clock.now())


def _unpublish(alert_id: UUID) -> None:
    aftermath.delete_photos(Version.objects.filter(alert=alert_id))
