"""From a decision to the public: the one way on which a version goes live."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from alerts import documents, facts, frozen, orders, partners, waking
from alerts.issue import updating
from alerts.models import Alert, Version
from alerts.permission import demand_open, hold
from alerts.refusals import IssueRefused
from cases import verification
from cases.media.padded import padded
from cases.models import Case
from trust import vault
from trust.models import Officer

WANTS_SHAPE = frozenset({"instagram"})  # channels that take a photo in certain shapes only


class Void(Exception):  # noqa: N818  # never leaves the acts
    """Say that what is stored is not what was proposed."""


@contextmanager
def whole() -> Iterator[list[str]]:
    """Run one transaction; yield the list of public copies made in it, which go with it if it fails."""
    published: list[str] = []
    try:
        with transaction.atomic():
            yield published
    except BaseException:
        for name in published:
            vault.unpublish(name)
        raise


def locked(version: Version) -> tuple[Case, Version]:
    """Return case and version as they are now; of two signatures the second waits, and finds it signed."""
    case = hold(version.alert.case_id)
    Alert.objects.select_for_update().get(pk=version.alert_id)
    row = (
        Version.objects.select_for_update(of=("self",))
        .select_related("alert__case__agency", "child", "photo")
        .get(pk=version.pk)
    )
    return case, row


def demand_publishable(case: Case, version: Version, now: datetime) -> None:
    """Raise IssueRefused unless case, call back, order and consents allow it now: as for something new."""
    demand_open(case)
    if verification.stands_in_the_way(case):  # a contradiction that came after the proposal
        raise IssueRefused("not_verified")
    if version.state == Version.State.PROPOSED:
        updating.demand_place(version)
    if version.alert.kind == Alert.Kind.ACTUAL and orders.missing(case):
        raise IssueRefused("order_missing")
    for channel, fields in version.fields_used.items():
        lacking = set(fields) - facts.allowed(version.child, channel, now, for_new=True)
        if lacking:
            raise IssueRefused("no_consent", f"{channel}: {', '.join(sorted(lacking))}")


def publish(
    case: Case,
    version: Version,
    officer: Officer,
    state: str,
    published: list[str],
    *,
    at: datetime,
    reason: str = "",
    **by: Any,
) -> None:
    """Move to the state, take force, store the document, start the sending; `by` says who, and until when.

    Asked under the locks of case, alert and version, within whole().
    """
    photo = frozen.photo_bytes(version)
    if photo is not None:
        published.append(vault.publish(photo, ".jpg"))
        if not WANTS_SHAPE.isdisjoint(version.channels):
            published.append(vault.publish(padded(photo), ".jpg"))
    version.move(
        state,
        officer,
        reason=reason,
        sent_at=at,
        expires_at=at + timedelta(seconds=version.duration_s),
        public_photo=published[0] if published else "",
        public_padded=published[1] if published[1:] else "",
        **by,
    )
    updating.take_force(version, officer, at)
    if case.public_since is None:
        case.set_public(public=True)
    partners.announce(version, documents.issue(version, photo))
    transaction.on_commit(lambda: waking.wake("alerts.fan_out", version.pk), robust=True)
