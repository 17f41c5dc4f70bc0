"""An answer other than a signature: the proposal is over, and what one person sent is stopped at once."""

from __future__ import annotations

from django.db import transaction

from alerts.issue.deciding import EMERGENCY, SIGN, close_decision
from alerts.issue.ending import end
from alerts.issue.publishing import locked
from alerts.models import Alert, Version
from alerts.permission import demand
from alerts.refusals import IssueRefused
from trust import audit
from trust.models import Officer, Task

# What the public reads of an alert that one person sent: "over, the police carry on" where it is to be made
# anew or nobody confirmed it (the child is still missing), "should not have been sent" where an officer
# refuses it.
SAID = {
    Version.State.RETURNED: Alert.End.ENDED,
    Version.State.REFUSED: Alert.End.ERROR,
    Version.State.LAPSED: Alert.End.ENDED,
}


def send_back(version: Version, officer: Officer, reason: str) -> Version:
    """Return a proposal to its unit. Raise IssueRefused: no_permission, reason, not_proposed, …"""
    return _decide_against(version, officer, reason, Version.State.RETURNED, "alerts.return_version")


def refuse(version: Version, officer: Officer, reason: str) -> Version:
    """Refuse a proposal for good. Raise IssueRefused as send_back() does."""
    return _decide_against(version, officer, reason, Version.State.REFUSED, "alerts.refuse_version")


def void(version: Version) -> None:
    """Let go of a version whose bytes are no longer those proposed; what is out of it is stopped."""
    with transaction.atomic():
        _case, row = locked(version)
        if row.state == Version.State.PROPOSED:
            row.move(Version.State.LAPSED, None, reason="changed")
            close_decision(row, "lapsed", None)
        elif row.state == Version.State.PROVISIONAL:
            stop(row, Version.State.LAPSED, None, "changed", said=Alert.End.ERROR)
            case = row.alert.case
            Task.open("signature_void", row.alert_id, subject_kind="alert", unit=case.unit, owner=case.owner)


def withdraw_forged(version: Version) -> bool:
    """End an alert whose version is called signed though nobody signed it; a person owes the answer."""
    with transaction.atomic():
        case, row = locked(version)
        if row.state != Version.State.SIGNED or not row.alert.is_live:
            return False
        end(row.alert, Alert.End.ERROR, None)
        audit.record("alert.withheld", row.alert, reason="signature_void")
        Task.open("signature_void", row.alert_id, subject_kind="alert", unit=case.unit, owner=case.owner)
        return True


def stop(version: Version, state: str, officer: Officer | None, why: str, *, said: str = "") -> None:
    """End what one person sent, under the caller's lock: the alert, the version, the open question.

    said: an Alert.End, else what SAID has for the state. An alert that somebody ended first is left as it is.
    """
    if version.alert.is_live:
        end(version.alert, said or SAID[Version.State(state)], officer)
    version.move(state, officer, reason=why)
    close_decision(version, "refused" if officer else "lapsed", officer, act=EMERGENCY)


def _decide_against(version: Version, officer: Officer, reason: str, state: str, permission: str) -> Version:
    demand(officer, permission, version.alert.case)
    if not reason.strip():
        raise IssueRefused("reason")
    with transaction.atomic():
        _case, row = locked(version)
        if row.state not in {Version.State.PROPOSED, Version.State.PROVISIONAL}:
            raise IssueRefused("not_proposed")
        if row.proposed_by_id == officer.pk:
            raise IssueRefused("own_proposal")
        if row.sent_by_id == officer.pk:
            raise IssueRefused("own_sending")
        row.returned_reason = reason.strip()
        row.save(update_fields=["returned_reason"])
        if row.state == Version.State.PROVISIONAL:
            stop(row, state, officer, "stopped")
        else:
            row.move(state, officer)
            close_decision(row, "refused", officer, act=SIGN)
    return row
