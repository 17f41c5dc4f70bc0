"""Where I am signed in: every officer sees the own sessions, and ends the others."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from trust import sessions
from trust.desk import ReadOnlyAdmin, officer_of
from trust.models import SignIn


@admin.register(SignIn)
class SignInAdmin(ReadOnlyAdmin):
    list_display = ("where", "began_at", "seen_at")
    list_display_links = None
    change_list_template = "admin/trust/sign_ins.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.end_others_view)
        return [path("end-others/", view, name="trust_signin_end_others"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignIn]:
        return SignIn.objects.filter(officer=officer_of(request))

    @admin.display(description=_("device"))
    def where(self, row: SignIn) -> str:
        return row.device or gettext("an unknown device")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404

    @method_decorator(require_POST)
    def end_others_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        count = sessions.end_others(request, officer_of(request))
        messages.success(request, gettext("Ended: %(count)s.") % {"count": count})
        return redirect("admin:trust_signin_changelist")
