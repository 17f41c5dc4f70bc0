import uuid

from django.conf import settings
from django.db import models

from trust.models.agency import Agency
from trust.names import in_language


class Unit(models.Model):
    """A station or brigade; whoever is named as duty officer is paged first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    code = models.SlugField()
    names = models.JSONField(default=dict)
    phone = models.CharField(max_length=32, blank=True)
    duty_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="on_duty_at"
    )

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="trust_unit_code_in_agency")]

    def __str__(self) -> str:
        return in_language(self.names) or self.code
