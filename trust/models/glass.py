"""A door opened in an emergency: one officer reads for an hour what is not theirs, loudly."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.fields import EncryptedTextField
from trust.models.reading import ReadingFlag
from trust.models.unit import Unit
from trust.roles import Role
from trust.scope import ScopedQuerySet


class GlassQuerySet(ScopedQuerySet["Glass"]):
    scope_path = "unit"

    def open(self, at: datetime) -> Self:
        return self.filter(opened_at__lte=at, until__gt=at)

    def shown_to(self, officer: Any) -> Self:
        """Return an auditor's agency's, to everybody else their own."""
        if Role.AUDITOR in getattr(officer, "roles", ()):
            return self.for_officer(officer).exclude(officer=officer.pk)
        return self.filter(officer=officer.pk)


class Glass(models.Model):
    """Who opened what, why and until when; it lets read and gives no right to act. Judged by its flag."""

    class Ground(models.TextChoices):
        LIFE = "life", _("a life is in danger now")
        FOUND = "found", _("a child was found and may be this one")
        FAMILY = "family", _("the family stands before me or is on the telephone")
        CALLED = "called", _("the unit that holds the case asked me")
        OTHER = "other", _("another ground, said below")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="glasses", verbose_name=_("officer")
    )
    subject = models.UUIDField(db_index=True)
    subject_kind = models.CharField(max_length=32)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    ground = models.CharField(_("ground"), max_length=12, choices=Ground)
    words = EncryptedTextField(owner="subject", name="glass_words", null=True)
    opened_at = models.DateTimeField(_("opened at"))
    until = models.DateTimeField(_("until"), db_index=True)
    flag = models.OneToOneField(ReadingFlag, models.PROTECT, related_name="glass")

    objects = GlassQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("case opened without scope")
        verbose_name_plural = _("cases opened without scope")
        default_permissions = ("add", "view")
