import uuid
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.names import in_language


class Agency(models.Model):
    """A police force or gendarmerie; its time zone is the one shown with every hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), unique=True)
    names = models.JSONField(_("names"), default=dict)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    class Meta:
        ordering = ["code"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return in_language(self.names) or self.code

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
