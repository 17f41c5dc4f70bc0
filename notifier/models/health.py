from django.db import models
from django.utils.translation import gettext_lazy as _


class AliasHealth(models.Model):
    """What the last look at a gateway found: `problems` are [kind, code, serious], as check() gave them."""

    class State(models.TextChoices):
        WELL = "well", _("Well")
        WATCHED = "watched", _("Something to look at")
        ILL = "ill", _("In trouble")

    alias = models.CharField(max_length=32, primary_key=True, verbose_name=_("gateway"))
    channel = models.CharField(max_length=32, verbose_name=_("channel"))
    state = models.CharField(max_length=8, choices=State, default=State.WELL, verbose_name=_("state"))
    since = models.DateTimeField(verbose_name=_("since"))
    checked_at = models.DateTimeField(verbose_name=_("last looked at"))
    problems = models.JSONField(default=list)

    class Meta:
        verbose_name = _("gateway")
        verbose_name_plural = _("gateways")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("well", "watched", "ill")), name="alias_health_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.alias} · {self.get_state_display()}"
