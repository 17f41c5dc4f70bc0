"""A post on a social network that a case was opened from, and the picture that was taken of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from trust import vault
from trust.fields import EncryptedTextField
from trust.models import Officer


class Network(models.TextChoices):
    FACEBOOK = "facebook", _("Facebook")
    INSTAGRAM = "instagram", _("Instagram")
    TIKTOK = "tiktok", _("TikTok")
    WHATSAPP = "whatsapp", _("WhatsApp")
    YOUTUBE = "youtube", _("YouTube")
    TELEGRAM = "telegram", _("Telegram")
    SNAPCHAT = "snapchat", _("Snapchat")
    X = "x", _("X (Twitter)")
    OTHER = "other", _("another network or site")


class SeenPost(models.Model):
    """Hold where the post stood, whose it was and what it looked like, sealed with the case's key.

    The picture is evidence and no Photo: no alert can choose it. The address is never asked for by us.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="posts")
    network = models.CharField(max_length=12, choices=Network.choices)
    address = EncryptedTextField(owner="case_id", name="post_address", null=True)
    # Of the normalised address, "" where there is none: the same post is found again without reading any.
    address_token = models.CharField(max_length=64, blank=True, default="", db_index=True)
    author = EncryptedTextField(owner="case_id", name="post_author", null=True)
    seen_by = EncryptedTextField(owner="case_id", name="post_seen_by", null=True)  # "": who filed it
    noted_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    added_at = models.DateTimeField()
    original_key = models.CharField(max_length=120, blank=True, default="")
    original_sha256 = models.CharField(max_length=64, blank=True, default="")
    clean_key = models.CharField(max_length=120, blank=True, default="")
    clean_sha256 = models.CharField(max_length=64, blank=True, default="")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["added_at"]

    def clean_bytes(self) -> bytes | None:
        """Return the clean JPEG (a file read, a key lookup); None where there is none, or it is erased."""
        return vault.find(self.case_id, self.clean_key) if self.clean_key else None
