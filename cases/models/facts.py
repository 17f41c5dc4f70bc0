"""What is told about a child or a case beyond its columns: one sealed document per group."""

from __future__ import annotations

import uuid

from django.db import models

from cases.models.case import Case
from cases.models.child import Child
from trust.fields import EncryptedJSONField


class Facts(models.Model):
    """Hold {field: [{value, source, certainty, at, language}, …]} of one group; cases.fields validates it.

    A group is opened by itself, so that reading clothes never decrypts health.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="sheets")
    child = models.ForeignKey(Child, models.CASCADE, related_name="sheets", null=True)
    group = models.CharField(max_length=24)
    entries = EncryptedJSONField(owner="case_id", name="facts", null=True)

    class Meta:
        ordering = ["group"]
        constraints = [
            models.UniqueConstraint(fields=["child", "group"], name="facts_once_a_child"),
            models.UniqueConstraint(
                fields=["case", "group"], condition=models.Q(child=None), name="facts_once_a_case"
            ),
        ]
