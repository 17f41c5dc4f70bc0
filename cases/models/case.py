"""A case: one report about one or more missing children, and where it stands."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from geo.points import Point
from trust import audit, clock
from trust.fields import EncryptedJSONField, EncryptedTextField
from trust.models import Agency, Officer, Unit
from trust.scope import ScopedQuerySet

REOPEN_WITHIN = timedelta(hours=24)
WITHHELD = "found_place_withheld"


class CaseState(models.TextChoices):
    RECEIVED = "received", _("received")
    REVIEW = "review", _("under review")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    MERGED = "merged", _("joined to another case")
    ERASED = "erased", _("erased")


class FiledHow(models.TextChoices):
    """How a report came: typed by the family, or by an officer for somebody."""

    WEB = "web", _("on the form")
    PRESENT = "present", _("by somebody at the desk")
    PHONE = "phone", _("by telephone")
    PAPER = "paper", _("on paper")
    POST = "post", _("seen in a post on a social network")
    TIP = "tip", _("out of a tip from the public")


@dataclass(frozen=True)
class Move:
    """Say which clock a move stamps, which act it is in the log, and which outcomes it may carry."""

    stamp: str
    action: str
    outcomes: tuple[str, ...] | None = None  # None: any outcome of the vocabulary; (): none


_MERGE = Move("merged_at", "case.merged", ())
_ERASE = Move("erased_at", "case.erased", ())
MOVES: Mapping[tuple[str, str], Move] = {
    (CaseState.RECEIVED, CaseState.REVIEW): Move("accepted_at", "case.accepted", ()),
    (CaseState.REVIEW, CaseState.OPEN): Move("opened_at", "case.opened", ()),
    (CaseState.REVIEW, CaseState.CLOSED): Move("closed_at", "case.closed", ("unfounded",)),
    (CaseState.OPEN, CaseState.CLOSED): Move("closed_at", "case.closed"),
    (CaseState.CLOSED, CaseState.OPEN): Move("opened_at", "case.reopened", ()),
    (CaseState.RECEIVED, CaseState.MERGED): _MERGE,
    (CaseState.REVIEW, CaseState.MERGED): _MERGE,
    (CaseState.OPEN, CaseState.MERGED): _MERGE,
    (CaseState.CLOSED, CaseState.ERASED): _ERASE,
    (CaseState.MERGED, CaseState.ERASED): _ERASE,
}


class MoveRefused(ValueError):  # noqa: N818  (said as the desk says it)
    """Name the move that the table does not hold, or that came second; code is for the log and the page."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


class CaseQuerySet(ScopedQuerySet["Case"]):
    scope_path = "unit"
    glass_path = "pk"


class Case(models.Model):
    """Hold what is queried as columns; values that name or describe a person are sealed with id's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True)
    secret_hash = models.CharField(max_length=200)
    submission = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  (null: none was made)
    language = models.CharField(_("language"), max_length=8)
    state = models.CharField(
        _("state"), max_length=8, choices=CaseState.choices, default=CaseState.RECEIVED, db_index=True
    )
    outcome = models.CharField(_("outcome"), max_length=24, blank=True, default="")
    category = models.CharField(_("category"), max_length=24, default="unknown")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cases")
    owner = models.ForeignKey(Officer, models.PROTECT, related_name="cases", null=True)
    owned_at = models.DateTimeField(null=True)  # since when the owner holds it
    compare_due_at = models.DateTimeField(null=True, db_index=True)  # until a look at found children is done
    filed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, related_name="merged", null=True)
    conflict = models.BooleanField(_("conflict between guardians"), default=False)
    # A code of the vocabulary conflict_ground; sealed, for it may say that a court protects somebody.
    conflict_ground = EncryptedTextField(owner="id", name="conflict_ground", null=True)
    conflict_decision = EncryptedJSONField(owner="id", name="conflict_decision", null=True)
    filed_how = models.CharField(max_length=8, choices=FiledHow.choices, default=FiledHow.WEB)
    doubts = models.JSONField(default=list)  # codes of cases.doubts: what the desk should ask about
    public_since = models.DateTimeField(_("public since"), null=True)

    last_seen_at = models.DateTimeField(_("last seen at"))
    last_seen_words = EncryptedTextField(owner="id", name="last_seen_words", null=True)
    last_seen_place = EncryptedJSONField(owner="id", name="last_seen_place", null=True)
    last_seen_error_m = models.PositiveIntegerField(null=True)
    last_seen_region = models.CharField(max_length=16, blank=True, default="")
    reporter = EncryptedJSONField(owner="id", name="reporter", null=True)
    reason = EncryptedTextField(owner="id", name="reason", null=True)  # an officer's words on the last move

    reported_at = models.DateTimeField(_("reported at"))
    received_at = models.DateTimeField(_("received at"))
    spoken_at = models.DateTimeField(_("spoken with the family at"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    merged_at = models.DateTimeField(_("joined at"), null=True)
    erased_at = models.DateTimeField(_("erased at"), null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-received_at"]
        permissions = [
            ("accept_case", "Can take a case for review"),
            ("close_case", "Can close a case"),
            ("join_case", "Can say whether two reports are of one child"),
            ("hold_case", "Can hold a case"),
            ("transfer_case", "Can ask another unit to take a case, and answer"),
            ("view_restricted", "Can see restricted fields"),
        ]
        indexes = [models.Index(fields=["unit", "state", "received_at"], name="case_queue")]

    def __str__(self) -> str:
        return self.reference

    @property
    def last_seen_point(self) -> Point | None:
        """Return the point that was tapped or found by name; None where there are only words."""
        place = self.last_seen_place or {}
        return Point(place["lat"], place["lon"]) if place.get("lat") is not None else None

    @property
    def standing(self) -> Case:
        """Return the case that is worked on: this one, or the one it was joined to."""
        return self.merged_into.standing if self.merged_into else self

    @property
    def joined(self) -> list[Case]:
        """Return every case that was joined to this one, also by way of another (a query a level)."""
        found: list[Case] = []
        level = [self.pk]
        while level:
            rows = list(Case.objects.filter(merged_into__in=level))
            found, level = [*found, *rows], [row.pk for row in rows]
        return found

    @property
    def as_joined(self) -> str:
        """Return by what a task names this report among others of one case; "" for the case's own."""
        return self.reference if self.merged_into_id else ""

    @property
    def is_open(self) -> bool:
        return self.state in (CaseState.RECEIVED, CaseState.REVIEW, CaseState.OPEN)

    @property
    def lacks_complaint(self) -> bool:
        """Say whether a case opened from a post still waits for a guardian to be spoken with."""
        return self.filed_how == FiledHow.POST and self.spoken_at is None

    @property
    def is_withheld(self) -> bool:
        """Say whether the child was found where whoever reported may not know."""
        return self.standing.outcome == WITHHELD

    @classmethod
    def hold(cls, pk: UUID) -> Case:
        """Lock the case that is worked on for this one within a transaction; return it as it is now."""
        # Without its unit: PostgreSQL reads a row again after waiting, and drops it from a join that changed.
        locked = cls.objects.select_for_update()
        while True:
            case = locked.get(pk=cls.objects.get(pk=pk).standing.pk)
            if case.merged_into_id is None:  # else it was joined to another a moment ago
                return case

    def move(
        self,
        state: str,
        *,
        actor: Officer | None,
        outcome: str = "",
        reason: str = "",
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Move to state, stamp its clock and write the log in one transaction.

        reason: a code, as the log holds it; an officer's words go through keep_reason(). values: further
        columns set with the move. Raise MoveRefused: no_such_move, wrong_outcome, too_late
        (re-opening after 24 h), moved_meanwhile (another act came first).
        """
        before, move = self.state, self._move_to(state, outcome)
        now = clock.now()
        if move.action == "case.reopened" and (not self.closed_at or now - self.closed_at > REOPEN_WITHIN):
            raise MoveRefused("too_late", self.reference)
        changes = {"outcome": outcome, **(values or {}), "state": state, move.stamp: now}
        with transaction.atomic():
            if not Case.objects.filter(pk=self.pk, state=before).update(**changes):
                raise MoveRefused("moved_meanwhile", self.reference)
            for name, value in changes.items():
                setattr(self, name, value)
            after = f"{state}:{outcome}" if outcome else state
            audit.record(move.action, self, actor=actor, before=before, after=after, reason=reason)

    def keep_reason(self, words: str) -> None:
        """Keep an officer's words on a move under the case's key: the log holds codes alone."""
        if words.strip():
            self.reason = words.strip()
            self.save(update_fields=["reason"])

    def _move_to(self, state: str, outcome: str) -> Move:
        move = MOVES.get((self.state, state))
        if move is None:
            raise MoveRefused("no_such_move", f"{self.state} to {state}")
        if state == CaseState.CLOSED and not outcome:
            raise MoveRefused("wrong_outcome", "closing needs an outcome")
        if outcome and move.outcomes is not None and outcome not in move.outcomes:
            raise MoveRefused("wrong_outcome", f"{outcome} from {self.state}")
        return move

    def set_public(self, *, public: bool) -> None:
        """Note that an alert on this case went live, or that the last one ended; withdraw.py asks it."""
        self.public_since = clock.now() if public else None
        Case.objects.filter(pk=self.pk).update(public_since=self.public_since)
        audit.record("case.public_changed", self, after="public" if public else "not public")
