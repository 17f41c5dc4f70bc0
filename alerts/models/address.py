"""An address: one way to reach a subscriber."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Address(models.Model):
    """Hold a number, a mailbox, a WhatsApp id or a browser, sealed under the subscription's key as "address".

    The sealed bytes are copied as they are into deliveries. `token` finds an address again without
    opening any (empty while a writer on WhatsApp is waited for); two rows may share one only while neither
    or one of them is confirmed.
    """

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey("alerts.Subscription", models.CASCADE, related_name="addresses")
    channel = models.CharField(max_length=16)
    value = models.BinaryField()
    token = models.CharField(max_length=64, db_index=True)
    position = models.PositiveSmallIntegerField(default=0)
    code_hash = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["subscription", "position"]
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "token"],
                condition=Q(confirmed_at__isnull=False),
                name="address_confirmed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
