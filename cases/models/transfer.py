"""One unit asks another to take a case: until the other says yes, the case stays where it is."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from trust.fields import EncryptedTextField
from trust.models import Officer, Unit
from trust.scope import ScopedQuerySet


class TransferQuerySet(ScopedQuerySet["Transfer"]):
    scope_path = "to_unit"  # whoever is asked; the asking unit sees it on the page of the case

    def waiting(self) -> TransferQuerySet:
        return self.filter(outcome=Transfer.Outcome.OPEN)


class Transfer(models.Model):
    """Hold what was asked and answered; the officers' words are sealed under the case's key."""

    class Outcome(models.TextChoices):
        OPEN = "", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        CALLED_OFF = "called_off", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="transfers")
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="transfers")
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    words = EncryptedTextField(owner="case_id", name="words", null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    answered_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(owner="case_id", name="answer", null=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(outcome=""), name="case_transfer_one_open"),
            models.CheckConstraint(condition=~Q(from_unit=F("to_unit")), name="case_transfer_elsewhere"),
            models.CheckConstraint(
                condition=~Q(outcome__in=["accepted", "refused"]) | ~Q(asked_by=F("answered_by")),
                name="case_transfer_two_people",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True)
                | (~Q(outcome="") & Q(answered_at__isnull=False)),
                name="case_transfer_dated",
            ),
        ]
