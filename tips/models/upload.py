"""A file on its way: what has arrived so far, so that a broken line goes on where it stopped."""

from __future__ import annotations

import uuid

from django.db import models

from trust.fields import EncryptedTextField


class Upload(models.Model):
    """Hold the parts of one file under a key of its own; the page that sends it alone knows its token."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)  # keyed digest
    name = EncryptedTextField(owner="id", name="upload_name", null=True)
    media_type = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField()  # as announced
    received = models.PositiveBigIntegerField(default=0)
    parts = models.JSONField(default=list)  # keys of the vault, in order
    begun_at = models.DateTimeField()
    heard_at = models.DateTimeField(db_index=True)  # when the last part came; long silent ones are removed
    taken_at = models.DateTimeField(null=True)  # when a tip took it

    class Meta:
        default_permissions = ()
