"""What came along with a tip: the original as evidence, and the copy that is looked at."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tips.models.tip import Tip
from trust import vault
from trust.fields import EncryptedJSONField, EncryptedTextField


class Attachment(models.Model):
    """Name two files of the vault, both under the tip's key: the sealed original and a re-encoded copy.

    `source` says where the original is fetched from while it waits: {"alias", "media_id" or "url"}.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Voice or sound")
        DOCUMENT = "document", _("Document")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        WAITING = "waiting", _("Not fetched yet")
        KEPT = (
            "kept",
            _("Kept, being looked at by the machine"),
        )  # the original is sealed, the copy is not there
        READY = "ready", _("Ready")
        UNREADABLE = "unreadable", _("Kept, and no copy could be made")
        GONE = "gone", _("The provider no longer has it")
        REFUSED = "refused", _("Too large to be kept")
        FROZEN = "frozen", _("Frozen")  # suspected abuse material: nobody opens it without a right of its own

    class Verdict(models.TextChoices):
        OLD = "old", _("Old")
        FALSE = "false", _("False")
        CREDIBLE = "credible", _("Credible")
        UNCLEAR = "unclear", _("Unclear")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    media_type = models.CharField(_("media type"), max_length=80, blank=True)
    name = EncryptedTextField(owner="tip_id", name="attachment_name", null=True)
    source = EncryptedJSONField(owner="tip_id", name="attachment_source", null=True)
    said_sha256 = models.CharField(max_length=64, blank=True)  # by whoever sent it; compared when fetched
    original_key = models.CharField(max_length=40, blank=True)  # of the vault; what is long lies in parts
    original_parts = models.JSONField(default=list)  # keys of the vault, in order, instead of original_key
    original_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(null=True)
    copy_key = models.CharField(max_length=40, blank=True)
    copy_type = models.CharField(max_length=40, blank=True)
    still_key = models.CharField(max_length=40, blank=True)  # a small picture for lists, of a video too
    # {"taken_at", "lat", "lon", "device", "seconds", "width", "height", "against": [codes]}
    facts = EncryptedJSONField(owner="tip_id", name="attachment_facts", null=True)
    # [{"attachment" or "photo" or "footage": id, "how": "straight"|"mirrored", "at_s": …, "strength": …}]
    likenesses = EncryptedJSONField(owner="tip_id", name="attachment_likenesses", null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # when a worker may try again; None: nothing waits
    kept_at = models.DateTimeField(null=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict, blank=True)
    verdict_why = EncryptedTextField(owner="tip_id", name="attachment_verdict_why", null=True)
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verdict_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["position"]
        default_permissions = ()
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [
            models.Index(
                fields=["next_at"], name="attachment_waiting", condition=models.Q(next_at__isnull=False)
            )
        ]

    def copy_bytes(self) -> bytes | None:
        """Return the copy to look at or listen to; None while there is none, or once it is erased."""
        return vault.find(self.tip_id, self.copy_key) if self.copy_key else None


class Print(models.Model):
    """Hold the likeness of one picture or clip: its number is what the bank in memory knows it by."""

    class Of(models.TextChoices):
        PICTURE = "picture"
        CLIP = "clip"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Of)
    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="prints", null=True)
    photo_id = models.UUIDField(null=True, db_index=True)  # a child's photo of cases
    footage = models.ForeignKey("tips.Footage", models.CASCADE, related_name="prints", null=True)
    owner = models.UUIDField()  # whose key seals it: the tip's, the case's or the footage's
    packed = EncryptedTextField(owner="owner", name="print_packed", null=True)  # base64

    class Meta:
        default_permissions = ()
