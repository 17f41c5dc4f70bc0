"""The register of partners at the police desk: written by administrators, each change in the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alerts import cap_keys
from alerts.cap_signature import SignerError
from alerts.models import Partner
from alerts.partners.channel import CHANNEL
from notifier import registry
from notifier.backends.cap_partner import CapPartnerBackend
from notifier.exceptions import NotifierError
from trust.register_admin import RegisterAdmin


class PartnerForm(forms.ModelForm[Partner]):
    """Offer the country's regions; none is the whole country."""

    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        help_text=_("It is told of alerts that touch one of them. None: the whole country."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Partner
        fields = (
            "name", "key", "phone", "regions", "takes_alerts", "takes_updates", "takes_exercises",
            "answer_within_m", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = (get_language() or "en").split("-")[0]
        field = self.fields["regions"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(region.code, region.label(spoken)) for region in settings.COUNTRY.outlines.regions]


@admin.register(Partner)
class PartnerAdmin(RegisterAdmin):
    form = PartnerForm
    audited = "partner.changed"
    change_list_template = "admin/alerts/partner_list.html"
    list_display = ("name", "key", "area", "has_address", "answer_within_m", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the name by which its open tasks and the settings know it."""
        return ("key",) if obj else ()

    @admin.display(description=_("area"))
    def area(self, partner: Partner) -> str:
        spoken = (get_language() or "en").split("-")[0]
        found = [settings.COUNTRY.outlines.get(code) for code in partner.regions]
        names = [region.label(spoken) for region in found if region is not None]
        return " · ".join(names) or str(_("The whole country"))

    @admin.display(description=_("has an address in the settings"), boolean=True)
    def has_address(self, partner: Partner) -> bool:
        return any(backend.knows(partner.key) for backend in _backends())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        told = {"signature": _signature(), **(extra_context or {})}
        return super().changelist_view(request, told)


def _backends() -> Iterator[CapPartnerBackend]:
    """Yield what speaks to partners now: for the public if sending is on, else the simulator's."""
    for alias in registry.aliases_for(CHANNEL):
        try:
            backend = registry.backend(alias, live=True)
        except NotifierError:
            continue
        if isinstance(backend, CapPartnerBackend):
            yield backend


def _signature() -> str:
    """Return the fingerprint of the certificate that documents are signed with now, "" where none is."""
    try:
        signer = cap_keys.signer()
    except SignerError:
        return ""
    return signer.fingerprint[:16] if signer else ""
