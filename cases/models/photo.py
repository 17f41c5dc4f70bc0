"""A photo of a child: the original as evidence, and the copy that may be shown."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models

from cases.models.child import Child
from trust import vault
from trust.fields import EncryptedTextField


class Photo(models.Model):
    """Name two files of the vault, both under the case's key; only the clean copy is ever shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(Child, models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField(default=0)
    original_key = models.CharField(max_length=120)
    original_sha256 = models.CharField(max_length=64)
    clean_key = models.CharField(max_length=120)
    clean_sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_on_iso = EncryptedTextField(owner="child.case_id", name="photo_taken_on", null=True)
    source = models.CharField(max_length=10, default="family")  # who added it: cases.telling.SOURCES
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "added_at"]

    @property
    def taken_on(self) -> date | None:
        """Return the day it was taken, as the camera or the family says."""
        return date.fromisoformat(self.taken_on_iso) if self.taken_on_iso else None

    @taken_on.setter
    def taken_on(self, value: date | None) -> None:
        self.taken_on_iso = value.isoformat() if value else None

    def clean_bytes(self) -> bytes | None:
        """Return the clean JPEG (a file read, a key lookup); None once it is erased, or cannot be read."""
        return vault.find(self.child.case_id, self.clean_key)
