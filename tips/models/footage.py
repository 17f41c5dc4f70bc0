"""Pictures and clips known to be old or false: what comes round again is recognised by them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.fields import EncryptedTextField


class Footage(models.Model):
    """Hold one known picture or clip: where and when it is really from. Its file lies under its own key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = EncryptedTextField(owner="id", name="footage_title", null=True)
    origin = EncryptedTextField(owner="id", name="footage_origin", null=True)  # where it is from, the source
    happened_on = models.DateField(_("day"), null=True)
    original_key = models.CharField(max_length=40, blank=True)
    original_sha256 = models.CharField(max_length=64, unique=True)
    attachment_id = models.UUIDField(null=True)  # the one it was first told by
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("added at"))
    kind = models.CharField(max_length=8, default="")  # of tips.media.kinds
    still_key = models.CharField(max_length=40, blank=True)
    frozen_at = models.DateTimeField(null=True)  # its bytes were frozen with a tip's: it is not shown
    erased_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("add", "view")
        verbose_name = _("known footage")
        verbose_name_plural = _("known footage")
