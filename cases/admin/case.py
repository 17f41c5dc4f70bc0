"""Cases at the desk: the list, the page of one, and the addresses of what can be done there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from cases.admin.acts import CaseActs
from cases.admin.checking import CheckingViews
from cases.admin.files import FileViews
from cases.admin.filing import FilingViews
from cases.admin.listing import CaseListing
from cases.admin.owning import OwningViews
from cases.admin.page import page
from cases.admin.sighting import SightingViews
from cases.admin.twins import TwinViews
from cases.admin.verification import VerificationViews
from cases.models import Case
from cases.sheet.words import RESTRICTED
from notifier.admin import KEY_OWNERS
from trust import audit
from trust.desk import officer_of

KEY_OWNERS.append(lambda officer: Case.objects.for_officer(officer).values("pk"))


@admin.register(Case)
class CaseAdmin(
    CaseListing, CaseActs, VerificationViews, CheckingViews, SightingViews, TwinViews, FilingViews, FileViews,
    OwningViews,
):  # fmt: skip
    def get_urls(self) -> list[URLPattern]:
        views: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "file": ("file/", self.file_view),
            **{
                name: (f"<uuid:pk>/{name}/", view)
                for name, view in {
                    "accept": self.accept_view,
                    "open": self.open_view,
                    "write": self.write_view,
                    "close": self.close_view,
                    "conflict": self.conflict_view,
                    "settle": self.settle_view,
                    "secret": self.secret_view,
                }.items()
            },
            "same": ("<uuid:pk>/same/<uuid:twin_pk>/", self.same_view),
            "different": ("<uuid:pk>/different/<uuid:twin_pk>/", self.different_view),
            "tell": ("<uuid:pk>/tell/<str:screen>/", self.tell_view),
            "tell_child": ("<uuid:pk>/tell/<str:screen>/<int:number>/", self.tell_view),
            "photo": ("<uuid:pk>/photo/<uuid:photo_pk>/", self.photo_view),
            "voice": ("<uuid:pk>/voice/<uuid:voice_pk>/", self.voice_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"cases_case_{name}")
            for name, (route, view) in views.items()
        ]
        return [*own, *super().get_urls()]

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
        officer = officer_of(request)
        try:
            case = self.case_to_read(request, key)
        except Http404:
            return self.beyond(request, key)
        audit.viewed(officer, case, "case page")
        if officer.has_perm(RESTRICTED):
            audit.viewed(officer, case, "restricted fields")
        return self._page_of(request, case, {}, **(extra_context or {}))

    def page_with(self, request: HttpRequest, case: Case, **forms: Any) -> HttpResponse:
        return self._page_of(request, case, forms, status=422)

    def _page_of(
        self, request: HttpRequest, case: Case, forms: dict[str, Any], *, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), **page(case, officer_of(request), forms), **more}
        return TemplateResponse(request, "admin/cases/case/page.html", context, status=status)
