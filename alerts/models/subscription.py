"""A subscription: one person who asked to be told."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> SubscriptionQuerySet:
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)


class Subscription(models.Model):
    """Hold a person as the engine knows one: this UUID, a language, no name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    proof = models.JSONField(default=dict)  # how consent was given: text version, channel, when; no address

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None

    @property
    def joins(self) -> uuid.UUID | None:
        """The person whom the address of a pending subscription is to reach as well."""
        named = None if self.confirmed_at else self.proof.get("joins")
        return uuid.UUID(named) if named else None

    def is_over(self, at: datetime) -> bool:
        return self.ended_at is not None and self.ended_at <= at
