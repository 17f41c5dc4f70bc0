"""A question to a second officer: may this sentence say what the public is never told by one person alone?"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.fields import EncryptedJSONField, EncryptedTextField
from trust.scope import ScopedQuerySet


class ReleaseQuerySet(ScopedQuerySet["Release"]):
    scope_path = "case__unit"
    glass_path = "case"


class Release(models.Model):
    """Hold one sentence, whole and in every language, and the one thing in it that is asked about.

    Sealed with the case's key. Who asked and who decided is the Decision (act "release") on this row's UUID.
    """

    class Field(models.TextChoices):
        SUSPECT = "suspect", _("A suspect or companion")
        PLATE = "plate", _("A number plate")
        ADDRESS = "address", _("An address of the family")
        HEALTH = "health", _("Something about health")
        FAMILY = "family", _("Something about the family’s problems")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="releases", verbose_name=_("case"))
    version = models.ForeignKey("alerts.Version", models.CASCADE, related_name="releases")  # asked on
    field = models.CharField(max_length=8, choices=Field, verbose_name=_("what"))
    sentences = EncryptedJSONField(owner="case_id", name="release_sentences", null=True)  # {language: words}
    why = EncryptedTextField(owner="case_id", name="release_why", null=True)
    refused_because = EncryptedTextField(owner="case_id", name="release_refused", null=True)
    asked_at = models.DateTimeField(verbose_name=_("asked at"))

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        default_permissions = ()
        verbose_name = _("release of words")
        verbose_name_plural = _("releases of words")

    def __str__(self) -> str:
        return str(self.get_field_display())
