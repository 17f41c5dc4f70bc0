import uuid
from zoneinfo import ZoneInfo

from django.db import models

from trust.names import in_language


class Agency(models.Model):
    """A police force or gendarmerie; its time zone is the one shown with every hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(unique=True)
    names = models.JSONField(default=dict)
    phone = models.CharField(max_length=32, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return in_language(self.names) or self.code

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
