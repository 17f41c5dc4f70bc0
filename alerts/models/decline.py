"""A decision not to alert: who, when, why, and what the checklist said then."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.fields import EncryptedJSONField, EncryptedTextField


class Decline(models.Model):
    """Hold one refusal to alert; words and criteria are sealed with the case's key. Never changed."""

    class Reason(models.TextChoices):
        CRITERIA = "criteria", _("The criteria are not met")
        ELSEWHERE = "elsewhere", _("Checks at known places come first")
        HARM = "harm", _("An alert could put the child in danger")
        CONSENT = "consent", _("The guardians do not want it")
        INVESTIGATION = "investigation", _("An alert would hinder the investigation")
        TOO_LITTLE = "too_little", _("Too little is known for people to recognise the child")
        OTHER = "other", _("Another reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="declines", verbose_name=_("case"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason_code = models.CharField(max_length=16, choices=Reason, verbose_name=_("reason"))
    words = EncryptedTextField(owner="case_id", name="decline_words", null=True)
    criteria = EncryptedJSONField(
        owner="case_id", name="decline_criteria", null=True
    )  # {code: yes|no|unknown}
    at = models.DateTimeField(verbose_name=_("decided at"))

    class Meta:
        ordering = ["-at"]
        verbose_name = _("decision not to alert")
        verbose_name_plural = _("decisions not to alert")

    def __str__(self) -> str:
        return str(self.pk)
