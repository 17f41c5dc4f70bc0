"""Where an officer is signed in, so that the officer sees it and can end it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignIn(models.Model):
    """One session of one officer. Ending it deletes the session's own row: the next request is nobody's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(_("device"), max_length=60, blank=True, default="")
    began_at = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last used"), db_index=True)

    class Meta:
        ordering = ["-seen_at"]
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        default_permissions = ("view",)
