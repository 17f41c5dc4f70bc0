"""A place the child goes to, as the family says it."""

from __future__ import annotations

import uuid

from django.db import models

from cases.models.case import Case
from cases.models.child import Child
from geo.points import Point
from trust.fields import EncryptedJSONField, EncryptedTextField


class Place(models.Model):
    """Hold words, and a point with its error where one is known; never a guess in its stead."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="places")
    child = models.ForeignKey(Child, models.CASCADE, related_name="places", null=True)
    position = models.PositiveSmallIntegerField(default=0)
    # A code of the vocabulary place_kind.
    kind = EncryptedTextField(owner="case_id", name="place_kind", null=True)
    words = EncryptedTextField(owner="case_id", name="place_words", null=True)
    point_json = EncryptedJSONField(owner="case_id", name="place_point", null=True)
    error_m = models.PositiveIntegerField(null=True)
    note = EncryptedTextField(owner="case_id", name="place_note", null=True)
    # {"person", "phone", "often", "days", "part", "with", "found_before"}: who lives there, when one goes.
    details = EncryptedJSONField(owner="case_id", name="place_details", null=True)
    source = models.CharField(max_length=10, default="family")  # who named it: cases.telling.SOURCES
    added_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]

    @property
    def point(self) -> Point | None:
        place = self.point_json or {}
        return Point(place["lat"], place["lon"]) if place.get("lat") is not None else None
