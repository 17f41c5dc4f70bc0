"""A child that was found and whom nobody has reported, and the reports that may be of the same child."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case, MoveRefused
from cases.models.child import Child
from geo.points import Point
from trust import audit, clock, vault
from trust.fields import EncryptedJSONField, EncryptedTextField
from trust.models import Agency, Officer, Unit
from trust.scope import ScopedQuerySet


class FoundState(models.TextChoices):
    OPEN = "open", _("nobody known who misses the child")
    IDENTIFIED = "known", _("identified")
    CLOSED = "closed", _("closed")
    ERASED = "erased", _("erased")


class ClosedWhy(models.TextChoices):
    """Why a found child is not looked for in reports any more."""

    RETURNED = "returned", _("given back to the family, who made no report")
    IN_CARE = "in_care", _("in the care of a judge or a service")
    ADULT = "adult", _("not a child")
    MISTAKE = "mistake", _("filed by mistake")
    OTHER = "other", _("another reason")


MOVES: Mapping[tuple[str, str], str] = {
    (FoundState.OPEN, FoundState.IDENTIFIED): "found.identified",
    (FoundState.OPEN, FoundState.CLOSED): "found.closed",
    (FoundState.IDENTIFIED, FoundState.OPEN): "found.reopened",
    (FoundState.CLOSED, FoundState.OPEN): "found.reopened",
    (FoundState.IDENTIFIED, FoundState.ERASED): "found.erased",
    (FoundState.CLOSED, FoundState.ERASED): "found.erased",
}


class FoundQuerySet(ScopedQuerySet["FoundChild"]):
    scope_path = "unit"


class FoundChild(models.Model):
    """Hold what is seen of the child and what it says, sealed with id's key. Nothing of it is published.

    facts: {document field of cases.fields: value}; ages are months, both ends included.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True)
    submission = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  (null: none was made)
    state = models.CharField(
        _("state"), max_length=8, choices=FoundState.choices, default=FoundState.OPEN, db_index=True
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="found_children")
    filed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(_("filed at"))
    moved_at = models.DateTimeField(null=True)  # since when it stands in its state
    compare_due_at = models.DateTimeField(null=True, db_index=True)  # until a look at the reports is done
    case = models.ForeignKey(Case, models.PROTECT, related_name="found_children", null=True)
    closed_why = models.CharField(max_length=8, choices=ClosedWhy.choices, blank=True, default="")
    reason = EncryptedTextField(owner="id", name="found_reason", null=True)  # an officer's words

    found_at = models.DateTimeField(_("found at"))
    place_words = EncryptedTextField(owner="id", name="found_words", null=True)
    place_json = EncryptedJSONField(owner="id", name="found_place", null=True)
    error_m = models.PositiveIntegerField(null=True)
    sex = models.CharField(_("sex"), max_length=8, blank=True, default="")
    age_low_months = models.PositiveSmallIntegerField(null=True)
    age_high_months = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=8)  # of what is typed
    facts = EncryptedJSONField(owner="id", name="found_facts", null=True)
    name_said = EncryptedTextField(owner="id", name="found_name", null=True)
    says_family = EncryptedTextField(owner="id", name="found_family", null=True)
    says_place = EncryptedTextField(owner="id", name="found_home", null=True)
    where_now = EncryptedTextField(owner="id", name="found_where_now", null=True)
    taken_in_by = EncryptedTextField(owner="id", name="found_taken_in_by", null=True)

    original_key = models.CharField(max_length=120, blank=True, default="")
    original_sha256 = models.CharField(max_length=64, blank=True, default="")
    clean_key = models.CharField(max_length=120, blank=True, default="")
    clean_sha256 = models.CharField(max_length=64, blank=True, default="")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    objects = FoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("found child")
        verbose_name_plural = _("found children")
        ordering = ["-filed_at"]
        indexes = [models.Index(fields=["unit", "state", "filed_at"], name="found_queue")]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state == FoundState.OPEN

    @property
    def point(self) -> Point | None:
        place = self.place_json or {}
        return Point(place["lat"], place["lon"]) if place.get("lat") is not None else None

    def clean_bytes(self) -> bytes | None:
        """Return the clean JPEG (a file read, a key lookup); None where there is none, or it is erased."""
        return vault.find(self.pk, self.clean_key) if self.clean_key else None

    def move(
        self, state: str, *, actor: Officer | None, reason: str = "", values: Mapping[str, Any] | None = None
    ) -> None:
        """Move to state, stamp it and write the log in one transaction; reason is a code.

        Raise MoveRefused: no_such_move, moved_meanwhile (another act came first).
        """
        before, action = self.state, MOVES.get((self.state, state))
        if action is None:
            raise MoveRefused("no_such_move", f"{before} to {state}")
        changes = {**(values or {}), "state": state, "moved_at": clock.now()}
        with transaction.atomic():
            if not FoundChild.objects.filter(pk=self.pk, state=before).update(**changes):
                raise MoveRefused("moved_meanwhile", self.reference)
            for name, value in changes.items():
                setattr(self, name, value)
            audit.record(action, self, actor=actor, before=before, after=state, reason=reason)


class FoundToken(models.Model):
    """Hold a keyed digest of a word of the name that the child says, or of its sound (as cases.NameToken)."""

    found = models.ForeignKey(FoundChild, models.CASCADE, related_name="name_tokens")
    kind = models.CharField(max_length=8)
    token = models.CharField(max_length=64, db_index=True)


class MatchQuerySet(models.QuerySet["FoundMatch"]):
    def waiting(self) -> MatchQuerySet:
        """Return what nobody decided on yet, of children and cases that are still worked on."""
        in_work = {"case__state__in": ("received", "review", "open"), "found__state": FoundState.OPEN}
        return self.filter(verdict=FoundMatch.Verdict.OPEN, **in_work)


class FoundMatch(models.Model):
    """Hold that a found child may be one of a case, why, what to ask, and what an officer said of it."""

    class Verdict(models.TextChoices):
        OPEN = "", _("not looked at yet")
        SAME = "same", _("the same child")
        DIFFERENT = "different", _("another child")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    found = models.ForeignKey(FoundChild, models.CASCADE, related_name="matches")
    case = models.ForeignKey(Case, models.CASCADE, related_name="found_matches")
    child = models.ForeignKey(Child, models.CASCADE, related_name="+", null=True)
    band = models.CharField(max_length=10)  # probable, possible
    score = models.FloatField()
    reasons = models.JSONField(default=list)  # codes of cases.found.likeness, those for it first
    ask_child = models.JSONField(default=list)  # codes of what to look at or ask where the child is
    ask_family = models.JSONField(default=list)  # codes of what to ask whoever reported
    matched_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True, default=Verdict.OPEN)
    decided_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    reason = EncryptedTextField(owner="found_id", name="found_match_reason", null=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["-score"]
        constraints = [models.UniqueConstraint(fields=["found", "case"], name="found_match_once")]
