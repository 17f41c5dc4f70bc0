"""Who passes an alert on without a machine of ours: a radio, a newspaper, a station, an operator."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alerts.states import step
from geo.points import Point
from geo.shapes import Area, Circle
from trust import audit
from trust.fields import EncryptedTextField
from trust.models import Officer
from trust.roles import OF_THE_AGENCY, OF_THE_UNIT, Role
from trust.scope import ScopedQuerySet


class RelayQuerySet(models.QuerySet["Relay"]):
    def for_officer(self, officer: Any) -> Self:
        """Keep those of the officer's agency; an administrator, who writes the register, sees all."""
        roles: frozenset[str] = getattr(officer, "roles", frozenset())
        if Role.ADMINISTRATOR in roles:
            return self.all()
        unit = getattr(officer, "unit", None)
        if unit is None or not roles & (OF_THE_AGENCY | OF_THE_UNIT):
            return self.none()
        return self.filter(agency=unit.agency_id)


class Relay(models.Model):
    """Hold one relay and its duty contact, sealed with a key of its own.

    It covers a region of the country's outlines, or a circle, or, with neither, the whole country.
    """

    class Kind(models.TextChoices):
        PRESS = "press", _("Press")
        RADIO = "radio", _("Radio or television")
        TRANSPORT = "transport", _("Transport")
        TELECOMS = "telecoms", _("Telecoms")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, verbose_name=_("name"))
    kind = models.CharField(max_length=12, choices=Kind, verbose_name=_("kind"))
    agency = models.ForeignKey(
        "trust.Agency", models.PROTECT, related_name="relays", verbose_name=_("agency")
    )
    region = models.CharField(max_length=16, blank=True, verbose_name=_("region"))
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    radius_km = models.FloatField(null=True, blank=True, verbose_name=_("radius in km"))
    languages = models.JSONField(default=list, verbose_name=_("languages"))  # the first one is written in
    email = EncryptedTextField(name="relay_email", null=True)
    phone = EncryptedTextField(name="relay_phone", null=True)
    is_active = models.BooleanField(default=True, verbose_name=_("is told of alerts"))
    created_at = models.DateTimeField(verbose_name=_("made at"))

    objects = RelayQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("relay")
        verbose_name_plural = _("relays")
        permissions = [("record_answer", "Can record what relays and partner programmes answered")]
        constraints = [
            models.CheckConstraint(
                name="relay_circle_is_whole",
                condition=Q(lat__isnull=True, lon__isnull=True, radius_km__isnull=True)
                | Q(lat__isnull=False, lon__isnull=False, radius_km__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language(self) -> str:
        """Return the first of its languages that this deployment speaks."""
        spoken = [code for code, _name in settings.LANGUAGES]
        return next((code for code in self.languages if code in spoken), spoken[0])

    @property
    def circle(self) -> Area | None:
        if self.lat is None or self.lon is None or self.radius_km is None:
            return None
        return Area((Circle(Point(self.lat, self.lon), self.radius_km * 1000),))


class RelayNoticeQuerySet(ScopedQuerySet["RelayNotice"]):
    scope_path = "alert__case__unit"

    def standing(self) -> RelayNoticeQuerySet:
        """Keep what the relay was told and nobody took back or replaced."""
        return self.filter(state__in=[RelayNotice.State.TOLD, RelayNotice.State.ACKNOWLEDGED])


class RelayNotice(models.Model):
    """Hold that one relay was told of one version; its UUID is the subject of the message.

    `link` is the digest of the secret in the sheet's address. Who answered is sealed with the case's key.
    """

    class State(models.TextChoices):
        TOLD = "told", _("Told, not acknowledged")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        REPLACED = "replaced", _("Replaced by an update")
        TAKE_DOWN_ASKED = "take_down_asked", _("Asked to take it down")
        TAKEN_DOWN = "taken_down", _("Taken down")

    class How(models.TextChoices):
        LINK = "link", _("by its link")
        CALL = "call", _("by telephone, recorded by an officer")

    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        State.TOLD: frozenset({State.ACKNOWLEDGED, State.REPLACED, State.TAKE_DOWN_ASKED}),
        State.ACKNOWLEDGED: frozenset({State.REPLACED, State.TAKE_DOWN_ASKED}),
        State.REPLACED: frozenset(),
        State.TAKE_DOWN_ASKED: frozenset({State.TAKEN_DOWN}),
        State.TAKEN_DOWN: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    relay = models.ForeignKey(Relay, models.PROTECT, related_name="notices", verbose_name=_("relay"))
    alert = models.ForeignKey("alerts.Alert", models.CASCADE, related_name="relay_notices")
    version = models.ForeignKey("alerts.Version", models.CASCADE, related_name="relay_notices")
    key_owner = models.UUIDField(editable=False)  # the case
    link = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=16, choices=State, default=State.TOLD, verbose_name=_("state"))
    told_at = models.DateTimeField(verbose_name=_("told at"))
    acknowledged_at = models.DateTimeField(null=True, verbose_name=_("acknowledged at"))
    acknowledged_how = models.CharField(max_length=8, choices=How, blank=True)
    acknowledged_by = EncryptedTextField(owner="key_owner", name="relay_acknowledged_by", null=True)
    take_back_from = models.DateTimeField(null=True, editable=False)  # marked, not yet asked
    take_down_asked_at = models.DateTimeField(null=True, verbose_name=_("asked to take it down at"))
    taken_down_at = models.DateTimeField(null=True, verbose_name=_("taken down at"))
    taken_down_how = models.CharField(max_length=8, choices=How, blank=True)
    taken_down_by = EncryptedTextField(owner="key_owner", name="relay_taken_down_by", null=True)

    objects = RelayNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["told_at"]
        default_permissions = ()
        verbose_name = _("notice to a relay")
        verbose_name_plural = _("notices to relays")
        constraints = [
            models.UniqueConstraint(fields=["relay", "version"], name="relay_told_once_a_version"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def move(self, after: str, officer: Officer | None, *, reason: str = "", **stamps: Any) -> None:
        """Change the state, stamp and audit; raise IllegalMove where another was first."""
        before = step(self, self.MOVES, after, **stamps)
        audit.record(f"relay.{after}", self, actor=officer, before=before, after=after, reason=reason)
