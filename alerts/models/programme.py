"""A dossier for a partner programme without an interface: made ready, sent, confirmed, taken down."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.states import step
from trust import audit
from trust.fields import EncryptedTextField
from trust.models import Officer
from trust.scope import ScopedQuerySet


class DossierQuerySet(ScopedQuerySet["Dossier"]):
    scope_path = "alert__case__unit"

    def standing(self) -> DossierQuerySet:
        """Keep what was made ready, sent or confirmed, and not replaced or taken back."""
        return self.filter(state__in=[Dossier.State.PREPARED, Dossier.State.SENT, Dossier.State.CONFIRMED])


class Dossier(models.Model):
    """Hold how far one version came with Meta's AMBER team. Only its confirmation says that it is shown.

    The contents are made anew at every download, through the gate; none is stored. Who confirmed is sealed
    with the case's key. `link` is the digest of the secret in the address that was mailed.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("Made ready, not sent")
        SENT = "sent", _("Sent to Meta, not confirmed")
        CONFIRMED = "confirmed", _("Confirmed by Meta")
        REPLACED = "replaced", _("Replaced by an update")
        DROPPED = "dropped", _("Never sent")
        TAKE_DOWN_ASKED = "take_down_asked", _("Asked to take it down")
        TAKEN_DOWN = "taken_down", _("Taken down, confirmed by Meta")

    class How(models.TextChoices):
        MAIL = "mail", _("by e-mail")
        HAND = "hand", _("by hand")

    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        State.PREPARED: frozenset({State.SENT, State.REPLACED, State.DROPPED, State.TAKE_DOWN_ASKED}),
        State.SENT: frozenset({State.CONFIRMED, State.REPLACED, State.TAKE_DOWN_ASKED}),
        State.CONFIRMED: frozenset({State.REPLACED, State.TAKE_DOWN_ASKED}),
        State.REPLACED: frozenset(),
        State.DROPPED: frozenset(),
        State.TAKE_DOWN_ASKED: frozenset({State.TAKEN_DOWN}),
        State.TAKEN_DOWN: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey("alerts.Alert", models.CASCADE, related_name="dossiers")
    version = models.OneToOneField("alerts.Version", models.CASCADE, related_name="dossier")
    key_owner = models.UUIDField(editable=False)  # the case
    link = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=16, choices=State, default=State.PREPARED, verbose_name=_("state"))
    prepared_at = models.DateTimeField(verbose_name=_("made ready at"))
    sent_at = models.DateTimeField(null=True, verbose_name=_("sent at"))
    sent_how = models.CharField(max_length=4, choices=How, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, verbose_name=_("confirmed at"))
    confirmed_by = EncryptedTextField(owner="key_owner", name="programme_confirmed_by", null=True)
    confirmation_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    take_back_from = models.DateTimeField(null=True, editable=False)  # marked, not yet asked
    take_down_asked_at = models.DateTimeField(null=True, verbose_name=_("asked to take it down at"))
    taken_down_at = models.DateTimeField(null=True, verbose_name=_("taken down at"))
    taken_down_by = EncryptedTextField(owner="key_owner", name="programme_taken_down_by", null=True)
    take_down_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["prepared_at"]
        default_permissions = ()
        verbose_name = _("dossier for Meta’s AMBER programme")
        verbose_name_plural = _("dossiers for Meta’s AMBER programme")
        constraints = [
            models.CheckConstraint(
                name="dossier_confirmed_says_by_whom_it_was_written",
                condition=~models.Q(state="confirmed")
                | models.Q(confirmed_at__isnull=False, confirmation_recorded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def move(self, after: str, officer: Officer | None, *, reason: str = "", **stamps: Any) -> None:
        """Change the state, stamp and audit; raise IllegalMove where another was first."""
        before = step(self, self.MOVES, after, **stamps)
        audit.record(f"programme.{after}", self, actor=officer, before=before, after=after, reason=reason)
