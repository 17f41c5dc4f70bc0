"""The address a tip came from, apart from what was said: only an act of two people reads it."""

from __future__ import annotations

import uuid

from django.db import models

from trust import clock, keys
from trust.fields import EncryptedTextField


class Witness(models.Model):
    """Hold one address of one channel, sealed under a key of its own; `token` is its keyed digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=16)
    token = models.CharField(max_length=64)
    address = EncryptedTextField(owner="id", name="witness_address", null=True)
    language = models.CharField(max_length=8)
    first_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)  # asked to be written to no more, by the word or by us
    # One burst of messages and what was answered in it: see tips.sparing.
    heard_at = models.DateTimeField(null=True)
    burst_at = models.DateTimeField(null=True)
    burst = models.PositiveIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["channel", "token"], name="witness_once")]

    @classmethod
    def of(cls, channel: str, address: str, language: str) -> Witness | None:
        """Return whoever has this address, made at the first word; None where no address came along."""
        if not address:
            return None
        token = keys.token("witness", f"{channel}\0{address}")
        known = Witness.objects.filter(channel=channel, token=token).first()
        if known is not None:
            return known._met_again(address)
        witness = Witness(channel=channel, token=token, language=language, first_at=clock.now())
        keys.create(witness.pk, "witness")
        witness.address = address
        made = Witness.objects.bulk_create([witness], ignore_conflicts=True)  # another worker may be faster
        return Witness.objects.filter(channel=channel, token=token).first() if made else None

    def _met_again(self, address: str) -> Witness:
        """Keep the address where only its digest was known: of somebody who asked for silence before."""
        if self.address is None and self.erased_at is None:
            keys.create(self.pk, "witness")
            self.address = address
            self.save(update_fields=["address"])
        return self
