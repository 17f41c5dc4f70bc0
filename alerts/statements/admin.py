"""The register of statements at the police desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from alerts.communique import views as communique_views
from alerts.models import Statement
from alerts.statements import views
from alerts.statements.permission import DRAFT
from trust import desk
from trust.desk import ReadOnlyAdmin

LISTED = (
    "code", "kind", "state", "created_at", "signed_at", "unit__names", "unit__code",
    "proposed_by__display_name", "proposed_by__username", "signed_by__display_name", "signed_by__username",
)  # fmt: skip


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    list_display = ("code", "kind", "state", "unit", "created_at", "proposed_by", "signed_by", "signed_at")
    list_filter = ("state", "kind")
    list_select_related = ("unit", "proposed_by", "signed_by")
    ordering = ("-created_at",)
    search_fields = ("=code",)
    paginator = desk.KeyFirst
    change_list_template = "admin/alerts/statement_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        return Statement.objects.for_officer(request.user).only(*LISTED)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [*views.urls(wrap), *communique_views.urls(wrap), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_draft = request.user.has_perm(DRAFT)
        return super().changelist_view(request, {"may_draft": may_draft, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return views.statement_page(request, desk.uuid_or_404(object_id))
