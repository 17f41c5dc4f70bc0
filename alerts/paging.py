"""Who must sign is called: the approver on duty, after five minutes the next one, after ten everybody.

Of what one person sent alone everybody who may sign is told at once, and called again twice in its hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.models import Version
from alerts.permission import hold
from cases.models import Case
from cases.page import SAID, call, is_said, step_of
from notifier import outbox
from trust import clock, duty
from trust.models import Decision, Officer

NEXT_AFTER = timedelta(minutes=5)
EVERYBODY_AFTER = timedelta(minutes=10)  # from here on the emergency path may be offered to whoever proposed
MINUTE = timedelta(minutes=1)
AGAIN_AFTER = (0, 30, 50)  # minutes since one person sent it alone

SAID.update(
    {
        "emergency_sent": _("One person sent an alert alone: sign it or stop it within the hour"),
        "emergency_waits": _("An alert sent by one person still waits for your signature, or it will stop"),
        "emergency_stopped": _("Nobody signed it within the hour: the alert sent by one person was stopped"),
        "hold_release": _("An officer asks to release a magistrate’s hold: decide"),
    }
)


def page_approver(version: Version) -> int:
    """Call the first approver for a new proposal, within its transaction; count the messages queued."""
    return _page(version, version.alert.case, clock.now())


def page_waiting() -> None:
    """Call again for every version that waits for its signature."""
    now = clock.now()
    waiting = Version.objects.awaiting_signature().filter(valid_until__gt=now)
    due = list(waiting.filter(proposed_at__lte=now - NEXT_AFTER).values_list("pk", flat=True))
    alone = Version.objects.alone().filter(provisional_until__gt=now)
    for pk in [*due, *alone.values_list("pk", flat=True)]:
        page_again(pk)


def page_again(pk: UUID) -> int:
    """Call whom this minute asks for, once; nothing where somebody signed, sent back or refused meanwhile."""
    with transaction.atomic():
        case = hold(Version.objects.values_list("alert__case_id", flat=True).get(pk=pk))
        version = Version.objects.select_related("alert").get(pk=pk)
        now = clock.now()
        if version.state == Version.State.PROVISIONAL:
            return page_emergency(version, case, now)
        if version.state != Version.State.PROPOSED or not version.valid_until or version.valid_until <= now:
            return 0
        return _page(version, case, now)


def page_emergency(version: Version, case: Case, now: datetime) -> int:
    """Call everybody who may sign what one person sent: at the minutes of AGAIN_AFTER, once each.

    Asked under the lock of the case; nothing once its hour or its alert is over.
    """
    if not version.alert.is_live or not version.sent_at or not version.provisional_until:
        return 0
    if version.provisional_until <= now:
        return 0
    step = max(minutes for minutes in AGAIN_AFTER if now - version.sent_at >= minutes * MINUTE)
    said = step_of(version.pk, f"emergency:{step}")
    if is_said(said):
        return 0
    code = "emergency_waits" if step else "emergency_sent"
    return sum(call(one, case, said, code) for one in _signers(version, case, now))


def page_stopped(version: Version, case: Case) -> int:
    """Tell the case's owner, who proposed and who sent that the hour went by and the alert was stopped."""
    said = step_of(version.pk, "emergency:stopped")
    told = {one.pk: one for one in (case.owner, version.proposed_by, version.sent_by) if one is not None}
    return sum(call(one, case, said, "emergency_stopped") for one in told.values())


def page_release(case: Case, decision: Decision) -> int:
    """Tell everybody who may decide that an officer asks to release a magistrate's hold."""
    said = step_of(decision.pk, "release")
    people = [one for one in duty.approvers(case.unit, clock.now()) if one.pk != decision.asked_by_id]
    return sum(call(one, case, said, "hold_release") for one in people)


def call_off(version: Version) -> None:
    """Withdraw the calls about a version that still wait in the queue: nobody need come any more."""
    said = [f"sign:{step}" for step in range(EVERYBODY_AFTER // NEXT_AFTER)]
    said += ["sign:everybody", *(f"emergency:{minutes}" for minutes in AGAIN_AFTER)]
    outbox.stop([step_of(version.pk, one) for one in said])


def _page(version: Version, case: Case, now: datetime) -> int:
    """Call by the time a proposal has waited; a step already called is not called again."""
    people = _signers(version, case, now)
    waited = now - (version.proposed_at or now)
    if waited >= EVERYBODY_AFTER:
        said = step_of(version.pk, "sign:everybody")
        return 0 if is_said(said) else sum(call(one, case, said, "proposal") for one in people)
    step = waited // NEXT_AFTER
    said = step_of(version.pk, f"sign:{step}")
    if is_said(said):
        return 0
    for one in [*people[step:], *people[:step]]:
        if count := call(one, case, said, "proposal"):
            return count
    return 0


def _signers(version: Version, case: Case, at: datetime) -> list[Officer]:
    """Return who may sign, in order of duty: never the one who proposed, nor who sent it alone."""
    own = {version.proposed_by_id, version.sent_by_id}
    return [one for one in duty.approvers(case.unit, at) if one.pk not in own]
