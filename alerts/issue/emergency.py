"""The emergency path: one person sends, a second signs within the hour, else the clock stops it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from alerts import paging
from alerts.issue import stopping
from alerts.issue.deciding import EMERGENCY, SIGN, close_decision
from alerts.issue.publishing import Void, demand_publishable, locked, publish, whole
from alerts.issue.signing import demand_shown
from alerts.models import Alert, Version
from alerts.permission import demand, demand_factor
from alerts.refusals import IssueRefused
from trust import audit, clock
from trust.models import Decision, Officer, Task

CONFIRM_WITHIN = timedelta(hours=1)  # design §4, §5.1
ONCE_WITHIN = timedelta(days=1)  # so long one's hour is not begun again by oneself, and a refusal stands
OWED = "emergency_ended"  # the task of the unit whose alert nobody confirmed
LOOK_WITHIN = timedelta(hours=1)
MOST_WORDS = 1000


def offered_from(version: Version) -> datetime | None:
    """Return from when on one person may send the proposal; None for what waits for no signature."""
    if version.state != Version.State.PROPOSED or version.proposed_at is None:
        return None
    return version.proposed_at + paging.EVERYBODY_AFTER


def may_send(version: Version, officer: Officer) -> str:
    """Return "" where this is the officer's to do once the time has come, else the code of the refusal.

    Whoever proposed it may, and whoever may propose; an approver who did not propose signs instead.
    """
    if not officer.has_perm("alerts.send_at_once"):
        return "no_permission"
    if version.proposed_by_id == officer.pk:
        return ""
    if officer.has_perm("alerts.sign_version"):
        return "sign_instead"
    return "" if officer.has_perm("alerts.propose_version") else "no_permission"


def send_at_once(
    version: Version, officer: Officer, ground: str, words: str, *, digest: str, factor_at: datetime | None
) -> Version:
    """Make a proposal public before anybody signed it, for CONFIRM_WITHIN; tell everybody who may sign.

    ground: one of Version.Ground. words: why, sealed with the case's key. Raise IssueRefused: superuser,
    no_permission, not_yours, sign_instead, factor_not_fresh, ground, words, not_proposed, too_early,
    proposal_expired, alone_again, refused_before, digest_differs, case_not_open, in_conflict, on_hold,
    not_verified, order_missing, already_live, no_consent.
    """
    demand(officer, "alerts.send_at_once", version.alert.case)
    demand_factor(factor_at)
    if ground not in Version.Ground.values:
        raise IssueRefused("ground")
    if not words.strip():
        raise IssueRefused("words")
    try:
        with whole() as published:
            case, row = locked(version)
            now = clock.now()
            _demand_waiting(row, officer, now)
            demand_shown(row, digest)
            demand_publishable(case, row, now)
            close_decision(row, "lapsed", None)
            row.ground_words = words.strip()[:MOST_WORDS]
            row.save(update_fields=["ground_words"])
            until = now + CONFIRM_WITHIN
            by = {"sent_by": officer, "provisional_until": until, "ground": ground}
            publish(case, row, officer, Version.State.PROVISIONAL, published, at=now, reason=ground, **by)
            Decision.ask(
                EMERGENCY, row.pk, digest=row.digest, asked_by=officer, ground=ground, expires_at=until
            )  # fmt: skip
            paging.page_emergency(row, case, now)
            return row
    except Void:
        stopping.void(version)
        raise IssueRefused("digest_differs") from None


def end_unconfirmed() -> int:
    """Stop what nobody signed within its hour, let go of what was ended before; count the stopped.

    Stop, too, what the database calls signed and no entry of the log proves (a query a live alert).
    """
    now, stopped = clock.now(), 0
    for version in Version.objects.filter(state=Version.State.PROVISIONAL):
        stopped += _settle(version, now)
    for version in Version.objects.filter(state=Version.State.SIGNED, alert__state=Alert.State.LIVE):
        stopped += _is_forged(version) and stopping.withdraw_forged(version)
    return stopped


def _demand_waiting(version: Version, officer: Officer, now: datetime) -> None:
    if version.state != Version.State.PROPOSED:
        raise IssueRefused("not_proposed")
    if refusal := may_send(version, officer):
        raise IssueRefused(refusal)
    if version.valid_until is None or now >= version.valid_until:
        raise IssueRefused("proposal_expired")
    if version.alert.state != Alert.State.DRAFT:  # an update waits for two: what is live goes on meanwhile
        raise IssueRefused("already_live")
    offered = offered_from(version)
    if offered is None or now < offered:
        raise IssueRefused("too_early")
    if code := said_before(version, officer, now):
        raise IssueRefused(code)


def said_before(version: Version, officer: Officer, now: datetime) -> str:
    """Return why nobody goes on alone after an hour that nobody confirmed, or after an approver said no.

    "", "alone_again" or "refused_before" (three queries at most). Without it one person could send the same
    alert again and again, an hour each time.
    """
    others = Version.objects.filter(alert__case=version.alert.case_id).exclude(pk=version.pk)
    alone = others.filter(sent_by=officer, signed_by=None, sent_at__gt=now - ONCE_WITHIN)
    if alone.exists():
        return "alone_again"
    refused = list(others.filter(state=Version.State.REFUSED).values_list("pk", flat=True))
    said_no = Decision.objects.filter(act__in=(SIGN, EMERGENCY), subject__in=refused)
    is_refused = bool(refused) and said_no.filter(decided_at__gt=now - ONCE_WITHIN).exists()
    return "refused_before" if is_refused else ""


def _settle(version: Version, now: datetime) -> bool:
    """Settle one under its locks; return whether its alert was stopped for want of a signature."""
    with transaction.atomic():
        case, row = locked(version)
        if row.state != Version.State.PROVISIONAL:
            return False
        was_live = row.alert.is_live
        if was_live and not _is_hour_over(row, now):
            return False
        stopping.stop(row, Version.State.LAPSED, None, "not_confirmed" if was_live else "ended")
        if was_live:
            Task.open(
                OWED, row.alert_id, subject_kind="alert", unit=case.unit, owner=case.owner,
                due_at=now + LOOK_WITHIN,
            )  # fmt: skip
            paging.page_stopped(row, case)
        return was_live


def _is_hour_over(version: Version, now: datetime) -> bool:
    """Count the hour from the log as well: who has the database alone adds no minute to it."""
    sent_at = audit.proven_at("version.provisional", version, version.sent_by_id)
    until = version.provisional_until
    return sent_at is None or until is None or now >= min(until, sent_at + CONFIRM_WITHIN)


def _is_forged(version: Version) -> bool:
    return audit.proven_at("version.signed", version, version.signed_by_id) is None
