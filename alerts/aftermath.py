"""What remains to be done when an alert has ended: the photo goes, and those told are told."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from alerts.models import Address, Alert, Version
from notifier import outbox
from notifier.models import Batch
from trust import clock, vault


def take_photo_away(alert_id: UUID) -> None:
    """Remove the public copies of an ended alert's photos. May run twice."""
    delete_photos(Version.objects.filter(alert=alert_id, alert__state=Alert.State.ENDED))


def delete_photos(versions: QuerySet[Version]) -> None:
    """Delete the public copies of these versions' photos, and note when. May run twice."""
    for version in versions.exclude(public_photo=""):
        for name in filter(None, (version.public_photo, version.public_padded)):
            vault.unpublish(name)
        gone = {"public_photo": "", "public_padded": "", "photo_gone_at": clock.now()}
        Version.objects.filter(pk=version.pk).update(**gone)


def drop_former_photos(version: Version) -> None:
    """Remove the public copies of photos that the version in force no longer shows. May run twice.

    A copy of the same photo stays: messages that left link to it.
    """
    shown = Version.objects.filter(alert=version.alert_id, state=Version.State.SUPERSEDED)
    delete_photos(shown.exclude(photo_sha256=version.photo_sha256))


def tell_end(alert_id: UUID) -> None:
    """Record the end for exactly those who were told. May run twice, or be killed anywhere."""
    take_photo_away(alert_id)
    alert = Alert.objects.filter(pk=alert_id, state=Alert.State.ENDED, end_told_at=None).first()
    if alert is None:
        return
    versions = list(alert.versions.all())
    ends = [UUID(subject) for version in versions for subject in version.end_subjects.values()]
    told = [alert.pk, *(version.pk for version in versions)]
    # Who asked for no more since, or whose address ended, hears no more: not even this.
    still_held = Exists(Address.objects.filter(subscription=OuterRef("person"), value=OuterRef("address")))
    for batch in Batch.objects.filter(subject__in=ends, recorded_at=None):
        outbox.record_told(batch, told, where=still_held)
    Alert.objects.filter(pk=alert.pk).update(end_told_at=clock.now())


def untold() -> list[UUID]:
    """Return ended alerts whose end a lost wake-up or a dead worker left untold."""
    left = Alert.objects.filter(state=Alert.State.ENDED, end_told_at=None)
    return list(left.values_list("pk", flat=True))
