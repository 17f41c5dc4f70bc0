"""A signature: the second officer decides on exactly what is shown."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from django.db import transaction

from alerts import documents, facts, frozen, waking
from alerts.issue.deciding import close_decision
from alerts.issue.proposing import ACT
from alerts.models import Alert, Version
from alerts.permission import demand, demand_factor, demand_open, hold
from alerts.refusals import IssueRefused
from cases.models import Case
from trust import clock, vault
from trust.models import Decision, Officer


class _Void(Exception):  # noqa: N818  # never leaves this module
    """Say that what is stored is not what was proposed."""


def sign(version: Version, officer: Officer, *, digest: str, factor_at: datetime | None) -> Version:
    """Sign what was shown under this digest, make it public and start the sending: one transaction.

    Raise IssueRefused: superuser, no_permission, not_yours, own_proposal, factor_not_fresh, not_proposed
    (somebody else was first, too), proposal_expired, digest_differs, case_not_open, in_conflict,
    already_live, no_consent. Where stored bytes differ from those proposed the proposal lapses.
    """
    demand(officer, "alerts.sign_version", version.alert.case)
    demand_factor(factor_at)
    published: list[str] = []
    try:
        with transaction.atomic():
            return _sign(version, officer, digest, published)
    except _Void:
        _lapse(version)
        raise IssueRefused("digest_differs") from None
    except BaseException:
        for name in published:
            vault.unpublish(name)
        raise


def send_back(version: Version, officer: Officer, reason: str) -> Version:
    """Return a proposal to its unit. Raise IssueRefused: no_permission, reason, not_proposed, …"""
    return _decide_against(version, officer, reason, Version.State.RETURNED, "alerts.return_version")


def refuse(version: Version, officer: Officer, reason: str) -> Version:
    """Refuse a proposal for good. Raise IssueRefused as send_back() does."""
    return _decide_against(version, officer, reason, Version.State.REFUSED, "alerts.refuse_version")


def _sign(version: Version, officer: Officer, shown: str, published: list[str]) -> Version:
    case, row = _locked(version)
    now = clock.now()
    _demand_signable(row, officer, shown, now)
    demand_open(case)
    _demand_consent(row, now)
    photo = frozen.photo_bytes(row)
    if photo is not None:
        published.append(vault.publish(photo, ".jpg"))
    Decision.objects.get(act=ACT, subject=row.pk, outcome="").decide("granted", by=officer, digest=shown)
    row.move(
        Version.State.SIGNED,
        officer,
        signed_by=officer,
        sent_at=now,
        expires_at=now + timedelta(seconds=row.duration_s),
        public_photo=published[0] if published else "",
    )
    row.alert.go_live(officer, now)
    case.set_public(public=True)
    documents.issue(row, photo)
    transaction.on_commit(lambda: waking.wake("alerts.fan_out", row.pk), robust=True)
    return row


def _locked(version: Version) -> tuple[Case, Version]:
    """Return case and version as they are now; of two signatures the second waits, and finds it signed."""
    case = hold(version.key_owner)
    Alert.objects.select_for_update().get(pk=version.alert_id)
    row = (
        Version.objects.select_for_update(of=("self",))
        .select_related("alert__case__agency", "child", "photo")
        .get(pk=version.pk)
    )
    return case, row


def _demand_signable(row: Version, officer: Officer, shown: str, now: datetime) -> None:
    if row.state != Version.State.PROPOSED:
        raise IssueRefused("not_proposed")
    if row.proposed_by_id == officer.pk:
        raise IssueRefused("own_proposal")
    if row.valid_until is None or now >= row.valid_until:
        raise IssueRefused("proposal_expired")
    if row.alert.state != Alert.State.DRAFT:
        raise IssueRefused("already_live")
    if not frozen.is_unchanged(row):
        raise _Void
    if not hmac.compare_digest(shown.encode(), row.digest.encode()):
        raise IssueRefused("digest_differs")


def _demand_consent(row: Version, now: datetime) -> None:
    for channel, fields in row.fields_used.items():
        missing = set(fields) - facts.allowed(row.child, channel, now, for_new=True)
        if missing:
            raise IssueRefused("no_consent", f"{channel}: {', '.join(sorted(missing))}")


def _lapse(version: Version) -> None:
    with transaction.atomic():
        _case, row = _locked(version)
        if row.state == Version.State.PROPOSED:
            row.move(Version.State.LAPSED, None, reason="changed")
            close_decision(row, "lapsed", None)


def _decide_against(version: Version, officer: Officer, reason: str, state: str, permission: str) -> Version:
    demand(officer, permission, version.alert.case)
    if not reason.strip():
        raise IssueRefused("reason")
    with transaction.atomic():
        _case, row = _locked(version)
        if row.state != Version.State.PROPOSED:
            raise IssueRefused("not_proposed")
        if row.proposed_by_id == officer.pk:
            raise IssueRefused("own_proposal")
        row.returned_reason = reason.strip()
        row.save(update_fields=["returned_reason"])
        row.move(state, officer)
        close_decision(row, "refused", officer)
    return row

