"""A partner that takes CAP documents: a radio, a press agency, a railway, a cell broadcast centre."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

KEY = RegexValidator(r"\A[a-z0-9][a-z0-9-]{0,39}\Z", _("Small letters, digits and hyphens."))


class Partner(models.Model):
    """Hold what a partner takes. Its address and secrets are in the settings, under `key`: never here.

    `regions` are codes of the country's outlines; none means the whole country.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(
        max_length=40,
        unique=True,
        validators=[KEY],
        verbose_name=_("name in the settings"),
        help_text=_("As in CAP_PARTNERS, where its address and its secrets stand."),
    )
    name = models.CharField(max_length=120, verbose_name=_("name"))
    phone = models.CharField(
        max_length=32,
        blank=True,
        verbose_name=_("number of its duty desk"),
        help_text=_("Called when it refuses a document or does not answer."),
    )
    regions = models.JSONField(default=list, blank=True, verbose_name=_("regions"))
    takes_alerts = models.BooleanField(default=True, verbose_name=_("takes new alerts"))
    takes_updates = models.BooleanField(
        default=True,
        verbose_name=_("takes updates"),
        help_text=_("The end of an alert goes to every partner that may have got the alert."),
    )
    takes_exercises = models.BooleanField(
        default=False,
        verbose_name=_("takes part in exercises"),
        help_text=_("An exercise goes to the simulated partner alone, never to the real one."),
    )
    answer_within_m = models.PositiveSmallIntegerField(
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        verbose_name=_("minutes to answer"),
        help_text=_("Without an acknowledgement by then, the case’s owner is called."),
    )
    is_active = models.BooleanField(default=True, verbose_name=_("active"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("CAP partner")
        verbose_name_plural = _("CAP partners")

    def __str__(self) -> str:
        return self.name

    def covers(self, regions: set[str]) -> bool:
        """Say whether an alert that touches these regions concerns the partner."""
        return not self.regions or bool(regions & set(self.regions))
