"""A new right for an officer, asked for by one administrator: another one says yes, or it lapses."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.models.decision import GRANT, Decision


class GrantQuerySet(models.QuerySet["Grant"]):
    def open(self) -> Self:
        return self.filter(outcome=Decision.Outcome.OPEN)

    def waiting(self, at: datetime) -> Self:
        """Keep those that may still be given at the moment."""
        return self.open().filter(expires_at__gt=at)


class GrantManager(models.Manager["Grant"]):
    def get_queryset(self) -> GrantQuerySet:
        return GrantQuerySet(self.model, using=self._db).filter(act=GRANT)

    def open(self) -> GrantQuerySet:
        return self.get_queryset().open()

    def waiting(self, at: datetime) -> GrantQuerySet:
        return self.get_queryset().waiting(at)


class Grant(Decision):
    """A Decision whose subject is an officer and whose ground is the right (codes of trust.granting)."""

    objects: ClassVar[GrantManager] = GrantManager()

    class Meta:
        proxy = True
        ordering = ["-asked_at"]
        verbose_name = _("new right")
        verbose_name_plural = _("new rights")
        default_permissions = ("view",)
        permissions = [
            ("decide_grant", "Can give or refuse a new right that another administrator asked for")
        ]
