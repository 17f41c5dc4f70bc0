from django.db import models
from django.db.models import Q

from notifier.models.delivery import State


class Receipt(models.Model):
    """What a gateway reported about one message, as it came; folded into deliveries in sets.

    `delivery_id` is read from our own reference when the gateway returned one; no foreign key, because a
    receipt is stored before anything is looked up.
    """

    id = models.BigAutoField(primary_key=True)
    alias = models.CharField(max_length=32)
    event_key = models.CharField(max_length=200)
    provider_id = models.CharField(max_length=128, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    delivery_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, choices=State)
    error_kind = models.CharField(max_length=24, blank=True)
    words = models.CharField(max_length=200, blank=True)  # why, in the other side's own words
    at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    folded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alias", "event_key"], name="receipt_once"),
        ]
        indexes = [models.Index(fields=["id"], name="receipt_unfolded", condition=Q(folded_at=None))]
