"""What a person took back by hand: who, when, and how we know."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.fields import EncryptedTextField


class Removal(models.Model):
    """Hold one post that was taken back by hand; its words are sealed with the case's key. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(
        "alerts.Alert", models.PROTECT, related_name="removals", verbose_name=_("alert")
    )
    key_owner = models.UUIDField(editable=False)
    post = models.UUIDField(unique=True)
    removed_at = models.DateTimeField(verbose_name=_("taken back at"))
    removed_by = EncryptedTextField(owner="key_owner", name="removed_by", null=True)
    evidence = EncryptedTextField(owner="key_owner", name="removal_evidence", null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at"]
        default_permissions = ()
        verbose_name = _("removal by hand")
        verbose_name_plural = _("removals by hand")

    def __str__(self) -> str:
        return str(self.pk)
