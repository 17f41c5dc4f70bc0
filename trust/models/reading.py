"""Reading that an auditor should look at: who, how, when and how often; never what was read."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trust.models.unit import Unit
from trust.scope import ScopedQuerySet

if TYPE_CHECKING:
    from trust.models.officer import Officer


class ReadingFlagQuerySet(ScopedQuerySet["ReadingFlag"]):
    scope_path = "unit"

    def for_reviewer(self, officer: Officer | Any) -> Self:
        """Return the flags of the auditor's agency; nobody finds those about themselves."""
        return self.for_officer(officer).exclude(officer=officer.pk)

    def unseen(self) -> Self:
        return self.filter(looked_at=None)


class ReadingFlag(models.Model):
    """One window of time in which one officer read unusually. It is judged once and never deleted."""

    class Kind(models.TextChoices):
        MANY = "many", _("many cases within an hour")
        OTHER_UNIT = "other_unit", _("cases of other units")
        NIGHT = "night", _("at night, not on duty")
        CLOSED = "closed", _("cases closed long ago")
        GLASS = "glass", _("a case opened without scope")

    class Verdict(models.TextChoices):
        DUTY = "duty", _("part of the officer’s duty")
        EXPLAINED = "explained", _("explained by the officer’s superior")
        MISTAKE = "mistake", _("a mistake, spoken about")
        PASSED_ON = "passed_on", _("passed on to those who investigate")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reading_flags", verbose_name=_("officer")
    )
    # Whose auditors judge it: the officer's unit then, or for an opened case the unit that holds it.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    window_start = models.DateTimeField(_("from"))
    window_end = models.DateTimeField(_("until"))
    count = models.PositiveIntegerField(_("cases"))
    raised_at = models.DateTimeField()
    looked_at = models.DateTimeField(_("judged at"), null=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("judged by")
    )
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    objects = ReadingFlagQuerySet.as_manager()

    class Meta:
        ordering = ["-window_start"]
        verbose_name = _("unusual reading")
        verbose_name_plural = _("unusual reading")
        default_permissions = ("view",)
        permissions = [("judge_readingflag", "Can judge reading that was flagged")]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "kind", "window_start"], name="trust_reading_flag_once"
            ),
            models.CheckConstraint(
                condition=Q(looked_by__isnull=True) | ~Q(looked_by=F("officer")),
                name="trust_reading_flag_not_ones_own",
            ),
            models.CheckConstraint(
                condition=Q(looked_at__isnull=True, looked_by__isnull=True, verdict="")
                | Q(looked_at__isnull=False, looked_by__isnull=False) & ~Q(verdict=""),
                name="trust_reading_flag_judged_whole",
            ),
        ]


class ReadingMark(models.Model):
    """How far the log was searched for unusual reading: one row, so that no lost minute goes unread."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    read_to_at = models.DateTimeField()
