"""What somebody said instead of typing it."""

from __future__ import annotations

import uuid

from django.db import models

from cases.models.case import Case
from cases.models.child import Child
from trust import vault


class VoiceNote(models.Model):
    """Name two files of the vault, both under the case's key: the original, and a clean copy to play."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="voice_notes")
    child = models.ForeignKey(Child, models.CASCADE, related_name="voice_notes", null=True)
    field = models.CharField(max_length=40)  # what it answers: a name of cases.fields, "start" or "thread"
    language = models.CharField(max_length=8, blank=True, default="")  # of the page it was recorded on
    source = models.CharField(max_length=10, default="family")
    original_key = models.CharField(max_length=120)
    original_sha256 = models.CharField(max_length=64)
    clean_key = models.CharField(max_length=120)
    seconds = models.FloatField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at"]

    def clean_bytes(self) -> bytes | None:
        """Return the clean copy (a file read, a key lookup); None once it is erased, or cannot be read."""
        return vault.find(self.case_id, self.clean_key)
