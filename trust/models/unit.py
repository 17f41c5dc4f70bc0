import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.models.agency import Agency
from trust.names import in_language


class Unit(models.Model):
    """A station or brigade; whoever is named as duty officer is paged first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="units", verbose_name=_("agency")
    )
    code = models.SlugField(_("code"))
    names = models.JSONField(_("names"), default=dict)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    duty_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="on_duty_at",
        verbose_name=_("duty officer"),
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="trust_unit_code_in_agency")]

    def __str__(self) -> str:
        return in_language(self.names) or self.code
