"""A version: exactly what is said, frozen when it is proposed, and signed by a second officer."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alerts.states import step
from trust import audit
from trust.fields import EncryptedJSONField, EncryptedTextField
from trust.models import Officer
from trust.scope import ScopedQuerySet


class VersionQuerySet(ScopedQuerySet["Version"]):
    scope_path = "alert__case__unit"
    glass_path = "alert__case"

    def open(self) -> VersionQuerySet:
        """Keep those that somebody still works on."""
        return self.filter(state__in=[Version.State.DRAFT, Version.State.PROPOSED])

    def awaiting_signature(self) -> VersionQuerySet:
        return self.filter(state=Version.State.PROPOSED)

    def alone(self) -> VersionQuerySet:
        """Keep what one person sent and the public is told now, before the second signature."""
        return self.filter(state=Version.State.PROVISIONAL, alert__state="live")

    def in_force(self) -> VersionQuerySet:
        """Keep what the public is being told."""
        return self.filter(state__in=[Version.State.SIGNED, Version.State.PROVISIONAL])


class Version(models.Model):
    """Hold one message in all its languages, with every end it can have.

    `texts`, `ends`, `warnings` and `fields_used` are written by alerts.issue and read by alerts.render alone.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        SIGNED = "signed", _("Signed")
        PROVISIONAL = "provisional", _("Provisional")
        RETURNED = "returned", _("Sent back")
        REFUSED = "refused", _("Refused")
        LAPSED = "lapsed", _("Lapsed")
        SUPERSEDED = "superseded", _("Superseded")

    class Tier(models.TextChoices):
        """Whether people are woken for it."""

        ALERT = "alert", _("At once, also at night")
        NOTICE = "notice", _("By day: at night it waits for the morning")

    class Ground(models.TextChoices):
        """Why one person sent it before anybody signed."""

        LIFE = "life", _("Danger to the child’s life now")
        NO_ANSWER = "no_answer", _("No approver answers")
        BORDER = "border", _("The child is about to be taken out of reach")
        PROSECUTOR = "prosecutor", _("A prosecutor ordered it by telephone")

    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.PROPOSED, State.LAPSED}),
        State.PROPOSED: frozenset(
            {State.SIGNED, State.PROVISIONAL, State.RETURNED, State.REFUSED, State.LAPSED}
        ),
        State.PROVISIONAL: frozenset(
            {State.SIGNED, State.RETURNED, State.REFUSED, State.LAPSED, State.SUPERSEDED}
        ),
        State.SIGNED: frozenset({State.SUPERSEDED}),
        State.RETURNED: frozenset(),
        State.REFUSED: frozenset(),
        State.LAPSED: frozenset(),
        State.SUPERSEDED: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(
        "alerts.Alert", models.CASCADE, related_name="versions", verbose_name=_("alert")
    )
    key_owner = models.UUIDField(editable=False)  # the case: erasing its key erases what was said
    number = models.PositiveSmallIntegerField(verbose_name=_("number"))
    state = models.CharField(
        max_length=12, choices=State, default=State.DRAFT, db_index=True, verbose_name=_("state")
    )

    child = models.ForeignKey("cases.Child", models.PROTECT, related_name="+")
    photo = models.ForeignKey("cases.Photo", models.PROTECT, null=True, blank=True, related_name="+")
    area = models.JSONField()
    channels = models.JSONField(verbose_name=_("channels"))
    duration_s = models.PositiveIntegerField()
    tier = models.CharField(max_length=8, choices=Tier, default=Tier.ALERT, verbose_name=_("when to tell"))
    additions = EncryptedJSONField(owner="key_owner", name="additions", null=True)  # {language: a sentence}

    texts = EncryptedJSONField(owner="key_owner", name="texts", null=True)
    ends = EncryptedJSONField(owner="key_owner", name="ends", null=True)
    # What the lint asked about and the proposer ticked as seen: alerts.lint.Finding as plain values.
    warnings = EncryptedJSONField(owner="key_owner", name="warnings", null=True)
    fields_used = models.JSONField(default=dict)
    end_subjects = models.JSONField(default=dict)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    identifier = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  (unique only once made)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(verbose_name=_("made at"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(null=True, verbose_name=_("proposed at"))
    valid_until = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("signed by")
    )
    # The emergency path: who sent it alone, until when a second officer must have signed, and why.
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("sent by")
    )
    provisional_until = models.DateTimeField(null=True)
    ground = models.CharField(max_length=12, choices=Ground, blank=True, verbose_name=_("ground"))
    ground_words = EncryptedTextField(owner="key_owner", name="ground_words", null=True)
    sent_at = models.DateTimeField(null=True, verbose_name=_("signed at"))
    expires_at = models.DateTimeField(null=True, db_index=True)
    fanned_out_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    returned_reason = EncryptedTextField(owner="key_owner", name="returned_reason", null=True)
    public_photo = models.CharField(max_length=80, blank=True)
    public_padded = models.CharField(max_length=80, blank=True)  # the same photo, as picture networks want it
    photo_gone_at = models.DateTimeField(null=True)  # when the public copies were deleted

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["alert", "-number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        indexes = [models.Index(fields=["created_at"], name="version_made")]
        permissions = [
            ("draft_version", "Can draft an alert"),
            ("propose_version", "Can propose an alert"),
            ("sign_version", "Can sign an alert"),
            ("return_version", "Can send an alert back"),
            ("refuse_version", "Can refuse an alert"),
            ("send_at_once", "Can send a proposal alone, for an hour"),
            ("view_emergencies", "Can see which alerts were sent by one person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["alert", "number"], name="version_number_once"),
            models.CheckConstraint(
                name="version_two_people",
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="version_sender_signs_nothing",
                condition=Q(signed_by__isnull=True) | Q(sent_by__isnull=True) | ~Q(signed_by=F("sent_by")),
            ),
            models.CheckConstraint(
                name="version_provisional_is_whole",
                condition=~Q(state="provisional")
                | Q(
                    ~Q(ground=""),
                    sent_by__isnull=False,
                    sent_at__isnull=False,
                    expires_at__isnull=False,
                    provisional_until__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="version_signed_is_whole",
                condition=~Q(state="signed")
                | Q(
                    signed_by__isnull=False,
                    proposed_by__isnull=False,
                    sent_at__isnull=False,
                    expires_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert.code} / {self.number}"

    @property
    def in_force(self) -> bool:
        return self.state in {self.State.SIGNED, self.State.PROVISIONAL}

    def move(self, after: str, officer: Officer | None, *, reason: str = "", **stamps: Any) -> None:
        """Change the state, stamp and audit; raise IllegalMove where another was first."""
        before = step(self, self.MOVES, after, **stamps)
        audit.record(f"version.{after}", self, actor=officer, before=before, after=after, reason=reason)
