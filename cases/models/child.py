"""A missing child of a case."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from trust.fields import EncryptedTextField

if TYPE_CHECKING:
    from cases.models.photo import Photo


ADOPTED_FROM = 100  # positions from here on are of children that only a joined report named


class Child(models.Model):
    """Hold who is missing; names and birth date are sealed with the case's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="children")
    position = models.PositiveSmallIntegerField(default=0)
    given_name = EncryptedTextField(owner="case_id", name="given_name", null=True)
    family_name = EncryptedTextField(owner="case_id", name="family_name", null=True)
    name_latin = EncryptedTextField(owner="case_id", name="name_latin", null=True)
    name_arabic = EncryptedTextField(owner="case_id", name="name_arabic", null=True)
    birth_date_iso = EncryptedTextField(owner="case_id", name="birth_date", null=True)
    age_years = models.PositiveSmallIntegerField(_("age in years"), null=True)
    age_months = models.PositiveSmallIntegerField(_("age in months"), null=True)  # of a baby, as it was said
    age_given_at = models.DateTimeField(null=True)
    sex = models.CharField(_("sex"), max_length=8, blank=True, default="")
    # In a joined report: the same child in the case it was joined to, whose consents are asked.
    same_as = models.ForeignKey("self", models.PROTECT, related_name="also", null=True)

    class Meta:
        verbose_name = _("child")
        verbose_name_plural = _("children")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["case", "position"], name="child_position")]

    @property
    def is_adopted(self) -> bool:
        """Say whether only a joined report knows the child: the family of this one may not read of it."""
        return self.position >= ADOPTED_FROM

    @property
    def counted(self) -> Child:
        """Return the child that consents are counted for: this one, or the same one of the case worked on."""
        return self.same_as.counted if self.same_as else self

    @property
    def birth_date(self) -> date | None:
        text = self.birth_date_iso
        return date.fromisoformat(text) if text else None

    @birth_date.setter
    def birth_date(self, value: date | None) -> None:
        self.birth_date_iso = value.isoformat() if value else ""

    def age_at(self, at: datetime | date) -> int | None:
        """Return whole years at that day: from the birth date, else as it was said."""
        born = self.birth_date
        if born is None:
            return self.age_years if self.age_months is None else self.age_months // 12
        return at.year - born.year - ((at.month, at.day) < (born.month, born.day))

    def months_at(self, at: datetime | date) -> int | None:
        """Return whole months at that day, where they are known."""
        born = self.birth_date
        if born is None:
            return self.age_months
        return (at.year - born.year) * 12 + at.month - born.month - (at.day < born.day)

    def name(self, language: str) -> str:
        """Return the name in the script of the language where known, else as it was written."""
        other = self.name_arabic if language == "ar" else self.name_latin
        return other or f"{self.given_name or ''} {self.family_name or ''}".strip()

    @property
    def facts(self) -> dict[str, list[dict[str, Any]]]:
        """Return every entry by field name, newest last (one query unless prefetched as `sheets`)."""
        found: dict[str, list[dict[str, Any]]] = {}
        for sheet in self.sheets.all():
            found.update(sheet.entries or {})
        return found

    def value(self, field: str, default: Any = None) -> Any:
        """Return the newest value of a field of the documents (see cases.fields)."""
        entries = self.facts.get(field)
        return entries[-1]["value"] if entries else default

    @property
    def photo(self) -> Photo | None:
        return self.photos.first()


class NameToken(models.Model):
    """Hold a keyed digest of one normalised word of a name, or of a phone: search needs no clear text."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="name_tokens")
    child = models.ForeignKey(Child, models.CASCADE, related_name="name_tokens", null=True)
    kind = models.CharField(max_length=8)  # word, sound, phone
    token = models.CharField(max_length=64, db_index=True)
