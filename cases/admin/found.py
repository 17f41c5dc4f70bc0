"""Found children whom nobody has reported: the list, the form, the page of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from cases.admin.filing_forms import submission, token
from cases.admin.filing_post import picture
from cases.admin.found_forms import FoundCloseForm, FoundForm, FoundReopenForm
from cases.admin.found_matches import MatchViews, case_panel, found_url, lines_of
from cases.desk import PANELS
from cases.found import deciding, filing, sheet
from cases.models import FoundChild, FoundMatch, MoveRefused
from cases.sheet.sources import Reader
from cases.sheet.words import RESTRICTED
from cases.upload import CappedUpload
from trust import audit, clock, desk
from trust.desk import officer_of

audit.declare({"found.list_read": "an officer opened the list of found children"})
desk.TASK_SUBJECTS["found"] = "admin:cases_foundchild_change"
PANELS.insert(0, case_panel)  # a child who may be found comes first


class FoundList(ChangeList):
    """Ask the clock once a page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        children, now = list(self.result_list), clock.now()
        for found in children:
            found.waited = desk.age(found.found_at, now)
        self.result_list = children


@admin.register(FoundChild)
class FoundChildAdmin(MatchViews):
    list_display = ("reference", "since", "guess", "sex_word", "state", "waiting", "unit_name")
    list_filter = ("state",)
    list_select_related = ("unit",)
    list_per_page = 50
    search_fields = ("reference",)
    search_help_text = _("The reference of a found child, whole or its beginning")
    ordering = ("-filed_at",)

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "add": ("add/", self.file_view),
            "match": ("match/<uuid:match_pk>/", self.match_view),
            "tell": ("<uuid:pk>/tell/", self.tell_view),
            "photo": ("<uuid:pk>/photo/", self.photo_view),
            "close": ("<uuid:pk>/close/", self.close_view),
            "reopen": ("<uuid:pk>/reopen/", self.reopen_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"cases_foundchild_{name}")
            for name, (route, view) in views.items()
        ]
        return [*own, *super().get_urls()]

    # ---- the list

    def get_queryset(self, request: HttpRequest) -> QuerySet[FoundChild]:
        waits = Q(matches__verdict=FoundMatch.Verdict.OPEN)
        return FoundChild.objects.for_officer(request.user).annotate(waits=Count("matches", filter=waits))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FoundList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Look for references alone: what is searched for stands in the address, where no name may stand."""
        term = search_term.strip().upper()
        return (queryset.filter(reference__startswith=term) if term else queryset), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.has_view_permission(request):
            audit.record("found.list_read", None, actor=officer_of(request))
        context = {"may_file": request.user.has_perm("cases.add_foundchild"), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description=_("found since"), ordering="found_at")
    def since(self, found: Any) -> str:
        return str(found.waited)

    @admin.display(description=_("age"))
    def guess(self, found: FoundChild) -> str:
        return sheet.age(found) or "—"

    @admin.display(description=_("sex"))
    def sex_word(self, found: FoundChild) -> str:
        return sheet.sex(found) or "—"

    @admin.display(description=_("reports alike"))
    def waiting(self, found: Any) -> str:
        return str(found.waits) if found.is_open and found.waits else "—"

    @admin.display(description=_("unit"), ordering="unit__code")
    def unit_name(self, found: FoundChild) -> str:
        return str(found.unit)

    # ---- the form

    @method_decorator(
        csrf_exempt
    )  # exempt, then protected within: uploads are capped before the form is read
    def file_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("cases.add_foundchild") or officer_of(request).unit_id is None:
            raise PermissionDenied
        if request.method == "POST":
            request.upload_handlers = [CappedUpload(request)]
        return self._form(request, None)

    @method_decorator(csrf_exempt)
    def tell_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        found = self.found_for(request, pk, "cases.change_foundchild")
        if not request.user.has_perm(RESTRICTED):
            raise PermissionDenied  # the form shows all that is known, and would blank what it hides
        if not found.is_open:
            raise Http404
        audit.viewed(officer_of(request), found, "found child")
        if request.method == "POST":
            request.upload_handlers = [CappedUpload(request)]
        return self._form(request, found)

    @method_decorator([never_cache, csrf_protect, sensitive_post_parameters()])
    @sensitive_variables()
    def _form(self, request: HttpRequest, found: FoundChild | None) -> HttpResponse:
        officer = officer_of(request)
        if request.method != "POST":
            return self._form_page(request, FoundForm(found=found), token())
        form = FoundForm(request.POST, request.FILES, found=found)
        marked, value = submission(request.POST.get("submission", ""))
        if not form.is_valid():
            return self._form_page(request, form, marked, status=422)
        try:
            if found is None:
                found = filing.file(form.told(), officer, value)
            else:
                filing.tell(found, form.told(), officer)
        except MoveRefused as refused:
            self.say_no(request, refused)
            return redirect(found_url(found) if found else "admin:cases_foundchild_changelist")
        self.say(request, _("Saved, and compared with every open report of the country."))
        return redirect(found_url(found))

    def _form_page(
        self, request: HttpRequest, form: FoundForm, marked: str, *, status: int = 200
    ) -> HttpResponse:
        photo: Any = form.fields["photo"]
        title = gettext("Found child %(reference)s") % {"reference": form.found} if form.found else None
        context = {
            **self.admin_site.each_context(request),
            "title": title or gettext("A found child whom nobody has reported"),
            "form": form,
            "found": form.found,
            "submission": marked,
            "photo_again": form.is_bound and bool(photo.good),
        }
        return TemplateResponse(request, "admin/cases/found/file.html", context, status=status)

    # ---- the page

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            key = UUID(object_id)
        except ValueError:
            raise Http404 from None
        found, officer = self.found_for(request, key, "cases.view_foundchild"), officer_of(request)
        audit.viewed(officer, found, "found child")
        reader, may_change = Reader(officer, desk.zone_of(officer), clock.now()), self._may_change(officer)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Found child %(reference)s") % {"reference": found.reference},
            "found": found,
            "lines": sheet.lines(found, reader),
            "matches": lines_of(found, officer),
            "zone": reader.zone.key,
            "may_tell": found.is_open and may_change and officer.has_perm(RESTRICTED),
            "close_form": FoundCloseForm() if found.is_open and may_change else None,
            "reopen_form": FoundReopenForm() if found.state in ("known", "closed") and may_change else None,
            "case_unit": found.case.unit if found.case else None,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/cases/found/page.html", context)

    def photo_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        found = self.found_for(request, pk, "cases.view_foundchild")
        audit.viewed(officer_of(request), found, "photo of a found child")
        return picture(found.clean_bytes())

    @method_decorator(require_POST)
    def close_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        found = self.found_for(request, pk, "cases.change_foundchild")
        form = FoundCloseForm(request.POST)
        if not form.is_valid():
            return self._say_why(request, found)
        told, officer = form.cleaned_data, officer_of(request)
        return self.perform_on(
            request, found, lambda: deciding.close(found, officer, told["why"], told["words"]), _("Closed.")
        )

    @method_decorator(require_POST)
    def reopen_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        found = self.found_for(request, pk, "cases.change_foundchild")
        form = FoundReopenForm(request.POST)
        if not form.is_valid():
            return self._say_why(request, found)
        done, words = _("The child is looked for in reports again."), form.cleaned_data["words"]
        return self.perform_on(
            request, found, lambda: deciding.reopen(found, officer_of(request), words), done
        )

    def _say_why(self, request: HttpRequest, found: FoundChild) -> HttpResponse:
        self.say_no(request, MoveRefused("no_words"))
        return redirect(found_url(found))

    def _may_change(self, officer: Any) -> bool:
        return bool(officer.has_perm("cases.change_foundchild"))
