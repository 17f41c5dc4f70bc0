from django.db import models


class Rate(models.Model):
    """What all workers together may ask of one account, and how it fares.

    tokens: parts that may leave at once. failures: rounds in a row that brought nothing but trouble, each
    within breaker.WINDOW_S of the one before; `paused_until` follows from them, `probe_until` holds the one
    message that finds out whether it works again. refused_at: since when the account itself is refused.
    success: the share of recent messages taken, the latest weighing most. full_until: the provider said that
    the day's people are reached.
    """

    account = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField(default=0)
    refilled_at = models.DateTimeField()
    full_until = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    probe_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    success = models.FloatField(default=1.0)


class Reached(models.Model):
    """One person an account has written to within 24 hours, where a provider counts people."""

    id = models.BigAutoField(primary_key=True)
    account = models.CharField(max_length=64)
    person = models.UUIDField()
    reached_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "person"], name="reached_once")]
        indexes = [models.Index(fields=["account", "reached_at"], name="reached_day")]
