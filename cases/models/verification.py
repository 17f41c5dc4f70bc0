"""How a report was verified: every call back to the family in order, and who went on without one."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from trust.fields import EncryptedJSONField, EncryptedTextField
from trust.models import Officer


class CallBack(models.Model):
    """Hold one attempt: a call, or a talk face to face; whom it reached and what was shown is sealed."""

    class How(models.TextChoices):
        PHONE = "phone", _("by telephone")
        FACE = "face", _("face to face")

    class Result(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        NOT_REACHED = "not_reached", _("not reached")
        CONTRADICTED = "contradicted", _("contradicted")
        CHILD_HOME = "child_home", _("the child is home")

    class Proof(models.TextChoices):
        NONE = "none", _("none seen")
        IDENTITY = "identity", _("identity paper")
        BOOKLET = "booklet", _("family booklet or birth certificate")
        SCHOOL = "school", _("the school confirmed it")
        KNOWN = "known", _("known to the officer")

    class Seen(models.TextChoices):
        NOT = "", "—"
        HELD = "held", _("the paper itself")
        PICTURE = "picture", _("a picture of it")
        READ_OUT = "read_out", _("read out on the telephone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="call_backs")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=8, choices=How, default=How.PHONE)
    result = models.CharField(max_length=16, choices=Result)
    # {"number", "of_the_case": the report names it, "relation", "proof", "seen", "words"}
    told = EncryptedJSONField(owner="case_id", name="call_back", null=True)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["case", "at"], name="call_back_order")]


class VerificationOverride(models.Model):
    """Hold who goes on although nobody verified the case, and why; the officer's words are sealed."""

    class Ground(models.TextChoices):
        UNREACHABLE = "unreachable", _("Nobody can be reached, and waiting is more dangerous")
        WITNESSED = "witnessed", _("An officer or an authority saw it happen")
        INSTITUTION = "institution", _("A school, a hospital or a court that is known to the unit reports it")
        CALLER_SUSPECT = "caller_suspect", _("Whoever answers may be the danger")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="overrides")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ground = models.CharField(max_length=16, choices=Ground)
    words = EncryptedTextField(owner="case_id", name="override_words", null=True)

    class Meta:
        ordering = ["at"]

    @property
    def ground_word(self) -> str:
        return str(self.get_ground_display())
