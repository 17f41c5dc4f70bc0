"""Somebody saw the child after it was missed: where, when, how surely, and by what means."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.child import Child
from geo.points import Point
from trust.fields import EncryptedJSONField, EncryptedTextField
from trust.models import Officer
from trust.scope import ScopedQuerySet


class SightingQuerySet(ScopedQuerySet["Sighting"]):
    scope_path = "case__unit"
    glass_path = "case"

    def standing(self) -> SightingQuerySet:
        """Keep those nobody took back."""
        return self.filter(withdrawn_at=None)


class Sighting(models.Model):
    """Hold words, a point with its error where one is known, and an hour with its own error."""

    class Certainty(models.TextChoices):
        CERTAIN = "certain", _("certain")
        LIKELY = "likely", _("likely")
        POSSIBLE = "possible", _("possible")
        DOUBTFUL = "doubtful", _("doubtful")

    class SourceClass(models.TextChoices):
        FAMILY = "family", _("the family")
        WITNESS = "witness", _("a witness")
        OFFICER = "officer", _("an officer")
        CAMERA = "camera", _("a camera")
        PHONE = "phone", _("a telephone’s position")
        MEDIA = "media", _("a post or the press")

    class Why(models.TextChoices):
        """Why a sighting does not stand any more."""

        OTHER_CHILD = "other_child", _("it was another child")
        OTHER_TIME = "other_time", _("it was before the child went missing")
        FALSE = "false", _("it was made up")
        MISTAKE = "mistake", _("it was entered by mistake")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="sightings")
    child = models.ForeignKey(Child, models.SET_NULL, related_name="+", null=True)  # None: all, or unknown
    words = EncryptedTextField(owner="case_id", name="sighting_words", null=True)
    point_json = EncryptedJSONField(owner="case_id", name="sighting_point", null=True)
    error_m = models.PositiveIntegerField(null=True)
    seen_at = models.DateTimeField(_("seen at"))
    seen_error_min = models.PositiveIntegerField(null=True)
    certainty = models.CharField(_("certainty"), max_length=8, choices=Certainty)
    source_class = models.CharField(_("source"), max_length=8, choices=SourceClass)
    tip_id = models.UUIDField(null=True)  # of the package above; a tip is one sighting at most
    note = EncryptedTextField(owner="case_id", name="sighting_note", null=True)
    added_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    withdrawn_why = models.CharField(max_length=12, choices=Why, blank=True, default="")
    withdrawn_words = EncryptedTextField(owner="case_id", name="sighting_withdrawn", null=True)

    objects = SightingQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["tip_id"], condition=models.Q(withdrawn_at=None), name="sighting_once_a_tip"
            )
        ]

    @property
    def point(self) -> Point | None:
        place = self.point_json or {}
        return Point(place["lat"], place["lon"]) if place.get("lat") is not None else None
