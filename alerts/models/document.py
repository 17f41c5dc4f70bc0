"""A CAP document: the exact bytes given to machines, once and for ever under one address."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.fields import EncryptedTextField


class Document(models.Model):
    """Hold one CAP message. What it says is sealed with the case's key and falls silent with it."""

    class Type(models.TextChoices):
        ALERT = "Alert", "Alert"
        UPDATE = "Update", "Update"
        CANCEL = "Cancel", "Cancel"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey("alerts.Version", models.CASCADE, related_name="documents")
    key_owner = models.UUIDField(editable=False)
    identifier = models.CharField(max_length=80, unique=True)
    type = models.CharField(max_length=8, choices=Type)
    ends_alert = models.BooleanField(default=False)  # an all-clear or a cancel: names nobody, may stay
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    xml = EncryptedTextField(owner="key_owner", name="cap", null=True)
    # SHA-256 of the certificate it is signed with (XML-DSig); empty: it bears no signature.
    signed_with = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["sent_at"]
        verbose_name = _("CAP document")
        verbose_name_plural = _("CAP documents")
        indexes = [models.Index(fields=["expires_at"], name="document_expires")]

    def __str__(self) -> str:
        return self.identifier
