"""The register of relays at the police desk: nothing is deleted, each change is in the log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alerts.models import Relay
from trust import clock, formfields, keys
from trust.desk import officer_of
from trust.register_admin import RegisterAdmin
from trust.roles import Role

WHOLE = _("The whole country, or the circle below")


class RelayForm(forms.ModelForm[Relay]):
    """Ask who it is, what it covers, in which languages, and whom to reach at any hour."""

    region = forms.ChoiceField(label=_("Region"), required=False)
    lat = formfields.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    lon = formfields.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    radius_km = formfields.FloatField(
        label=_("Radius in km"), min_value=1, max_value=2000, required=False,
        help_text=_("Only where it covers a circle and no region: all three, or none."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        help_text=_("The sheet is written in the first one; the others are one tap away."),
        widget=forms.CheckboxSelectMultiple,
    )
    duty_email = forms.EmailField(label=_("E-mail of the duty desk"), required=False, max_length=200)
    duty_phone = formfields.PhoneField(label=_("Phone of the duty desk, at any hour"), required=False)

    class Meta:
        model = Relay
        fields = ("agency", "name", "kind", "region", "lat", "lon", "radius_km", "languages", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = (get_language() or "en").split("-")[0]
        regions = [(one.code, one.label(spoken)) for one in settings.COUNTRY.outlines.regions]
        self._choose("region", [("", WHOLE), *regions])
        self._choose("languages", list(settings.LANGUAGES))
        if not self.instance._state.adding:
            self.initial.update(duty_email=self.instance.email or "", duty_phone=self.instance.phone or "")

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        circle = [told.get(name) is not None for name in ("lat", "lon", "radius_km")]
        if any(circle) and (not all(circle) or told.get("region")):
            self.add_error("radius_km", _("Give the whole circle and no region, or no circle at all."))
        if not told.get("duty_email") and not told.get("duty_phone"):
            self.add_error("duty_phone", _("Give an e-mail address or a phone: somebody must be reached."))
        return told

    def save(self, commit: bool = True) -> Relay:  # noqa: FBT001, FBT002  Django's signature
        self.instance.email = self.cleaned_data["duty_email"] or None
        self.instance.phone = self.cleaned_data["duty_phone"] or None
        return super().save(commit)


@admin.register(Relay)
class RelayAdmin(RegisterAdmin):
    form = RelayForm
    audited = "relay.changed"
    fields = (
        "agency", "name", "kind", "duty_email", "duty_phone", "languages", "region", "lat", "lon",
        "radius_km", "is_active",
    )  # fmt: skip
    list_display = ("name", "kind", "area", "spoken", "agency", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("agency",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Relay]:
        return Relay.objects.for_officer(officer_of(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer a communicator the own agency alone."""
        officer = officer_of(request)
        if db_field.name == "agency" and Role.ADMINISTRATOR not in officer.roles:
            agencies = db_field.remote_field.model.objects
            kwargs["queryset"] = agencies.filter(pk=officer.unit.agency_id if officer.unit else None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Relay, form: Any, change: Any) -> None:
        if not change:
            obj.created_at = clock.now()
            keys.create(obj.pk, "relay")
        super().save_model(request, obj, form, change)

    @admin.display(description=_("area"))
    def area(self, relay: Relay) -> str:
        region = settings.COUNTRY.outlines.get(relay.region) if relay.region else None
        if region is not None:
            return region.label((get_language() or "en").split("-")[0])
        if relay.radius_km is not None:
            return str(_("%(km)s km around a point") % {"km": f"{relay.radius_km:g}"})
        return str(_("The whole country"))

    @admin.display(description=_("languages"))
    def spoken(self, relay: Relay) -> str:
        names = dict(settings.LANGUAGES)
        return " · ".join(str(names.get(code, code)) for code in relay.languages)
