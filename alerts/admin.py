"""Alerts and their versions at the police desk: registers, and the way to the pages of each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from alerts import (
    after_views,
    drafting_views,
    emergency_views,
    hands_views,
    ledger_views,
    live_views,
    order_views,
    orders_panel,
    release_desk,
    release_views,
    version_views,
)
from alerts.desk import install
from alerts.emergency_desk import queues
from alerts.models import Alert, Order, Version
from alerts.partners import admin as partners_admin  # noqa: F401  it registers itself
from alerts.relays import admin as relays_admin  # noqa: F401  it registers itself
from alerts.statements import admin as statements_admin  # noqa: F401  it registers itself
from cases.models import Case
from trust import desk
from trust.desk import ReadOnlyAdmin

__all__ = ["AlertAdmin", "OrderAdmin", "VersionAdmin", "queues"]

install()
release_desk.install()
after_views.install()
orders_panel.install()


desk.TASK_SUBJECTS["alert"] = "admin:alerts_alert_change"
desk.TASK_SUBJECTS["post"] = "admin:alerts_alert_of_post"
desk.TASK_WORDS.update(
    {
        "signature_void": _("A signed alert was changed outside the desk: nothing was sent, find out why"),
        "emergency_ended": _(
            "Nobody signed an alert within its hour: propose it again, or decide not to alert"
        ),
        "consent_gone": _("A channel was left out because consent is gone: decide what to do"),
    }
)


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("code", "case", "kind", "state", "ended_as", "live_at", "ended_at")
    list_filter = ("state", "kind")
    list_select_related = ("case",)
    search_fields = ("code", "case__reference")
    search_help_text = _("An alert’s code or the reference of its case")
    paginator = desk.Latest

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        """Ask each alert for its case: joined, the archive would be walked from its cases and then sorted."""
        seen = Case.objects.for_officer(request.user).filter(pk=OuterRef("case"))
        return Alert.objects.filter(Exists(seen)).defer("end_reason")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("draft/<uuid:case_pk>/", wrap(drafting_views.draft), name="alerts_alert_draft"),
            path("decline/<uuid:case_pk>/", wrap(drafting_views.decline), name="alerts_alert_decline"),
            path("<uuid:pk>/update/", wrap(drafting_views.update), name="alerts_alert_update"),
            path("<uuid:pk>/stop/", wrap(live_views.stop), name="alerts_alert_stop"),
            *ledger_views.urls(wrap),
            *after_views.urls(wrap),
            *hands_views.urls(wrap),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return live_views.alert_page(request, desk.uuid_or_404(object_id))


# A version and its case are wide and sealed: a list that sorts thousands of them reads what it shows.
LISTED = (
    "number", "state", "created_at", "proposed_at", "alert__code", "alert__kind", "alert__case__reference",
    "proposed_by__display_name", "proposed_by__username", "signed_by__display_name", "signed_by__username",
)  # fmt: skip


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ("alert", "number", "kind", "state", "case", "proposed_by", "proposed_at", "signed_by")
    list_filter = ("state",)
    list_select_related = ("alert__case", "proposed_by", "signed_by")
    ordering = ("-created_at",)
    search_fields = ("alert__code", "alert__case__reference")
    paginator = desk.Latest

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        """Ask each version for its alert, as AlertAdmin asks for the case."""
        seen = Alert.objects.for_officer(request.user).filter(pk=OuterRef("alert"))
        return Version.objects.filter(Exists(seen)).only(*LISTED)

    @admin.display(description=_("case"))
    def case(self, version: Version) -> str:
        return version.alert.case.reference

    @admin.display(description=_("kind"))
    def kind(self, version: Version) -> str:
        return str(version.alert.get_kind_display())

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<uuid:pk>/revise/", wrap(drafting_views.revise), name="alerts_version_revise"),
            path("<uuid:pk>/propose/", wrap(version_views.propose), name="alerts_version_propose"),
            path("<uuid:pk>/sign/", wrap(version_views.sign), name="alerts_version_sign"),
            path("<uuid:pk>/return/", wrap(version_views.send_back), name="alerts_version_return"),
            path("<uuid:pk>/refuse/", wrap(version_views.refuse), name="alerts_version_refuse"),
            path("<uuid:pk>/photo/", wrap(version_views.photo), name="alerts_version_photo"),
            *release_views.urls(wrap),
            *emergency_views.urls(wrap),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return version_views.version_page(request, desk.uuid_or_404(object_id))


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ("case", "kind", "office", "how", "given_at", "recorded_by", "released_at")
    list_filter = ("kind", "office")
    list_select_related = ("case", "recorded_by")
    search_fields = ("case__reference",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return Order.objects.for_officer(request.user)

    def get_urls(self) -> list[URLPattern]:
        return [*order_views.urls(self.admin_site.admin_view), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return order_views.order_page(request, desk.uuid_or_404(object_id))
