"""A follow: one place a subscriber asked about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Follow(models.Model):
    """Hold one H3 cell of resolution 9 (no position is kept) or one region code."""

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(
        "alerts.Subscription", models.CASCADE, related_name="follows", db_index=True
    )
    cell = models.BigIntegerField(null=True, blank=True)
    region = models.CharField(max_length=16, blank=True)
    active = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("followed place")
        verbose_name_plural = _("followed places")
        constraints = [
            models.CheckConstraint(
                name="follow_cell_xor_region", condition=Q(cell__isnull=True) ^ Q(region="")
            ),
        ]
        indexes = [
            # alerts.targeting names them to SQLite's planner; `active` in them spares a look at the row.
            models.Index(
                fields=["cell", "subscription", "active"], condition=Q(active=True), name="follow_active_cell"
            ),
            models.Index(
                fields=["region", "subscription", "active"],
                condition=Q(active=True),
                name="follow_active_region",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
