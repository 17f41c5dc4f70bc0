"""What is written between the police and whoever holds a reference and a secret."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.fields import EncryptedTextField


class ThreadEntry(models.Model):
    """Hold one entry about a subject (a case, or a tip of the package above), under the subject's key."""

    class Author(models.TextChoices):
        FAMILY = "family", _("you")
        POLICE = "police", _("the police")
        SYSTEM = "system", _("this service")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField(db_index=True)
    author = models.CharField(max_length=8, choices=Author.choices)
    body = EncryptedTextField(owner="subject", name="thread_body", null=True)
    code = models.CharField(max_length=24, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("thread entry")
        verbose_name_plural = _("thread entries")
        ordering = ["at"]
