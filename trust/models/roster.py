"""Who is on duty where, who signs, and until when."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trust.models.officer import Officer
from trust.models.unit import Unit
from trust.scope import ScopedQuerySet


class ShiftQuerySet(ScopedQuerySet["Shift"]):
    scope_path = "unit"

    def at(self, moment: datetime) -> Self:
        """Keep the shifts that run at the moment; a shift's last instant belongs to the next one."""
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)

    def between(self, start: datetime, end: datetime) -> Self:
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def of_duty(self) -> Self:
        """Keep those who take reports and hold cases at their own unit: they see no other's."""
        return self.filter(role=Shift.Role.DUTY, officer__unit=F("unit"), officer__is_active=True)

    def of_approvers(self) -> Self:
        return self.filter(
            role=Shift.Role.APPROVER, officer__unit__agency=F("unit__agency"), officer__is_active=True
        )


class Shift(models.Model):
    """One officer, one role, one stretch of time. It gives no right: roles do, asked when it counts."""

    class Role(models.TextChoices):
        DUTY = "duty", _("On duty: takes reports and holds cases")
        APPROVER = "approver", _("Approver: signs alerts")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="shifts", verbose_name=_("unit"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="shifts", verbose_name=_("officer")
    )
    role = models.CharField(_("task"), max_length=8, choices=Role, default=Role.DUTY)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), db_index=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "unit", "role"]
        verbose_name = _("shift")
        verbose_name_plural = _("duty roster")
        indexes = [models.Index(fields=["unit", "role", "starts_at"], name="trust_shift_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="trust_shift_ends_after"),
            models.UniqueConstraint(fields=["officer", "role", "starts_at"], name="trust_shift_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_role_display())

    def clean(self) -> None:
        """Raise ValidationError for a shift that nobody could keep, or that overlaps another of the officer.

        Within a transaction the officer's row stays locked, so that of two overlapping shifts written at
        once the second one sees the first.
        """
        if not self.officer_id or not self.unit_id or not self.starts_at or not self.ends_at:
            return
        if self.ends_at <= self.starts_at:
            raise ValidationError(_("A shift ends after it begins."), code="ends_before")
        if connection.in_atomic_block:
            Officer.objects.select_for_update().get(pk=self.officer_id)
        if self.overlapping().exists():
            raise ValidationError(_("This officer has another shift at that time."), code="overlaps")
        if not self.can_be_kept():
            raise ValidationError(
                _("Choose an active officer of this unit, and for signing one of this agency."), code="cannot"
            )

    def overlapping(self) -> ShiftQuerySet:
        others = Shift.objects.filter(officer=self.officer_id, role=self.role).exclude(pk=self.pk)
        return others.between(self.starts_at, self.ends_at)

    def can_be_kept(self) -> bool:
        """Say whether the officer is active, holds the right, and belongs where the shift is."""
        right = "cases.hold_case" if self.role == self.Role.DUTY else "alerts.sign_version"
        if not self.officer.has_perm(right) or self.officer.unit is None:
            return False
        if self.role == self.Role.DUTY:
            return self.officer.unit_id == self.unit_id
        return self.officer.unit.agency_id == self.unit.agency_id
