"""How far people come in the form, counted without them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepCount(models.Model):
    """Count how often a screen of the form was shown and left with an answer, a day and a language."""

    day = models.DateField(_("day"))
    screen = models.CharField(_("screen"), max_length=16)
    language = models.CharField(_("language"), max_length=8)
    shown = models.PositiveIntegerField(_("shown"), default=0)
    answered = models.PositiveIntegerField(_("answered"), default=0)

    class Meta:
        verbose_name = _("screen of the form")
        verbose_name_plural = _("screens of the form")
        ordering = ["-day", "screen", "language"]
        constraints = [models.UniqueConstraint(fields=["day", "screen", "language"], name="step_count_once")]
