"""A statement: what the force says of a rumour, an old video or its own work, signed by two people."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alerts.states import step
from trust import audit
from trust.codes import new_code
from trust.fields import EncryptedJSONField, EncryptedTextField
from trust.models import Officer
from trust.scope import ScopedQuerySet


@dataclass(frozen=True)
class Said:
    """Hold what a statement says in one language, and in which one it is."""

    language: str
    title: str
    body: str


class StatementQuerySet(ScopedQuerySet["Statement"]):
    scope_path = "unit"

    def live(self) -> StatementQuerySet:
        """Keep what the force stands by, the latest first."""
        return self.filter(state=Statement.State.SIGNED).order_by("-signed_at")

    def open(self) -> StatementQuerySet:
        """Keep those that somebody still works on."""
        return self.filter(state__in=[Statement.State.DRAFT, Statement.State.PROPOSED])

    def awaiting_signature(self) -> StatementQuerySet:
        return self.filter(state=Statement.State.PROPOSED)


class Statement(models.Model):
    """Hold one statement in all its languages; alerts.statements alone writes it.

    Sealed under a key of its own, as a draft may hold what must not be said, and the words of a rumour may
    name innocent people. It is found by the keyed digests of its marks.
    """

    class Kind(models.TextChoices):
        FALSE_ALERT = "false_alert", _("An alert that is not ours")
        OLD_FOOTAGE = "old_footage", _("Old pictures or video")
        RUMOUR = "rumour", _("A rumour")
        CLARIFICATION = "clarification", _("A clarification")
        COMMUNIQUE = "communique", _("A communiqué: what was done")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        SIGNED = "signed", _("Signed")
        REFUSED = "refused", _("Refused")
        LAPSED = "lapsed", _("Lapsed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.PROPOSED, State.LAPSED}),
        State.PROPOSED: frozenset({State.SIGNED, State.REFUSED, State.LAPSED}),
        State.SIGNED: frozenset({State.WITHDRAWN}),
        State.REFUSED: frozenset(),
        State.LAPSED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(
        max_length=8, unique=True, default=new_code, editable=False, verbose_name=_("code")
    )
    kind = models.CharField(max_length=16, choices=Kind, verbose_name=_("kind"))
    state = models.CharField(
        max_length=12, choices=State, default=State.DRAFT, db_index=True, verbose_name=_("state")
    )
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    alert = models.ForeignKey(
        "alerts.Alert", models.PROTECT, null=True, related_name="statements", verbose_name=_("alert")
    )
    tip_id = models.UUIDField(null=True, db_index=True)  # what it was drafted from
    # The statement that this one is written after: refused, lapsed, or signed and to be replaced.
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")

    texts = EncryptedJSONField(owner="id", name="statement_texts", null=True)  # {language: {title, body}}
    refuted_link = EncryptedTextField(owner="id", name="statement_link", null=True)
    refuted_words = EncryptedTextField(owner="id", name="statement_words", null=True)
    # [{"kind": "attachment" | "footage" | "tip", "id": …}]; what the officer says of it stands apart.
    evidence = EncryptedJSONField(owner="id", name="statement_evidence", null=True)
    evidence_words = EncryptedTextField(owner="id", name="statement_evidence_words", null=True)
    warnings = EncryptedJSONField(owner="id", name="statement_warnings", null=True)  # ticked by the proposer
    period_from = models.DateTimeField(null=True)  # of a communiqué
    period_until = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

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
    signed_at = models.DateTimeField(null=True, db_index=True, verbose_name=_("signed at"))
    refused_reason = EncryptedTextField(owner="id", name="statement_refused", null=True)
    withdrawal_reason = EncryptedTextField(owner="id", name="statement_withdrawal", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        default_permissions = ("view",)
        permissions = [
            ("draft_statement", "Can draft and propose a statement"),
            ("sign_statement", "Can sign, refuse and withdraw a statement"),
        ]
        constraints = [
            models.CheckConstraint(
                name="statement_two_people",
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="statement_signed_is_whole",
                condition=~Q(state__in=["signed", "withdrawn"])
                | Q(
                    ~Q(digest=""),
                    signed_by__isnull=False,
                    proposed_by__isnull=False,
                    signed_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_live(self) -> bool:
        return self.state == self.State.SIGNED

    def said(self, language: str) -> Said:
        """Return what it says in the language, else in the first one that it has words in."""
        texts: Mapping[str, Mapping[str, str]] = self.texts or {}
        code = language if language in texts else next(iter(texts), language)
        words = texts.get(code, {})
        return Said(code, words.get("title", ""), words.get("body", ""))

    def move(self, after: str, officer: Officer | None, *, reason: str = "", **stamps: Any) -> None:
        """Change the state, stamp and audit; raise IllegalMove where another was first."""
        before = step(self, self.MOVES, after, **stamps)
        audit.record(f"statement.{after}", self, actor=officer, before=before, after=after, reason=reason)


class StatementMark(models.Model):
    """Hold a keyed digest of a refuted link, or of two words of a rumour that stand near each other."""

    class Kind(models.TextChoices):
        LINK = "link"
        WORDS = "words"

    id = models.BigAutoField(primary_key=True)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=5, choices=Kind)
    token = models.CharField(max_length=64, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["statement", "kind", "token"], name="statement_mark_once")
        ]
