"""A gateway answers again: what waited for it goes now, the inner ring first."""

from django.db.models import Q

from notifier.models import Chunk, Delivery
from notifier.verdicts import GATEWAY_KINDS
from notifier.waking import wake
from trust import clock


def resume(channel: str) -> None:
    """Make due at once what a gateway's trouble put off on a channel; the rest waits for its own time."""
    at = clock.now()
    open_chunks = Chunk.objects.filter(channel=channel, done_at=None)
    put_off = Delivery.objects.filter(
        error_kind__in=sorted(GATEWAY_KINDS - {"throttled"}),
        batch__in=open_chunks.values("batch"),
        channel=channel,
        state=Delivery.State.QUEUED,
        not_before__gt=at,
    )
    put_off.update(not_before=None)
    its_time = Q(batch__not_before=None) | Q(batch__not_before__lte=at)
    open_chunks.filter(its_time, due_at__gt=at).update(due_at=at)
    wake(channel)
