"""A signature: the second officer decides on exactly what is shown."""

from __future__ import annotations

import hmac
from datetime import datetime

from alerts import frozen
from alerts.issue import stopping
from alerts.issue.deciding import EMERGENCY, SIGN, close_decision, grant
from alerts.issue.publishing import Void, demand_publishable, locked, publish, whole
from alerts.models import Version
from alerts.permission import demand, demand_factor
from alerts.refusals import IssueRefused
from trust import clock
from trust.models import Officer


def sign(version: Version, officer: Officer, *, digest: str, factor_at: datetime | None) -> Version:
    """Sign what was shown under this digest, make it public and start the sending: one transaction.

    Of a version that one person sent alone, confirm it: what was sent stands, nothing is sent again.
    Raise IssueRefused: superuser, no_permission, not_yours, own_proposal, own_sending, factor_not_fresh,
    not_proposed (somebody else was first, too), proposal_expired, hour_over, digest_differs, case_not_open,
    in_conflict, on_hold, order_missing, already_live, not_live, no_consent. Where stored bytes differ from
    those proposed the proposal lapses, and what one person sent is stopped.
    """
    demand(officer, "alerts.sign_version", version.alert.case)
    demand_factor(factor_at)
    try:
        with whole() as published:
            case, row = locked(version)
            now = clock.now()
            _demand_signable(row, officer, now)
            demand_shown(row, digest)
            demand_publishable(case, row, now)
            if row.state == Version.State.PROVISIONAL:
                grant(row, EMERGENCY, officer, digest)
                row.move(Version.State.SIGNED, officer, signed_by=officer)
            else:
                grant(row, SIGN, officer, digest)
                for former in row.alert.versions.filter(state=Version.State.PROVISIONAL):
                    close_decision(former, "lapsed", officer, act=EMERGENCY)  # this one replaces it
                publish(case, row, officer, Version.State.SIGNED, published, at=now, signed_by=officer)
            return row
    except Void:
        stopping.void(version)
        raise IssueRefused("digest_differs") from None


def demand_shown(version: Version, shown: str) -> None:
    """Raise Void where rows or files are not what was proposed, IssueRefused where other bytes were shown."""
    if not frozen.is_unchanged(version):
        raise Void
    if not hmac.compare_digest(shown.encode(), version.digest.encode()):
        raise IssueRefused("digest_differs")


def _demand_signable(version: Version, officer: Officer, now: datetime) -> None:
    if version.state not in {Version.State.PROPOSED, Version.State.PROVISIONAL}:
        raise IssueRefused("not_proposed")
    if version.proposed_by_id == officer.pk:
        raise IssueRefused("own_proposal")
    if version.state == Version.State.PROVISIONAL:
        _demand_confirmable(version, officer, now)
        return
    if version.valid_until is None or now >= version.valid_until:
        raise IssueRefused("proposal_expired")


def _demand_confirmable(version: Version, officer: Officer, now: datetime) -> None:
    if version.sent_by_id == officer.pk:
        raise IssueRefused("own_sending")
    if not version.alert.is_live:
        raise IssueRefused("not_live")
    if version.provisional_until is None or now >= version.provisional_until:
        raise IssueRefused("hour_over")
