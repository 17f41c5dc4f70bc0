"""The door for emergencies: a reference, a ground and words, a fresh factor; then the case, for an hour."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from trust import break_glass
from trust.desk import ReadOnlyAdmin, officer_of
from trust.models import Glass
from trust.scope import BREAK
from trust.secondfactor import factor_at, fresh_factor_required

REFUSALS = {
    "not_found": _("No case has this reference. Check it sign by sign."),
    "too_many": _("Too many tries within an hour. Call the unit."),
    "no_right": _("You may not do this any more."),
    "no_factor": _("Your second factor was used too long ago. Use it again."),
}


class GlassForm(forms.Form):
    reference = forms.CharField(label=_("Reference of the case"), max_length=16)
    ground = forms.ChoiceField(label=_("Why now?"), choices=[("", "—"), *Glass.Ground.choices])
    words = forms.CharField(
        label=_("In your words"),
        max_length=break_glass.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What happened, and what you need to read. An auditor reads this."),
    )


@admin.register(Glass)
class GlassAdmin(ReadOnlyAdmin):
    """Auditors see what was opened in their agency, others their own; words stand with the flag alone."""

    list_display = ("officer", "unit", "ground", "opened_at", "until")
    list_select_related = ("officer", "unit")
    list_display_links = None
    ordering = ("-opened_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Glass]:
        return Glass.objects.shown_to(officer_of(request)).defer("words")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return officer_of(request).has_perm(BREAK) and break_glass.may_break(officer_of(request))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404

    @method_decorator(sensitive_post_parameters())
    @method_decorator(fresh_factor_required)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = GlassForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            told, officer = form.cleaned_data, officer_of(request)
            try:
                found = break_glass.break_glass(
                    officer, told["reference"], told["ground"], told["words"], factor_at=factor_at(request)
                )
            except break_glass.GlassRefused as refusal:
                messages.error(request, str(REFUSALS.get(refusal.code, _("This is not possible now."))))
            else:
                if not found.is_ones_own:
                    messages.warning(request, gettext("Open to read. Those who hold the case were called."))
                return redirect(found.url)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Open a case that is not yours"),
            "form": form,
            "minutes": settings.GLASS_OPEN_S // 60,
        }
        return TemplateResponse(request, "admin/trust/glass.html", context)
