"""From a signature to rows in the outbox: rings nearest first, each channel, resumable anywhere."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from alerts import aftermath, frozen, hands, quiet, render, retelling, succession, targeting
from alerts.channels import is_direct, is_known
from alerts.models import Alert, Version
from alerts.succession import Before
from alerts.targeting import EVERYBODY, Ring
from geo.shapes import Area, Point
from notifier import outbox
from notifier.models import Batch, Post
from notifier.recording import People
from trust import audit, clock
from trust.models import Task


@dataclass(frozen=True)
class Said:
    """Name one batch of a version: what is said as one thing, on a channel, to a ring of people."""

    subject: UUID
    channel: str
    ring: int
    kind: str = "alert"
    after: tuple[UUID, ...] = ()


def fan_out(version_id: UUID, *, budget_s: float = 5.0) -> bool:
    """Record what is not yet recorded of a version in force; return whether nothing is left to do.

    Nothing is recorded of a version that is not, byte for byte, what two officers signed: a person owes it.
    May run twice, at once, or be killed anywhere: a batch is found again by (subject, kind, ring, channel),
    and nobody is recorded twice for one subject and channel. A version that follows another waits, with all
    but the newcomers, until what the earlier one had on the wire is known.
    """
    found = Version.objects.in_force().select_related("alert__case__agency", "child", "photo")
    version = found.filter(pk=version_id).first()
    if version is None or version.fanned_out_at or not version.alert.is_live:
        return True
    if not frozen.is_as_signed(version):
        _withhold(version, "signature_void", "")
        return True
    aftermath.drop_former_photos(version)
    for channel in hands.tell(version):
        _withhold(version, "consent_gone", channel)
    if not _tell(version, succession.before(version), time.monotonic() + budget_s):
        return False
    Version.objects.filter(pk=version.pk).update(fanned_out_at=clock.now())
    return True


def unfinished() -> list[UUID]:
    """Return the versions in force whose fan-out a lost wake-up or a dead worker left unfinished."""
    live = Version.objects.in_force().filter(alert__state=Alert.State.LIVE, fanned_out_at=None)
    return list(live.values_list("pk", flat=True))


def rings(version: Version) -> list[Ring]:
    area = Area.from_json(version.area)
    return targeting.rings(area, origin(version, area), settings.COUNTRY.outlines)


def origin(version: Version, area: Area) -> Point:
    """Return the place last seen, where the area holds it: those nearest to it are told first."""
    seen = version.alert.case.last_seen_point
    return seen if seen is not None and area.contains(seen) else area.centre()


def _tell(version: Version, before: Before, until: float) -> bool:
    """Post, then record ring by ring, then for those who knew of the alert; False where something is left."""
    direct = [channel for channel in version.channels if is_direct(channel)]
    for channel in version.channels:
        if is_known(channel) and channel not in direct:
            _post(version, before, channel)
    found = rings(version)
    for ring in found:
        for channel in direct:
            if time.monotonic() > until:
                return False
            is_first = not before.subjects
            only = EVERYBODY if is_first else retelling.newcomers(version.alert_id, channel, direct)
            _record(version, Said(version.alert_id, channel, ring.number), ring.people(channel, only))
    return not before.subjects or _tell_again(version, before, found, direct, until)


def _tell_again(
    version: Version, before: Before, found: Sequence[Ring], direct: Sequence[str], until: float
) -> bool:
    settled = [channel for channel in direct if retelling.is_settled(before, channel)]
    for channel in settled:
        if time.monotonic() > until:
            return False
        if before.other:
            again = Said(version.pk, channel, 0, "update", after=before.subjects)
            _record(version, again, retelling.told_otherwise(before, channel))
        only = retelling.never_reached(before, channel)
        for ring in found:
            _record(version, Said(version.pk, channel, ring.number), ring.people(channel, only))
    return settled == direct


def _record(version: Version, said: Said, people: People) -> None:
    batch = _batch(version, said)
    if batch is not None and batch.recorded_at is None:
        outbox.record(batch, people)


def _post(version: Version, before: Before, channel: str) -> None:
    """Post it, unless a post stands that says these same words."""
    standing = Post.objects.filter(subject__in=before.subjects, channel=channel, batch__superseded_by=None)
    if standing.exclude(state__in=Post.OVER).exists():
        return
    subject = version.pk if before.subjects else version.alert_id
    batch = _batch(version, Said(subject, channel, 0, "update" if before.subjects else "alert"))
    case = version.alert.case
    if batch is None:
        if before.subjects and Version.objects.in_force().filter(pk=version.pk).exists():
            # Nothing may be said here now: what stands in former words is not left there for that.
            outbox.recall(before.subjects, channels=[channel], unit=case.unit, owner=case.owner)
    elif not batch.posts.exists():
        outbox.post(batch, unit=case.unit, owner=case.owner, instead_of=before.subjects)


def _batch(version: Version, said: Said) -> Batch | None:
    """Return the version's own batch, opened now if there is none; None once the version is out of force."""
    with transaction.atomic():
        alert = Alert.objects.select_for_update().get(pk=version.alert_id)
        # Whoever ends or updates it holds the same lock, and stops what is open by then.
        if not alert.is_live or not Version.objects.in_force().filter(pk=version.pk).exists():
            return None
        found = Batch.objects.filter(
            subject=said.subject, channel=said.channel, ring=said.ring, kind=said.kind, superseded_by=None
        )
        return found.first() or _open(version, said)


def _open(version: Version, said: Said) -> Batch | None:
    now = clock.now()
    texts = render.message(version, said.channel, now)
    if texts is None:
        _withhold(version, "consent_gone", said.channel)
        return None
    assert version.expires_at is not None
    return outbox.open_batch(
        kind=said.kind,
        subject=said.subject,
        channel=said.channel,
        ring=said.ring,
        texts=texts,
        key_owner=version.key_owner,
        expires_at=version.expires_at,
        after=said.after,
        not_before=morning(version, now) if is_direct(said.channel) else None,
        exercise=version.alert.kind != Alert.Kind.ACTUAL,
    )


def morning(version: Version, now: datetime) -> datetime | None:
    """Return until when it waits: not past its own end, for then nobody would be told."""
    if version.tier != Version.Tier.NOTICE:
        return None
    zone = ZoneInfo(version.alert.case.agency.time_zone)
    until = quiet.until(now, zone, settings.QUIET_HOURS)
    ends_at = version.expires_at or now + timedelta(seconds=version.duration_s)
    return until if until and until < ends_at else None


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
