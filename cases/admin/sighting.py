"""A sighting typed into a case by hand, and one taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from cases import sightings
from cases.admin.doors import REFUSALS, CaseDoors
from cases.admin.filing_forms import SaidAtPart
from cases.forms.words import WordsField
from cases.models import Case, Sighting
from cases.reported import ReportedPlace
from cases.sheet.words import RESTRICTED
from cases.sightings import Seen
from cases.whereabouts import resolve_quietly
from geo.points import Point
from trust import clock, formfields
from trust.desk import officer_of

SIGHTINGS = "#sightings"
METRES = 200  # of a point that somebody typed or pasted

REFUSALS.update(
    {
        "no_permission": _("You may not do this on this case."),
        "no_place": _("Say where: a few words, or a point."),
        "unknown_sighting": _("Choose one of the answers that are offered."),
        "wrong_hour": _("This hour is in the future, or long before the child was missed. Check it."),
        "not_of_case": _("This child does not belong to the case."),
    }
)


class SightingForm(SaidAtPart):
    """Ask where, when, how surely and by what means the child was seen."""

    words = WordsField(label=_("Where was the child seen?"), max_length=300, required=False)
    point = formfields.CharField(
        label=_("Point on the map, if known"),
        help_text=_("Latitude and longitude, as 33.9950, -6.8500."),
        max_length=60,
        required=False,
    )
    seen_error_min = formfields.IntegerField(
        label=_("Give or take how many minutes?"), min_value=0, max_value=24 * 60, required=False
    )
    certainty = forms.ChoiceField(
        label=_("How sure is it?"), choices=Sighting.Certainty.choices, initial=Sighting.Certainty.LIKELY
    )
    source_class = forms.ChoiceField(
        label=_("Seen by whom or by what?"),
        choices=Sighting.SourceClass.choices,
        initial=Sighting.SourceClass.WITNESS,
    )
    note = WordsField(label=_("Note"), max_length=sightings.MAX_WORDS, required=False)
    field_order = (
        "words", "point", "said_date", "said_time", "seen_error_min", "certainty", "source_class", "note",
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["said_date"].label, self.fields["said_time"].label = _("Day"), _("Hour")
        for name in ("said_date", "said_time"):
            self.fields[name].required = True

    def clean_point(self) -> Point | None:
        text: str = self.cleaned_data["point"].replace("،", ",").replace(";", ",").strip()
        if not text:
            return None
        try:
            lat, lon = (float(part) for part in (text.split(",") if "," in text else text.split()))
        except ValueError:
            raise forms.ValidationError(_("Write two numbers: latitude, longitude.")) from None
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            raise forms.ValidationError(_("Write two numbers: latitude, longitude."))
        return Point(lat, lon)

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if not told.get("words") and not told.get("point") and "point" not in self.errors:
            self.add_error("words", REFUSALS["no_place"])
        return told

    def seen(self) -> Seen:
        """Return what was told; only after is_valid()."""
        told = self.cleaned_data
        words, point = told["words"], told["point"]
        place = resolve_quietly(words, settings.COUNTRY.gazetteer) if point is None else None
        return Seen(
            place or ReportedPlace(words, point=point, error_m=METRES, source="tapped"),
            self.said_at or clock.now(),
            told["certainty"],
            told["source_class"],
            seen_error_min=told["seen_error_min"],
            note=told["note"],
        )


class SightingViews(CaseDoors):
    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        own = [
            path("<uuid:pk>/sighting/", site.admin_view(self.sight_view), name="cases_case_sight"),
            path(
                "<uuid:pk>/sighting/<uuid:sighting_pk>/",
                site.admin_view(self.unsight_view),
                name="cases_case_unsight",
            ),
        ]
        return [*own, *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def sight_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Add a sighting by hand: a call, a camera, an officer's own eyes."""
        case, officer = self._sighted(request, pk), officer_of(request)
        form = SightingForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            seen = form.seen()
            done = _("Kept. It stands among the places to check.")
            return self.perform(
                request, case, lambda: sightings.add(case, officer, seen), done, anchor=SIGHTINGS
            )
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("The child was seen"),
            "case": case,
            "form": form,
        }
        return TemplateResponse(request, "admin/cases/case/sight.html", context)

    @method_decorator(sensitive_post_parameters())
    @method_decorator(require_POST)
    def unsight_view(self, request: HttpRequest, pk: UUID, sighting_pk: UUID) -> HttpResponse:
        """Take a sighting back: the places stand as before it."""
        case, officer = self._sighted(request, pk), officer_of(request)
        mine = [case.pk, *(one.pk for one in case.joined)]
        row = get_object_or_404(Sighting.objects.select_related("case"), pk=sighting_pk, case__in=mine)
        why, words = request.POST.get("why", ""), request.POST.get("words", "")
        return self.perform(
            request,
            case,
            lambda: sightings.withdraw(row, officer, why, words),
            _("Taken back. The order of the places is what it was without it."),
            anchor=SIGHTINGS,
        )

    def _sighted(self, request: HttpRequest, pk: UUID) -> Case:
        case = self.case_for(request, pk, sightings.RIGHT)
        if not officer_of(request).has_perm(RESTRICTED):
            raise PermissionDenied
        return case
