"""Consent that ends while an alert lives: what shows the withdrawn fields is stopped and taken back."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from alerts import facts
from alerts.models import Version
from cases.models import Consent
from notifier import outbox
from trust import audit, clock, vault


def take_back(consent: Consent) -> None:
    """Stop and recall every message of a live alert if one shows a field no longer allowed.

    The page drops such fields by itself, at once (alerts.render). The public photo goes as soon as the web
    may not show it: messages link to that same copy.
    """
    live = Version.objects.in_force().filter(alert__state="live", child=consent.child_id)
    for version in live.select_related("alert__case__unit", "alert__case__owner", "child"):
        now = clock.now()
        gone = [
            channel
            for channel, fields in version.fields_used.items()
            if set(fields) - facts.allowed(version.child, channel, now)
        ]
        if not gone:
            continue
        _silence(version)
        if "photo" not in facts.allowed(version.child, "page", now):
            transaction.on_commit(partial(_unpublish, version.pk, version.public_photo), robust=True)
        audit.record("alert.withheld", version.alert, reason=",".join(sorted(gone)))


def _silence(version: Version) -> None:
    case = version.alert.case
    subjects = [version.alert_id, version.pk]
    outbox.stop(subjects)
    outbox.recall(subjects, unit=case.unit, owner=case.owner)


def _unpublish(version_id: UUID, name: str) -> None:
    if name:
        vault.unpublish(name)
        Version.objects.filter(pk=version_id).update(public_photo="")
