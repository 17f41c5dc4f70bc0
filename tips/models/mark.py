"""What two tips may have in common, as keyed digests: neighbours are found by them without opening a tip."""

from __future__ import annotations

from django.db import models


class Mark(models.Model):
    """Hold one keyed digest of something in a tip."""

    class Kind(models.TextChoices):
        PLATE = "plate"
        LINK = "link"
        PHONE = "phone"  # one that stands in the words, not the sender's
        WORDS = "words"  # a run of words, for texts that are passed on
        FILE = "file"  # the SHA-256 of an attachment
        SPOT = "spot"  # a cell and an hour of one event, by whoever told of it first

    id = models.BigAutoField(primary_key=True)
    tip = models.ForeignKey("tips.Tip", models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=8, choices=Kind)
    token = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["tip", "kind", "token"], name="mark_once")]
        indexes = [models.Index(fields=["kind", "token", "id"], name="mark_neighbours")]
