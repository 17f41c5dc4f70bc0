import uuid

from django.db import models


class DataKey(models.Model):
    """The key of one case, tip or subscriber, wrapped by a ring key that lives outside the database.

    Once destroyed the row stays, so that a key is never made a second time for the same owner.
    """

    owner = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32)
    wrapped = models.BinaryField(null=True, editable=False)
    ring_key_id = models.CharField(max_length=16, db_index=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False, destroyed_at__isnull=True)
                | models.Q(wrapped__isnull=True, destroyed_at__isnull=False),
                name="trust_datakey_wrapped_or_destroyed",
            )
        ]
