"""The end of an alert: everything stops, is taken back, and those told are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from alerts import aftermath, composing, documents, facts, frozen, hands, partners, render, succession, waking
from alerts.channels import is_direct, is_known
from alerts.issue.deciding import close_decision
from alerts.models import Alert, Version
from alerts.permission import demand, demand_factor, hold
from alerts.refusals import IssueRefused
from alerts.states import IllegalMove
from cases.models import Case
from notifier import ledger, outbox
from trust import audit, clock
from trust.models import Officer, Task

CHOSEN = frozenset({Alert.End.FOUND, Alert.End.ENDED, Alert.End.ERROR})  # expiry is the clock's
TOLD_WITHIN = timedelta(hours=24)


def stand_down(alert: Alert, officer: Officer, *, as_: str, reason: str, factor_at: datetime | None) -> Alert:
    """End a live alert as found, ended or error; one officer with a fresh factor suffices.

    Raise IssueRefused: superuser, no_permission, not_yours, factor_not_fresh, unknown_end, not_live.
    """
    demand(officer, "alerts.stop_alert", alert.case)
    demand_factor(factor_at)
    if as_ not in CHOSEN:
        raise IssueRefused("unknown_end")
    return end(alert, as_, officer, reason)


def end(alert: Alert, as_: str, officer: Officer | None, reason: str = "") -> Alert:
    """End it, for whoever has the right to; one transaction. Raise IssueRefused("not_live")."""
    with transaction.atomic():
        hold(alert.case_id)
        row = (
            Alert.objects.select_for_update(of=("self",))
            .select_related("case__agency", "case__unit")
            .get(pk=alert.pk)
        )
        if not row.is_live:
            raise IssueRefused("not_live")
        now = clock.now()
        version = row.versions.in_force().select_related("child", "photo").latest("number")
        version.alert = row
        _keep_reason(row, reason)
        row.end(as_, officer, now)
        subjects = subjects_of(row)
        outbox.stop(subjects)
        row.in_flight_at_end = ledger.on_the_wire(subjects)
        row.save(update_fields=["in_flight_at_end"])
        outbox.recall(subjects, unit=row.case.unit, owner=row.case.owner)
        hands.silence(row.pk, now)
        _mistrust(version)
        _open_end_batches(version, as_, now)
        partners.end(version, documents.end(version, as_, now))
        _let_go(row.versions.open(), "alert_over")
        if not Alert.objects.live().filter(case=row.case_id).exists():
            row.case.set_public(public=False)
        transaction.on_commit(lambda: aftermath.take_photo_away(row.pk), robust=True)
        transaction.on_commit(lambda: waking.wake("alerts.tell_end", row.pk), robust=True)
    return row


def lapse_proposals(case: Case) -> None:
    """Let go of what is drafted or proposed on a case that is over."""
    _let_go(Version.objects.open().filter(alert__case=case), "case_closed")


def expire_due() -> int:
    """End what is past its expiry, lapse proposals past theirs; return how many alerts ended."""
    now = clock.now()
    for version in Version.objects.awaiting_signature().filter(valid_until__lte=now):
        _lapse(version, "too_old")
    due = Alert.objects.live().filter(
        versions__state__in=[Version.State.SIGNED, Version.State.PROVISIONAL], versions__expires_at__lte=now
    )
    return sum(_expire(alert) for alert in due)


def subjects_of(alert: Alert) -> list[UUID]:
    """Return what was said of the alert: its first sending, and each version's own."""
    return [alert.pk, *alert.versions.values_list("pk", flat=True)]


def _mistrust(version: Version) -> None:
    """Have the end said in the words of the language packs where those kept are not the ones signed."""
    if frozen.is_unchanged(version):
        return
    version.ends = composing.ends(facts.frame(version.alert))
    version.save(update_fields=["ends"])
    case = version.alert.case
    audit.record("alert.withheld", version.alert, reason="signature_void")
    Task.open("signature_void", version.alert_id, subject_kind="alert", unit=case.unit, owner=case.owner)


def _expire(alert: Alert) -> bool:
    try:
        end(alert, Alert.End.EXPIRED, None)
    except IssueRefused:  # ended by somebody meanwhile
        return False
    return True


def _let_go(versions: Iterable[Version], reason: str) -> None:
    for version in versions:
        _lapse(version, reason)


def _lapse(version: Version, reason: str) -> None:
    try:
        with transaction.atomic():
            version.move(Version.State.LAPSED, None, reason=reason)
            close_decision(version, "lapsed", None)
    except IllegalMove:  # signed, sent back or lapsed meanwhile
        return


def _keep_reason(alert: Alert, reason: str) -> None:
    """Keep an officer's words under the case's key: the log holds codes alone."""
    if reason.strip():
        alert.end_reason = reason.strip()
        alert.save(update_fields=["end_reason"])


def _open_end_batches(version: Version, outcome: str, now: datetime) -> None:
    """Write down what those told will be told; aftermath.tell_end records to whom, after this commit."""
    texts = render.end_message(version, outcome)
    if texts is None:
        return
    for channel in succession.channels_of(version.alert):  # also one that a later version left out
        if is_known(channel) and is_direct(channel):
            outbox.open_batch(
                kind="end",
                subject=UUID(version.end_subjects[outcome]),
                channel=channel,
                texts=texts,
                key_owner=version.key_owner,
                expires_at=now + TOLD_WITHIN,
                after=subjects_of(version.alert),
                exercise=version.alert.kind != Alert.Kind.ACTUAL,
            )
