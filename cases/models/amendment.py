"""What a column of a case held before somebody said otherwise."""

from __future__ import annotations

import uuid

from django.db import models

from cases.models.case import Case
from cases.models.child import Child
from trust.fields import EncryptedJSONField
from trust.models import Officer


class Amendment(models.Model):
    """Keep the former value of a field that lives in a column; documents keep their entries themselves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="amendments")
    child = models.ForeignKey(Child, models.CASCADE, related_name="amendments", null=True)
    field = models.CharField(max_length=40)
    before = EncryptedJSONField(owner="case_id", name="amendment_before", null=True)
    source = models.CharField(max_length=10)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
