import uuid
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trust import clock

if TYPE_CHECKING:
    from trust.models.officer import Officer

GRANT = "grant"  # the act whose subject is the officer who gets a right


class DecisionRefused(Exception):  # noqa: N818  it says what happened
    """The decision is not this officer's, was taken already, or its time is over; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Decision(models.Model):
    """An act of two people over one digest. Either side may be empty: a family asked, a clock decided."""

    class Outcome(models.TextChoices):
        OPEN = ""
        GRANTED = "granted"
        REFUSED = "refused"
        LAPSED = "lapsed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="decisions_asked"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="decisions_taken"
    )
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    ground = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    expires_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(asked_by=F("decided_by")),
                name="trust_decision_two_people",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="trust_decision_dated",
            ),
            models.CheckConstraint(
                condition=~Q(act=GRANT)
                | (
                    (Q(asked_by__isnull=True) | ~Q(subject=F("asked_by")))
                    & (Q(decided_by__isnull=True) | ~Q(subject=F("decided_by")))
                ),
                name="trust_grant_not_to_oneself",
            ),
            models.CheckConstraint(
                condition=~Q(act=GRANT, outcome="granted")
                | Q(asked_by__isnull=False, decided_by__isnull=False),
                name="trust_grant_by_two",
            ),
        ]

    @classmethod
    def ask(
        cls,
        act: str,
        subject: UUID,
        *,
        digest: str = "",
        asked_by: "Officer | None" = None,
        ground: str = "",
        expires_at: datetime | None = None,
    ) -> "Decision":
        """Write down what is asked for; the caller audits it."""
        return cls.objects.create(
            act=act, subject=subject, digest=digest, asked_by=asked_by, asked_at=clock.now(),
            ground=ground, expires_at=expires_at,
        )  # fmt: skip

    def decide(self, outcome: str, *, by: "Officer | None", digest: str = "", reason: str = "") -> None:
        """Close it once, by somebody who did not ask, over the digest that was asked for.

        Raises DecisionRefused: same_person, other_digest, expired, already_decided.
        """
        now = clock.now()
        if by is not None and by.pk == self.asked_by_id:
            raise DecisionRefused("same_person")
        if outcome == self.Outcome.GRANTED and digest != self.digest:
            raise DecisionRefused("other_digest")
        if outcome != self.Outcome.LAPSED and self.expires_at and now >= self.expires_at:
            raise DecisionRefused("expired")
        taken = {"outcome": outcome, "decided_by": by, "decided_at": now, "reason": reason}
        if not Decision.objects.filter(pk=self.pk, outcome="").update(**taken):
            raise DecisionRefused("already_decided")
        for name, value in taken.items():
            setattr(self, name, value)
