"""Two cases that may be about the same child."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from trust.models import Officer


class Resemblance(models.Model):
    """Hold that a new case looks like an older one, why, and what an officer said of it."""

    class Verdict(models.TextChoices):
        OPEN = "", _("not looked at yet")
        SAME = "same", _("the same child")
        DIFFERENT = "different", _("another child")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="resemblances")
    other = models.ForeignKey(Case, models.CASCADE, related_name="resembled_by")
    band = models.CharField(max_length=10)  # probable, possible
    score = models.FloatField()
    reasons = models.JSONField(default=list)  # codes of cases.resembling
    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True, default=Verdict.OPEN)
    decided_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-score"]
        constraints = [models.UniqueConstraint(fields=["case", "other"], name="resemblance_once")]
