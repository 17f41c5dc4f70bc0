"""A guardian's leave to publish, field by field and channel by channel."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.child import Child
from trust.fields import EncryptedJSONField

# What a channel is called at its edge -> what a guardian is asked about.
COVERED_BY = {"page": "web", "cap": "web", "feed": "web", "feeds": "web", "poster": "web", "picture": "web"}


class Consent(models.Model):
    """Hold who allowed what, where, until when, and the exact words they were shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="consents")
    child = models.ForeignKey(Child, models.CASCADE, related_name="consents")
    fields = models.JSONField(default=list)
    channels = models.JSONField(default=list)
    guardian = EncryptedJSONField(owner="case_id", name="guardian", null=True)
    relation = models.CharField(_("relation"), max_length=24)
    how = models.CharField(max_length=8, default="typed")  # typed, oral, paper
    text = models.TextField()
    text_version = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    given_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    withdrawal_asked_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["given_at"]

    def is_live(self, at: datetime) -> bool:
        ended = [moment for moment in (self.until, self.withdrawn_at) if moment is not None]
        return self.given_at <= at and all(at < moment for moment in ended)

    def allows(self, field: str, channel: str, at: datetime) -> bool:
        """Say whether this consent lets the public field go out on the channel at that time.

        Pages, feeds and posters of our own are asked about as one: "web".
        """
        return self.is_live(at) and field in self.fields and COVERED_BY.get(channel, channel) in self.channels

    @classmethod
    def allows_for(cls, child: Child, field: str, channel: str, at: datetime) -> bool:
        """Ask the records of the child, now (one query)."""
        return any(consent.allows(field, channel, at) for consent in cls.objects.filter(child=child))
