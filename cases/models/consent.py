"""A guardian's leave to publish, field by field and channel by channel."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.child import Child
from trust.fields import EncryptedJSONField, EncryptedTextField
from trust.models import Officer

WITHDRAWAL = "consent.withdraw"  # the act of a Decision whose subject is a consent
# What a channel is called at its edge -> what a guardian is asked about.
COVERED_BY = {"page": "web", "cap": "web", "feed": "web", "feeds": "web", "poster": "web", "picture": "web"}


class ConsentQuerySet(models.QuerySet["Consent"]):
    def given(self) -> ConsentQuerySet:
        """Keep what was allowed and not taken back; a term that ran out is asked of is_live()."""
        return self.exclude(fields=[]).filter(withdrawn_at=None)


class Consent(models.Model):
    """Hold who allowed what, where, until when, and the exact words they were shown.

    A row without fields is a guardian's "no": kept, because two guardians may disagree.
    """

    class How(models.TextChoices):
        TYPED = "typed", _("typed")
        ORAL = "oral", _("said to an officer")
        PAPER = "paper", _("signed on paper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="consents")
    child = models.ForeignKey(Child, models.CASCADE, related_name="consents")
    fields = models.JSONField(default=list)
    channels = models.JSONField(default=list)
    guardian = EncryptedJSONField(owner="case_id", name="guardian", null=True)
    relation = models.CharField(_("relation"), max_length=24)
    authority = models.CharField(max_length=24, blank=True, default="")  # vocabulary authority, as declared
    how = models.CharField(max_length=8, choices=How.choices, default=How.TYPED)
    heard_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    witness = EncryptedTextField(owner="case_id", name="consent_witness", null=True)
    text = models.TextField()
    text_version = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    given_at = models.DateTimeField()  # when it was said or signed
    entered_at = models.DateTimeField(null=True)  # when it was typed in, where later
    until = models.DateTimeField(null=True)
    withdrawal_asked_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["given_at"]

    @property
    def is_refusal(self) -> bool:
        return not self.fields

    @property
    def has_run_out(self) -> bool:
        """Say whether its own term ended it, and nobody's word."""
        return self.until is not None and self.withdrawn_at == self.until

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
