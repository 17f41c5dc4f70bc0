from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from notifier.models.batch import Batch
from notifier.models.delivery import Delivery, DeliveryQuerySet
from notifier.models.lease import Leased


class ChunkQuerySet(models.QuerySet["Chunk"]):
    def due(self, at: datetime) -> Self:
        return self.filter(Leased.due(at))

    def held(self, at: datetime) -> Self:
        return self.filter(done_at=None, lease_until__gte=at)

    def in_turn(self) -> Self:
        return self.order_by("priority", "ring", "id")


class Chunk(Leased):
    """A range of a batch's deliveries, about a thousand, that one worker sends at a time.

    Other batches recorded at the same moment may hold ids inside the range: `deliveries` filters by batch.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="chunks")
    ring = models.PositiveSmallIntegerField(default=0)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()

    objects = ChunkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["channel", "priority", "ring", "id"], name="chunk_turn", condition=Q(done_at=None)
            ),
        ]

    def deliveries(self) -> DeliveryQuerySet:
        return Delivery.objects.filter(pk__gte=self.first_id, pk__lte=self.last_id, batch=self.batch_id)
