"""Somebody goes, calls or asks whether the child is at a place; what came of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.place import Place
from cases.models.sighting import Sighting
from trust.fields import EncryptedJSONField
from trust.models import Officer
from trust.scope import ScopedQuerySet


class PlaceCheckQuerySet(ScopedQuerySet["PlaceCheck"]):
    scope_path = "case__unit"

    def open(self) -> PlaceCheckQuerySet:
        return self.filter(done_at=None)

    def done(self) -> PlaceCheckQuerySet:
        """Keep those with a result; one that fell with its case has none."""
        return self.exclude(result="")


class PlaceCheck(models.Model):
    """Hold one check of one place, or of where the child was seen.

    Without either it is the child's home, or a place taken off the list.
    """

    class How(models.TextChoices):
        CALLED = "called", _("call there")
        VISITED = "visited", _("go there")
        ASKED = "asked", _("ask somebody to go")

    class Result(models.TextChoices):
        CHILD_FOUND = "child_found", _("the child is there")
        NOT_THERE = "not_there", _("not there")
        SEEN_THERE = "seen_there", _("was seen there")
        NOBODY = "nobody", _("nobody answered")
        REFUSED = "refused", _("they refused")

    class Thoroughness(models.TextChoices):
        ASKED = "asked", _("asked only")
        LOOKED = "looked", _("looked around")
        SEARCHED = "searched", _("searched every room or corner")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="checks")
    place = models.ForeignKey(Place, models.SET_NULL, related_name="checks", null=True)
    sighting = models.ForeignKey(Sighting, models.SET_NULL, related_name="checks", null=True)
    is_home = models.BooleanField(default=False)
    how = models.CharField(max_length=8, choices=How)
    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="+"
    )  # who was asked; the task: who owes it
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    result = models.CharField(max_length=12, choices=Result, blank=True, default="")
    thoroughness = models.CharField(max_length=8, choices=Thoroughness, blank=True, default="")
    minutes = models.PositiveSmallIntegerField(null=True)  # how long it was looked for
    # {"kind", "what", "point"}: the place as it was named then; {"to"}: who goes, {"words"}: what was found
    told = EncryptedJSONField(owner="case_id", name="place_check", null=True)

    objects = PlaceCheckQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "place"], condition=Q(done_at=None), name="check_one_open_a_place"
            ),
            models.UniqueConstraint(
                fields=["sighting"], condition=Q(done_at=None), name="check_one_open_a_sighting"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(done_at=None, is_home=True), name="check_one_open_at_home"
            ),
        ]
