"""Who must sign is called: the approver on duty, after five minutes the next one, after ten everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from alerts.models import Version
from alerts.permission import hold
from cases.models import Case
from cases.page import call, is_said, step_of
from notifier import outbox
from trust import clock, duty
from trust.models import Officer

NEXT_AFTER = timedelta(minutes=5)
EVERYBODY_AFTER = timedelta(minutes=10)  # from here on the emergency path may be offered to whoever proposed


def page_approver(version: Version) -> int:
    """Call the first approver for a new proposal, within its transaction; count the messages queued."""
    return _page(version, version.alert.case, clock.now())


def page_waiting() -> None:
    """Call again for every proposal that waits for its signature."""
    now = clock.now()
    waiting = Version.objects.awaiting_signature().filter(valid_until__gt=now)
    for pk in list(waiting.filter(proposed_at__lte=now - NEXT_AFTER).values_list("pk", flat=True)):
        page_again(pk)


def page_again(pk: UUID) -> int:
    """Call whom this minute asks for, once; nothing where somebody signed, sent back or refused meanwhile."""
    with transaction.atomic():
        case = hold(Version.objects.values_list("alert__case_id", flat=True).get(pk=pk))
        version = Version.objects.select_related("alert").get(pk=pk)
        now = clock.now()
        if version.state != Version.State.PROPOSED or not version.valid_until or version.valid_until <= now:
            return 0
        return _page(version, case, now)


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


def call_off(version: Version) -> None:
    """Withdraw the calls about a version that still wait in the queue: nobody need come any more."""
    said = [f"sign:{step}" for step in range(EVERYBODY_AFTER // NEXT_AFTER)]
    outbox.stop([step_of(version.pk, one) for one in (*said, "sign:everybody")])


def _signers(version: Version, case: Case, at: datetime) -> list[Officer]:
    """Return who may sign, in order of duty: never the one who proposed."""
    return [one for one in duty.approvers(case.unit, at) if one.pk != version.proposed_by_id]
