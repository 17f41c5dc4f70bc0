"""Wake-ups, with ids only. Each works for a few seconds and re-queues itself; the beat finds the rest."""

from uuid import UUID

from celery import shared_task
from django.conf import settings

from notifier import dispatch, fallback, health, inbound, receipts, waking

BUDGET_S = 2.0  # well under five: with few workers another channel's turn comes soon


@shared_task(name=waking.WORK, ignore_result=True)
def work(channel: str) -> None:
    """Send what is due on a channel; ask for another turn when more may be due."""
    if dispatch.work(channel, BUDGET_S):
        waking.send(waking.WORK, channel)


@shared_task(name=waking.ANNOUNCE, ignore_result=True)
def announce(event_id: str) -> None:
    """Tell listeners of one inbound event."""
    inbound.announce(UUID(event_id))


@shared_task(name="notifier.fold", ignore_result=True)
def fold() -> None:
    """Fold what gateways reported."""
    receipts.fold()


@shared_task(name="notifier.check", ignore_result=True)
def check() -> None:
    """Have each gateway asked for its health, beside the others: one that hangs holds up none."""
    for alias in settings.NOTIFIER:
        waking.send(waking.CHECK, alias)


@shared_task(name=waking.CHECK, ignore_result=True)
def check_alias(alias: str) -> None:
    """Ask one gateway for its health."""
    if alias in settings.NOTIFIER:
        health.check(alias)


@shared_task(name="notifier.sweep", ignore_result=True)
def sweep() -> None:
    """Find what no wake-up reached: due chunks, dead leases, posts, people to be told another way, events
    nobody took.
    """
    fallback.fall_over()
    for channel in dispatch.waiting_channels():
        waking.send(waking.WORK, channel)
    inbound.announce_unhandled()
