import uuid

from django.db import models
from django.db.models import Q

from trust.fields import EncryptedJSONField, EncryptedTextField


class InboundEvent(models.Model):
    """Something the public sent us, stored before anybody is told of it.

    Sealed under a key of its own. `sender_token` is a keyed digest, to find one sender's events by.
    `handled_at` is set once every listener of inbound_received returned.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alias = models.CharField(max_length=32)
    channel = models.CharField(max_length=32)
    event_key = models.CharField(max_length=200)
    provider_id = models.CharField(max_length=128, blank=True)
    kind = models.CharField(max_length=16)
    sender = EncryptedTextField(owner="id", name="sender")
    sender_token = models.CharField(max_length=64, db_index=True)
    text = EncryptedTextField(owner="id", name="text")
    raw = EncryptedJSONField(owner="id", name="raw")
    at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alias", "event_key"], name="inbound_once")]
        indexes = [
            models.Index(fields=["received_at"], name="inbound_unhandled", condition=Q(handled_at=None)),
        ]
