"""An alert: one thing said to the public about one case, from its first draft to its end."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.states import step
from trust import audit
from trust.codes import new_code
from trust.fields import EncryptedTextField
from trust.models import Officer
from trust.scope import ScopedQuerySet


class AlertQuerySet(ScopedQuerySet["Alert"]):
    scope_path = "case__unit"
    glass_path = "case"

    def public(self) -> AlertQuerySet:
        """Keep what the public may know of: actual alerts that were signed once."""
        return self.filter(kind=Alert.Kind.ACTUAL).exclude(state=Alert.State.DRAFT)

    def live(self) -> AlertQuerySet:
        return self.filter(state=Alert.State.LIVE)


class Alert(models.Model):
    """Hold what stays the same through all versions. Its UUID is the subject of the first sending."""

    class Kind(models.TextChoices):
        ACTUAL = "actual", _("Actual alert")
        EXERCISE = "exercise", _("Exercise")
        TEST = "test", _("Test")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LIVE = "live", _("Live")
        ENDED = "ended", _("Ended")

    class End(models.TextChoices):
        FOUND = "found", _("Child found")
        ENDED = "ended", _("Ended without news")
        EXPIRED = "expired", _("Time ran out")
        ERROR = "error", _("Issued in error")

    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.LIVE}),
        State.LIVE: frozenset({State.ENDED}),
        State.ENDED: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(
        max_length=8, unique=True, default=new_code, editable=False, verbose_name=_("code")
    )
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="alerts", verbose_name=_("case"))
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ACTUAL, verbose_name=_("kind"))
    state = models.CharField(
        max_length=8, choices=State, default=State.DRAFT, db_index=True, verbose_name=_("state")
    )
    ended_as = models.CharField(max_length=8, choices=End, blank=True, verbose_name=_("how it ended"))
    created_at = models.DateTimeField(verbose_name=_("made at"))
    live_at = models.DateTimeField(null=True, blank=True, verbose_name=_("live since"))
    ended_at = models.DateTimeField(null=True, blank=True, verbose_name=_("over since"))
    end_reason = EncryptedTextField(owner="case_id", name="end_reason", null=True)
    in_flight_at_end = models.PositiveIntegerField(null=True, editable=False)  # what no stop could hold back
    end_told_at = models.DateTimeField(null=True, editable=False)  # null: recording the end is unfinished

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["created_at"], name="alert_made")]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        permissions = [("stop_alert", "Can stop a live alert")]
        constraints = [
            models.CheckConstraint(
                name="alert_ended_says_how",
                condition=models.Q(state="ended") ^ models.Q(ended_as=""),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_live(self) -> bool:
        return self.state == self.State.LIVE

    @property
    def is_public(self) -> bool:
        """Say whether the public may see it or ever could."""
        return self.kind == self.Kind.ACTUAL and self.state != self.State.DRAFT

    def go_live(self, officer: Officer, at: datetime) -> None:
        self._move(self.State.LIVE, officer, live_at=at)

    def end(self, as_: str, officer: Officer | None, at: datetime, reason: str = "") -> None:
        self._move(self.State.ENDED, officer, reason=reason, ended_as=as_, ended_at=at)

    def _move(
        self, after: str, officer: Officer | None, *, reason: str = "", **stamps: datetime | str
    ) -> None:
        before = step(self, self.MOVES, after, **stamps)
        audit.record(f"alert.{after}", self, actor=officer, before=before, after=after, reason=reason)
