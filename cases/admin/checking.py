"""Places to check: giving one out, and ticking it off with what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from cases import checking
from cases.admin.doors import REFUSALS, CaseDoors
from cases.admin.verification import closing_url, may_close
from cases.checking import Found, Where
from cases.forms.words import WordsField
from cases.models import Case, Place, PlaceCheck, Sighting
from cases.sheet import seen
from cases.sheet.words import RESTRICTED
from trust import duty, formfields
from trust.desk import officer_of
from trust.models import Officer

PLACES = "#places"

REFUSALS.update(
    {
        "unknown_check": _("Say what came of it: press one of the buttons."),
        "not_a_place": _("This place does not belong to the case."),
    }
)


class FoundForm(forms.Form):
    """Ask what came of a check; the result is the button."""

    how = forms.ChoiceField(choices=PlaceCheck.How.choices, initial=PlaceCheck.How.VISITED)
    result = forms.ChoiceField(choices=PlaceCheck.Result.choices)
    thoroughness = forms.ChoiceField(choices=[("", "—"), *PlaceCheck.Thoroughness.choices], required=False)
    minutes = formfields.IntegerField(min_value=0, max_value=checking.MAX_MINUTES, required=False)
    words = WordsField(required=False, max_length=checking.MAX_WORDS)

    def found(self) -> Found:
        """Return what was told; only after is_valid()."""
        return Found(**self.cleaned_data)


class AskForm(forms.Form):
    """Ask who goes or calls: an officer, or somebody in words whom the officer asked."""

    how = forms.ChoiceField(label=_("How?"), choices=PlaceCheck.How.choices, initial=PlaceCheck.How.VISITED)
    to = forms.ModelChoiceField[Officer](
        label=_("Which officer?"), queryset=Officer.objects.none(), required=False, empty_label=_("I myself")
    )
    words = WordsField(
        label=_("Or who else?"),
        help_text=_("A patrol, a neighbour, the school: you then owe the answer."),
        required=False,
        max_length=200,
    )
    minutes = formfields.IntegerField(
        label=_("Within how many minutes?"), min_value=1, max_value=checking.MAX_MINUTES, required=False
    )

    def __init__(self, case: Case, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["to"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = colleagues(case)


def colleagues(case: Case) -> QuerySet[Officer]:
    """Return who may hold the case by the unit: those who can be given a place."""
    return duty.able(duty.HOLD).filter(unit=case.unit).order_by("display_name")


class CheckingViews(CaseDoors):
    def get_urls(self) -> list[URLPattern]:
        views = {"check": self.check_view, "checked": self.checked_view}
        own = [
            path(f"<uuid:pk>/{name}/", self.admin_site.admin_view(view), name=f"cases_case_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def check_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Give a place to somebody: one button for oneself, a form for anybody else."""
        case, officer = self._case(request, pk), officer_of(request)
        key = request.POST.get("place", "") or request.GET.get("place", "")
        place = self._place(case, key)
        form = AskForm(case, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            done = _("Given out. Say what came of it on the page of the case.")
            return self.perform(
                request,
                case,
                lambda: checking.ask(
                    case, officer, place, told["how"], to=told["to"], words=told["words"],
                    within_minutes=told["minutes"],
                ),
                done,
                anchor=PLACES,
            )  # fmt: skip
        kind = seen.place_kind(checking.kind_of(place))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Who checks this place?"),
            "case": case,
            "form": form,
            "key": key,
            "kind": kind,
            "words": place.words if place else "",
        }
        return TemplateResponse(request, "admin/cases/case/check.html", context)

    @method_decorator(sensitive_post_parameters())
    @method_decorator(require_POST)
    def checked_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Keep what came of a check; where the child is there, go on to how the case ended."""
        case, officer = self._case(request, pk), officer_of(request)
        key = request.POST.get("place", "")
        place, form = self._place(case, key), FoundForm(request.POST)
        if not form.is_valid():
            return self.page_with(request, case, found_form=form, found_key=key)
        found = form.found()
        answer = self.perform(
            request,
            case,
            lambda: checking.answer(case, officer, place, found),
            _("Kept with your name and the hour."),
            anchor=PLACES,
        )
        is_found = found.result == PlaceCheck.Result.CHILD_FOUND
        return redirect(closing_url(case)) if is_found and may_close(case, officer) else answer

    def _case(self, request: HttpRequest, pk: UUID) -> Case:
        case = self.case_for(request, pk, checking.RIGHT)
        if not officer_of(request).has_perm(RESTRICTED):  # the places themselves are restricted
            raise PermissionDenied
        return case

    def _place(self, case: Case, key: str) -> Where:
        """Return the named place or the sighting, None for the home; 404 for one of another case."""
        if key == checking.HOME:
            return None
        mine = [case.pk, *(one.pk for one in case.joined)]
        try:
            found = Place.objects.filter(pk=UUID(key), case__in=mine).first()
        except ValueError:
            raise Http404 from None
        return found or get_object_or_404(Sighting.objects.standing(), pk=key, case__in=mine)
