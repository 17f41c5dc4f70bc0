from django.db import models


class Rate(models.Model):
    """What all workers together may ask of one account: parts a second, parts used today, a pause.

    `failures` counts rounds in a row that brought nothing but passing failures; each makes the pause longer.
    """

    account = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField(default=0)
    refilled_at = models.DateTimeField()
    day = models.DateField()
    used_today = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
