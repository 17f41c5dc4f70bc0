import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Self

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from notifier.message import Text
from trust.fields import EncryptedJSONField

# The smaller goes first: a page wakes an officer, an end must catch up with its alert.
PRIORITIES = {"page": 0, "end": 1, "alert": 2, "update": 2, "answer": 3, "confirmation": 3, "notice": 4}


class BatchQuerySet(models.QuerySet["Batch"]):
    def about(self, subjects: Iterable[uuid.UUID]) -> Self:
        return self.filter(subject__in=list(subjects))

    def wanted(self, at: datetime) -> Self:
        """Those whose messages may still leave at `at`, the database's time."""
        return self.filter(stopped_at=None, superseded_by=None, expires_at__gt=at)


class Batch(models.Model):
    """One thing said on one channel to one ring of people, or posted once.

    `subject` is the thing said: no one hears it twice on a channel. `content` holds the texts by language,
    sealed under the key of `key_owner`. `exercise` never leaves for the public. A message waits while its
    reader's earlier one about a subject of `after` is under way, and is suppressed if that never came.
    """

    class Kind(models.TextChoices):
        ALERT = "alert", _("Alert")
        UPDATE = "update", _("Update")
        END = "end", _("All-clear")
        PAGE = "page", _("Page")
        ANSWER = "answer", _("Answer")
        CONFIRMATION = "confirmation", _("Confirmation")
        NOTICE = "notice", _("Notice")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=Kind, verbose_name=_("kind"))
    subject = models.UUIDField(db_index=True, verbose_name=_("subject"))
    channel = models.CharField(max_length=32, verbose_name=_("channel"))
    ring = models.PositiveSmallIntegerField(default=0, verbose_name=_("ring"))
    priority = models.PositiveSmallIntegerField()
    key_owner = models.UUIDField()
    content = EncryptedJSONField(owner="key_owner", name="content")
    exercise = models.BooleanField(default=False, verbose_name=_("exercise"))
    after = models.JSONField(default=list)
    not_before = models.DateTimeField(null=True, verbose_name=_("not before"))
    expires_at = models.DateTimeField(verbose_name=_("valid until"))
    stopped_at = models.DateTimeField(null=True, verbose_name=_("stopped at"))
    superseded_by = models.UUIDField(null=True, verbose_name=_("superseded by"))
    targeted = models.PositiveIntegerField(default=0, verbose_name=_("people to tell"))
    created_at = models.DateTimeField(verbose_name=_("made at"))
    recorded_at = models.DateTimeField(
        null=True, verbose_name=_("written down at")
    )  # null: recording is unfinished, and may be resumed
    addresses_gone_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=list(PRIORITIES)),
                name="batch_kind_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="batch_unrecorded", condition=models.Q(recorded_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.channel} · {self.ring}"

    def hold(self) -> "Batch":
        """Read the row anew and, until the transaction ends, keep anybody from stopping it (two queries).

        Many may hold it at once. On SQLite a transaction that writes is alone anyway.
        """
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM notifier_batch WHERE id = %s FOR SHARE", [self.pk])
        return Batch.objects.only("stopped_at", "superseded_by", "expires_at").get(pk=self.pk)

    def is_wanted(self, at: datetime) -> bool:
        """Whether its messages may still leave, as this row was read."""
        return self.stopped_at is None and self.superseded_by is None and self.expires_at > at

    def may_be_heard(self, at: datetime) -> bool:
        """Whether what it says, or what is said in its place, may still leave, as this row was read."""
        return self.stopped_at is None and self.expires_at > at

    def texts(self) -> dict[str, Text]:
        """The texts by language; empty once their key is destroyed."""
        content: dict[str, dict[str, Any]] = self.content or {}
        return {language: Text(**text) for language, text in content.items()}

    @staticmethod
    def content_of(texts: Mapping[str, Text]) -> dict[str, dict[str, Any]]:
        return {language: asdict(text) for language, text in texts.items()}

    def ended_at(self) -> datetime:
        """When the last message could leave: the stop, or the expiry."""
        return min(self.stopped_at or self.expires_at, self.expires_at)
