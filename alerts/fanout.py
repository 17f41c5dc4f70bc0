"""From a signature to rows in the outbox: rings nearest first, each channel, resumable anywhere."""

from __future__ import annotations

import time
from uuid import UUID

from django.conf import settings
from django.db import transaction

from alerts import frozen, render, targeting
from alerts.channels import is_direct
from alerts.models import Alert, Version
from alerts.targeting import Ring
from geo.shapes import Area, Point
from notifier import outbox
from notifier.models import Batch
from trust import audit, clock
from trust.models import Task


def fan_out(version_id: UUID, *, budget_s: float = 5.0) -> bool:
    """Record what is not yet recorded of a version in force; return whether nothing is left to do.

    Nothing is recorded of a version that is not, byte for byte, what two officers signed: a person owes it.
    May run twice, at once, or be killed anywhere: a batch is found again by (subject, ring, channel), and
    nobody is recorded twice for one subject and channel.
    """
    found = Version.objects.in_force().select_related("alert__case", "child", "photo")
    version = found.filter(pk=version_id).first()
    if version is None or version.fanned_out_at or not version.alert.is_live:
        return True
    if not frozen.is_as_signed(version):
        _withhold(version, "signature_void", "")
        return True
    end = time.monotonic() + budget_s
    for channel in version.channels:
        if not is_direct(channel):
            _post(version, channel)
    for ring in rings(version):
        for channel in version.channels:
            if time.monotonic() > end:
                return False
            if is_direct(channel):
                _record(version, ring, channel)
    Version.objects.filter(pk=version.pk).update(fanned_out_at=clock.now())
    return True


def unfinished() -> list[UUID]:
    """Return the versions in force whose fan-out a lost wake-up or a dead worker left unfinished."""
    live = Version.objects.in_force().filter(alert__state=Alert.State.LIVE, fanned_out_at=None)
    return list(live.values_list("pk", flat=True))


def rings(version: Version) -> list[Ring]:
    area = Area.from_json(version.area)
    return targeting.rings(area, _origin(version, area), settings.COUNTRY.outlines)


def _origin(version: Version, area: Area) -> Point:
    """Return the place last seen, where the area holds it: those nearest to it are told first."""
    seen = version.alert.case.last_seen_point
    return seen if seen is not None and area.contains(seen) else area.centre()


def _record(version: Version, ring: Ring, channel: str) -> None:
    batch = _batch(version, channel, ring.number)
    if batch is not None and batch.recorded_at is None:
        outbox.record(batch, ring.people(channel))


def _post(version: Version, channel: str) -> None:
    batch = _batch(version, channel, 0)
    if batch is not None and not batch.posts.exists():
        case = version.alert.case
        outbox.post(batch, unit=case.unit, owner=case.owner)


def _batch(version: Version, channel: str, ring: int) -> Batch | None:
    """Return the one batch of this ring and channel, opened now if there is none; None once it is over."""
    with transaction.atomic():
        alert = Alert.objects.select_for_update().get(pk=version.alert_id)
        if not alert.is_live:  # whoever ends it holds the same lock, and stops what is open by then
            return None
        found = Batch.objects.filter(subject=alert.pk, channel=channel, ring=ring).first()
        return found or _open(version, channel, ring)


def _open(version: Version, channel: str, ring: int) -> Batch | None:
    texts = render.message(version, channel, clock.now())
    if texts is None:
        _withhold(version, "consent_gone", channel)
        return None
    assert version.expires_at is not None
    return outbox.open_batch(
        kind="alert",
        subject=version.alert_id,
        channel=channel,
        ring=ring,
        texts=texts,
        key_owner=version.key_owner,
        expires_at=version.expires_at,
        exercise=version.alert.kind != Alert.Kind.ACTUAL,
    )


def _withhold(version: Version, why: str, channel: str) -> None:
    """Say aloud that something stays silent, as consent or signature no longer hold: a person owes it."""
    case = version.alert.case
    owed = Task.objects.still_open().filter(kind=why, subject=version.alert_id, detail_code=channel)
    if owed.exists():
        return
    audit.record("alert.withheld", version.alert, reason=channel or why)
    Task.open(
        why,
        version.alert_id,
        subject_kind="alert",
        unit=case.unit,
        owner=case.owner,
        detail_code=channel,
    )
