"""A voice note that waits for the rest of its form."""

from __future__ import annotations

import uuid

from django.db import models


class VoiceDraft(models.Model):
    """Name an accepted voice note of a form that failed elsewhere; it lies under its own key for a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    original_key = models.CharField(max_length=120)
    clean_key = models.CharField(max_length=120)
    seconds = models.FloatField()
    created_at = models.DateTimeField(db_index=True)
