"""An update or a widening: the next version of an alert that is live, and how it takes force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from alerts import aftermath, succession
from alerts.channels import is_direct, is_known
from alerts.issue import drafting
from alerts.models import Alert, Version
from alerts.permission import demand, demand_open, hold
from alerts.refusals import IssueRefused
from cases.models import Photo
from geo.shapes import Area
from notifier import outbox
from notifier.models import Post
from trust import clock
from trust.models import Officer

HOUR = timedelta(hours=1)


def update(
    alert: Alert,
    officer: Officer,
    *,
    area: Area | None = None,
    channels: Sequence[str] | None = None,
    duration_s: int | None = None,
    tier: str | None = None,
    photo: Photo | None = None,
    additions: Mapping[str, str] | None = None,
) -> Version:
    """Return the next draft of a live alert; what is not given stays as it is in force, its end too.

    The alert goes on as it is until two people have signed. Raise IssueRefused: no_permission, not_yours,
    superuser, case_not_open, in_conflict, not_live, already_drafted, and as draft() does for what was chosen.
    """
    demand(officer, "alerts.draft_version", alert.case)
    demand_open(alert.case)
    with transaction.atomic():
        hold(alert.case_id)
        row = Alert.objects.select_for_update().get(pk=alert.pk)
        if not row.is_live:
            raise IssueRefused("not_live")
        if Version.objects.open().filter(alert__case=row.case_id).exists():
            raise IssueRefused("already_drafted")
        now = in_force(row)
        chosen = drafting.chosen(
            now,
            area=area,
            channels=channels,
            duration_s=remaining_s(now) if duration_s is None else duration_s,
            tier=tier,
            photo=photo,
            additions=additions,
        )
        return drafting.begin(row, officer, child=now.child, **chosen)


def in_force(alert: Alert) -> Version:
    """Return what the public is being told (one query). Raise IssueRefused("not_live")."""
    found = alert.versions.in_force().select_related("child", "photo").order_by("-number").first()
    if found is None or not alert.is_live:
        raise IssueRefused("not_live")
    return found


def remaining_s(version: Version) -> int:
    """Return how long the version still holds, in whole hours, one at least: nothing is prolonged unasked."""
    assert version.expires_at is not None
    left = version.expires_at - clock.now()
    hours = max(1, -(-left // HOUR))
    return min(int(hours * HOUR.total_seconds()), drafting.LONGEST_S)


def demand_place(version: Version) -> None:
    """Refuse to sign what cannot take force: another alert of the case is live, or this one is over."""
    alert = version.alert
    if alert.state == Alert.State.ENDED:
        raise IssueRefused("not_live")
    if Alert.objects.live().filter(case=alert.case_id).exclude(pk=alert.pk).exists():
        raise IssueRefused("already_live")


def take_force(version: Version, officer: Officer, at: datetime) -> None:
    """Make what was signed just now the one that is said: the first one makes its alert live.

    A later one supersedes what was in force: from this transaction's commit on nothing of the old leaves.
    Asked under the locks of case, alert and version.
    """
    alert = version.alert
    if alert.state == Alert.State.DRAFT:
        alert.go_live(officer, at)
        return
    for former in alert.versions.in_force().exclude(pk=version.pk):
        former.move(Version.State.SUPERSEDED, officer, superseded_at=at)
    subjects = succession.before(version).subjects
    said = [channel for channel in succession.channels_of(alert) if is_known(channel)]
    outbox.supersede(subjects, version.pk, channels=[channel for channel in said if is_direct(channel)])
    _replace_posts(version, subjects)
    transaction.on_commit(lambda: aftermath.drop_former_photos(version), robust=True)


def _replace_posts(version: Version, subjects: Sequence[UUID]) -> None:
    """Have the posts say what is in force: in place where that can be, else anew; the same words stay.

    A channel that is left out is taken back.
    """
    posted = Post.objects.filter(subject__in=subjects).values_list("channel", flat=True)
    anew = succession.is_said_anew(version)
    gone = [channel for channel in sorted(set(posted)) if anew or channel not in version.channels]
    case = version.alert.case
    for channel in gone:
        outbox.replace_posts(
            subjects,
            version.pk,
            channels=[channel],
            same_photo=channel in version.channels and _same_photo(version),
            unit=case.unit,
            owner=case.owner,
        )


def _same_photo(version: Version) -> bool:
    """Say whether the version shows the photo that is posted: no channel can change a photo."""
    former = succession.sent_before(version)
    return bool(former) and former[-1].photo_sha256 == version.photo_sha256
