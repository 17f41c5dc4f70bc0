"""Tasks carry ids only, work for five seconds at most, and lose nothing when they are lost."""

from __future__ import annotations

import time
from uuid import UUID

from celery import shared_task

from alerts import aftermath, fanout, hands, issue, paging, releasing, statements

BUDGET_S = 5.0
LOOK_AGAIN_S = 1.0


@shared_task(name="alerts.fan_out")
def fan_out(version_id: str) -> None:
    began = time.monotonic()
    if not fanout.fan_out(UUID(version_id), budget_s=BUDGET_S):
        waits = time.monotonic() - began < BUDGET_S  # for what an earlier version had on the wire
        fan_out.apply_async((version_id,), countdown=LOOK_AGAIN_S if waits else 0)


@shared_task(name="alerts.tell_end")
def tell_end(alert_id: str) -> None:
    aftermath.tell_end(UUID(alert_id))


@shared_task(name="alerts.resume")
def resume() -> None:
    """Find what a lost wake-up or a dead worker left: fan-outs, ends untold, photos still public."""
    for version_id in fanout.unfinished():
        fan_out.delay(str(version_id))
    for alert_id in aftermath.untold():
        tell_end.delay(str(alert_id))
    for alert_id in hands.unfinished():
        take_back_by_hand.delay(str(alert_id))


@shared_task(name="alerts.expire")
def expire() -> None:
    issue.end_unconfirmed()  # first: an alert of one hour ends as unconfirmed, which people are told
    issue.expire_due()
    issue.keep_holds()
    releasing.lapse_due()
    statements.lapse_due()


@shared_task(name="alerts.page_waiting", ignore_result=True)
def page_waiting() -> None:
    """Call for proposals that still wait for their signature."""
    paging.page_waiting()


@shared_task(name="alerts.take_back_by_hand")
def take_back_by_hand(alert_id: str) -> None:
    """Ask whoever was told by hand to take it down."""
    hands.take_back(UUID(alert_id))


@shared_task(name="alerts.watch_by_hand", ignore_result=True)
def watch_by_hand() -> None:
    """Note what was mailed, and call for what nobody confirmed."""
    hands.watch()
