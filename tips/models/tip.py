"""What the public tells us. A tip's words are sealed under its own key; who sent it stands apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alerts.models import Alert
from trust import audit, clock
from trust.fields import EncryptedJSONField, EncryptedTextField
from trust.models import Unit
from trust.roles import OF_THE_AGENCY, OF_THE_UNIT
from trust.scope import BREAK, ScopedQuerySet

if TYPE_CHECKING:
    from trust.models import Officer


class TipMoveError(Exception):
    """The state table has no such move."""


class TipQuerySet(ScopedQuerySet["Tip"]):
    scope_path = "unit"

    def handed_to(self, officer: Officer) -> Q:
        """Ask for what was handed to the officer's unit, or to one of the agency whose acts they see."""
        if officer.unit is None:
            return Q(pk__in=())
        if officer.roles & OF_THE_AGENCY:
            return Q(handed_to__agency=officer.unit.agency_id)
        return Q(handed_to=officer.unit_id) if officer.roles & OF_THE_UNIT else Q(pk__in=())

    def readable_by(self, officer: Officer) -> TipQuerySet:
        """Return for_officer()'s, what was handed to the officer's unit, and what broken glass opened.

        Only a page that shows, and the act of acknowledging, may ask for it.
        """
        seen = self.scope(officer) | self.handed_to(officer)
        if officer.has_perm(BREAK):
            opened = self._opened_by(officer)
            seen |= Q(case_id__in=opened) | Q(alert_id__in=Alert.objects.filter(case__in=opened).values("pk"))
        return self.filter(seen)


class Tip(models.Model):
    """One thing somebody told us, by whatever door; states only move along MOVES."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        SEEN = "seen", _("Seen")
        SIGHTING = "sighting", _("Sighting")
        CASE = "case", _("Became a case")
        HANDED_OVER = "handed_over", _("Handed over")
        RUMOUR = "rumour", _("Rumour")
        OLD = "old", _("Old")
        FALSE = "false", _("False")
        DUPLICATE = "duplicate", _("Duplicate")
        UNRELATED = "unrelated", _("Unrelated")

    class Guess(models.TextChoices):
        SIGHTING = "sighting", _("A sighting")
        REPORT = "report", _("A child may be missing")
        OFFENCE = "offence", _("Another offence")
        RUMOUR = "rumour", _("A rumour")
        THREAT = "threat", _("A threat")
        UNCLEAR = "", _("Not clear")

    DECIDED: ClassVar[frozenset[str]] = frozenset(
        {"sighting", "case", "handed_over", "rumour", "old", "false", "duplicate", "unrelated"}
    )
    # A decided tip is re-opened by a neighbour: it goes back to SEEN with its reasons kept.
    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        "new": frozenset({"seen"}),
        "seen": DECIDED,
        **{state: frozenset({"seen"}) for state in sorted(DECIDED)},
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True)
    secret_hash = models.CharField(max_length=256, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.NEW)
    state_at = models.DateTimeField(_("state since"))
    door = models.CharField(_("door"), max_length=16)
    language = models.CharField(_("language"), max_length=8)
    unit = models.ForeignKey("trust.Unit", on_delete=models.PROTECT, null=True, verbose_name=_("unit"))
    alert_id = models.UUIDField(null=True, db_index=True)
    named_by = models.CharField(max_length=8, blank=True, default="")  # how it names its alert: tips.naming
    event_id = models.UUIDField(unique=True, null=True)
    words = EncryptedTextField(owner="id", name="words", null=True, verbose_name=_("words"))
    witness = models.ForeignKey("tips.Witness", models.PROTECT, null=True, related_name="tips")
    replies_to = models.CharField(max_length=128, blank=True)  # the provider's id of what it answers
    # Who wrote it down: whoever took the call, or found a post. Nobody for what came by itself.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    link = EncryptedTextField(owner="id", name="tip_link", null=True, verbose_name=_("address of the post"))
    # Where: {"words", "lat", "lon", "error_m", "how": "pin" | "words" | "file" | "map"}
    place = EncryptedJSONField(owner="id", name="tip_place", null=True)
    cell = models.BigIntegerField(null=True, db_index=True)  # the same, as a coarse cell of geo.cells
    seen_at = models.DateTimeField(_("seen at"), null=True)
    seen_error_min = models.PositiveIntegerField(null=True)
    # What the machine makes of it: it orders, it closes nothing.
    guess = models.CharField(_("looks like"), max_length=8, choices=Guess, blank=True, default="")
    score = models.PositiveSmallIntegerField(_("score"), default=0)  # 0-100, orders the queue
    danger = models.PositiveSmallIntegerField(_("danger"), default=0)  # 0-100, asks for a second reader
    reasons = EncryptedJSONField(owner="id", name="tip_reasons", null=True)  # [[code, {name: value}], …]
    doubts = models.JSONField(default=list)  # codes of what speaks against it from the first: it orders
    cluster = models.UUIDField(null=True, db_index=True)  # the first tip of those about the same thing
    is_copy = models.BooleanField(default=False)  # passes on what an earlier one holds: no further witness
    # The clocks: the first human look, and whom it rose to since.
    look_due_at = models.DateTimeField(_("to be read by"), null=True, db_index=True)
    looked_at = models.DateTimeField(_("first read at"), null=True)
    level = models.PositiveSmallIntegerField(default=0)  # how often it rose to a superior
    questions = EncryptedJSONField(owner="id", name="tip_questions", null=True)  # the six of verification
    # What became of it.
    case_id = models.UUIDField(null=True, db_index=True)
    sighting_id = models.UUIDField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The witness's own way in.
    noted_at = models.DateTimeField(null=True)  # when the receipt was typed again, as proof it was noted
    thread_until = models.DateTimeField(null=True)  # reference and secret open nothing after
    said_at = models.DateTimeField(_("said at"))
    received_at = models.DateTimeField(_("received at"), db_index=True)
    heard_at = models.DateTimeField(null=True)  # when its witness last added to it
    decided_reason = EncryptedTextField(
        owner="id", name="decided_reason", null=True, verbose_name=_("reason")
    )
    decided_code = models.CharField(max_length=24, blank=True, default="")  # tips.deciding.REASONS
    # All that was ever decided: [{"what", "state", "code", "words", "by": officer, "at"}], the oldest first.
    history = EncryptedJSONField(owner="id", name="tip_history", null=True)
    question_at = models.DateTimeField(null=True)  # since when the witness is waited for
    handed_to = models.ForeignKey(
        "trust.Unit",
        on_delete=models.PROTECT,
        null=True,
        related_name="handed_tips",
        verbose_name=_("handed to"),
    )
    handed_to_name = models.CharField(max_length=120, blank=True)  # a unit that has no desk here
    handed_at = models.DateTimeField(_("handed over at"), null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    erased_at = models.DateTimeField(null=True)

    objects = TipQuerySet.as_manager()

    class Meta:
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        permissions = [
            ("triage_tip", "Can triage tips"),
            ("second_tip", "Can read a tip as the second who agrees to its end"),
            ("ask_reveal", "Can ask for the address of whoever told us"),
            ("grant_reveal", "Can grant that the address is shown to whoever asked"),
            ("freeze_media", "Can freeze a picture or a clip"),
            ("open_frozen", "Can look at what is frozen"),
            ("export_custody", "Can take the sealed original out as evidence"),
            ("take_call", "Can write down what a caller saw"),
        ]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["state", "received_at"], name="tip_queue"),
            models.Index(fields=["unit", "state", "-score"], name="tip_order"),
            # All that the queue asks of a tip, so that it is folded without reading one: rows are wide.
            models.Index(
                fields=["unit", "state", "cluster", "id", "score", "received_at", "look_due_at"],
                name="tip_folded",
            ),
            models.Index(fields=["cluster", "received_at"], name="tip_newest"),
            models.Index(fields=["cluster", "state"], name="tip_cluster"),
        ]

    def __str__(self) -> str:
        return self.reference

    def read_by(self, officer: Officer) -> None:
        """Log the look; the first by somebody who triages makes a new tip seen, whoever else looks too."""
        audit.viewed(officer, self, "tip")
        if self.state != self.State.NEW or not officer.has_perm("tips.triage_tip"):
            return
        try:
            self.move(self.State.SEEN, officer)
        except TipMoveError:
            self.refresh_from_db(fields=["state", "state_at"])

    def move(self, state: str, officer: Officer | None, *, reason: str = "") -> None:
        """Give the tip another state, stamped and audited; raises TipMoveError outside MOVES."""
        if state not in self.MOVES[self.state]:
            raise TipMoveError(f"{self.state} to {state}")
        now = clock.now()
        # Each state has a clock of its own.
        stamps: dict[str, Any] = {"state": state, "state_at": now, "level": 0}
        if self.looked_at is None:
            stamps["looked_at"] = now
        if Tip.objects.filter(pk=self.pk, state=self.state).update(**stamps) != 1:
            raise TipMoveError("somebody else moved it")
        before = self.state
        for name, value in stamps.items():
            setattr(self, name, value)
        if reason:
            self.decided_reason = reason
            self.save(update_fields=["decided_reason"])
        audit.record("tip.moved", self, actor=officer, before=before, after=state)


def unit_for_tips() -> UUID | None:
    """Return the unit whose desk takes tips that name no alert: the first one with somebody on duty."""
    units = Unit.objects.order_by(models.F("duty_officer").asc(nulls_last=True), "code")
    return units.values_list("pk", flat=True).first()
