from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifier.models.batch import Batch


class State(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SUPPRESSED = "suppressed", _("Suppressed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    UNKNOWN = "unknown", _("Answer lost")
    ACCEPTED = "accepted", _("Accepted")
    FAILED = "failed", _("Failed")
    DELIVERED = "delivered", _("Delivered")


# What is surer outranks what is less sure: a delivery only climbs, and delivered beats failed.
RANK: dict[str, int] = {
    State.QUEUED: 0,
    State.SENDING: 1,
    State.SUPPRESSED: 2,
    State.WITHDRAWN: 2,
    State.EXPIRED: 2,
    State.UNKNOWN: 3,
    State.ACCEPTED: 4,
    State.FAILED: 5,
    State.DELIVERED: 6,
}
TOLD = (State.ACCEPTED, State.DELIVERED, State.UNKNOWN)
UNDER_WAY = (State.QUEUED, State.SENDING)
# A claim's result in two states: what only waits may be withdrawn, what left may not.
_ONLY_FROM_QUEUED = (State.SENDING, State.SUPPRESSED, State.WITHDRAWN, State.EXPIRED)


def _before(state: str) -> tuple[str, ...]:
    if state == State.QUEUED:
        return (State.SENDING,)  # to be tried again: the one way back, and not from anything final
    if state in _ONLY_FROM_QUEUED:
        return (State.QUEUED,)
    return tuple(other for other, rank in RANK.items() if rank < RANK[state])


BEFORE: dict[str, tuple[str, ...]] = {state: _before(state) for state in State.values}


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def move(self, state: str, at: datetime, **changes: Any) -> int:
        """Move those that may go to `state`, by rank; count them."""
        return self.filter(state__in=BEFORE[state]).update(state=state, state_at=at, **changes)

    def end(self, state: str, at: datetime) -> None:
        """Move what waits to `state`; what may have arrived at an earlier attempt becomes unknown instead."""
        waiting = self.filter(state=State.QUEUED)
        waiting.filter(lost_answers__gt=0).move(State.UNKNOWN, at)
        waiting.move(state, at)

    def about(self, subjects: Iterable[UUID]) -> Self:
        return self.filter(subject__in=list(subjects))

    def counted(self) -> Self:
        """One row a person and subject, however many ways were tried."""
        return self.filter(counted_on="")

    def told(self) -> Self:
        """Those whom it reached or may have reached, the ones on the wire included."""
        return self.filter(Q(state__in=[*TOLD, State.SENDING]) | Q(state=State.QUEUED, lost_answers__gt=0))


class Delivery(models.Model):
    """One message to one person on one channel. `alias` is the gateway, chosen when it is sent.

    `address` is sealed under the person's key, field "address", and copied as it is. `lost_answers` counts
    the attempts of which no answer came. From `falls_at` on another way to the person is looked for. Of the
    several rows a person then has about one subject one is counted: `counted_on` is its channel in the
    others, and empty in itself.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    subject = models.UUIDField()
    person = models.UUIDField()
    channel = models.CharField(max_length=32)
    alias = models.CharField(max_length=32, blank=True)
    address = models.BinaryField()
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    state_at = models.DateTimeField()
    provider_id = models.CharField(max_length=128, blank=True)
    error_kind = models.CharField(max_length=24, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lost_answers = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    falls_at = models.DateTimeField(null=True)
    counted_on = models.CharField(max_length=32, blank=True)

    State = State

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "person", "channel"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="delivery_state_known"),
        ]
        indexes = [
            # receipts of gateways that do not return our reference
            models.Index(fields=["provider_id"], name="delivery_provider", condition=~Q(provider_id="")),
            models.Index(fields=["falls_at"], name="delivery_falls", condition=Q(falls_at__isnull=False)),
        ]
