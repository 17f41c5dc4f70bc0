"""An order of a magistrate about a case: that an alert be issued, or that nothing be."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from trust import audit, vault
from trust.fields import EncryptedTextField
from trust.scope import ScopedQuerySet


class OrderQuerySet(ScopedQuerySet["Order"]):
    scope_path = "case__unit"
    glass_path = "case"

    def about(self, case: Case) -> OrderQuerySet:
        """Keep those on the case and on every report that was joined to it (a query a level of joining)."""
        standing = case.standing
        return self.filter(case__in=[standing.pk, *(row.pk for row in standing.joined)])

    def holding(self) -> list[Order]:
        """Return the orders under which nothing may be issued (two queries, one where there is no order).

        The log says what was recorded as a hold, and which of them two officers released: who has the
        database alone ends none.
        """
        rows = list(self)
        released, holds = _told(rows)
        is_hold = {row.pk: row.kind == Order.Kind.HOLD or row.pk in holds for row in rows}
        return [
            row for row in rows if is_hold[row.pk] and (row.released_at is None or row.pk not in released)
        ]

    def ordering(self, offices: Collection[str]) -> OrderQuerySet:
        """Keep the orders of these offices that an alert be issued."""
        return self.filter(kind=Order.Kind.ALERT, office__in=offices)


def _told(rows: Collection[Order]) -> tuple[set[UUID | None], set[UUID | None]]:
    """Return which orders the log calls released, and which it calls holds (one query, none without rows)."""
    if not rows:
        return set(), set()
    entries = audit.told_of(("order.recorded", "order.released"), [row.pk for row in rows])
    released = {entry.subject for entry in entries if entry.action == "order.released"}
    return released, {
        entry.subject
        for entry in entries
        if entry.action == "order.recorded" and entry.reason.startswith(f"{Order.Kind.HOLD}:")
    }


class Order(models.Model):
    """Hold one order; number, name and words are sealed with the case's key. Changed by its release alone."""

    class Kind(models.TextChoices):
        ALERT = "alert", _("Order to issue an alert")
        HOLD = "hold", _("Order to stop, and to issue nothing")

    class Office(models.TextChoices):
        PROSECUTOR = "prosecutor", _("Public prosecutor")
        JUDGE = "judge", _("Judge")

    class How(models.TextChoices):
        SCAN = "scan", _("On paper: a scan or photograph of it")
        PHONE = "phone", _("By telephone: the minute of the call")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="orders", verbose_name=_("case"))
    kind = models.CharField(max_length=8, choices=Kind, verbose_name=_("kind"))
    office = models.CharField(max_length=12, choices=Office, verbose_name=_("office"))
    how = models.CharField(max_length=8, choices=How, verbose_name=_("how it came"))
    number = EncryptedTextField(owner="case_id", name="order_number", null=True)
    magistrate = EncryptedTextField(owner="case_id", name="order_magistrate", null=True)
    words = EncryptedTextField(owner="case_id", name="order_words", null=True)  # the minute of a call
    original_key = models.CharField(max_length=120, blank=True)  # of the vault: the file as it came
    clean_key = models.CharField(max_length=120, blank=True)  # and the copy that is shown
    original_sha256 = models.CharField(max_length=64, blank=True)
    given_at = models.DateTimeField(verbose_name=_("given at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    at = models.DateTimeField(verbose_name=_("recorded at"))
    release_words = EncryptedTextField(owner="case_id", name="order_release_words", null=True)
    released_at = models.DateTimeField(null=True, verbose_name=_("released at"))

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [("release_hold", "Can release a hold that another officer asked to end")]
        constraints = [
            models.CheckConstraint(
                name="order_shows_its_paper_or_words",
                condition=(Q(how="scan") & ~Q(original_key="")) | Q(how="phone", original_key=""),
            ),
            models.CheckConstraint(
                name="order_only_holds_are_released", condition=Q(kind="hold") | Q(released_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_holding(self) -> bool:
        """Say whether nothing may be issued under it (two queries)."""
        return bool(Order.objects.filter(pk=self.pk).holding())

    def scan(self) -> bytes | None:
        """Return the clean JPEG of the paper (a file read, a key lookup); None where nothing can be read."""
        return vault.find(self.case_id, self.clean_key) if self.clean_key else None
