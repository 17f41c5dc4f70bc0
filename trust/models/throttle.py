from django.db import models


class ThrottleHit(models.Model):
    """How often one key was used in one window of time; the key is a keyed digest, never the value."""

    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key", "window"], name="trust_throttle_once")]
