"""The police site: Django's admin with a second factor before it and case work on its home."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from trust import clock
from trust.desk import officer_of, tasks_queue


class PoliceSite(admin.AdminSite):
    site_header = _("Police desk")
    site_title = _("Police desk")
    index_title = _("Home")
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_login")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def get_urls(self) -> list[Any]:
        """Leave out Django's way from a row to its public page: no row has one, and odd keys broke it."""
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from alerts.admin import queues as alert_queues
        from cases.admin import queues as case_queues
        from notifier.desk import queues as gateway_queues
        from tips.admin import queues as tip_queues
        from trust.admin import queues as trust_queues
        from trust.roster_admin import gap_lines

        officer = officer_of(request)
        now = clock.now()
        queues = [*case_queues(officer), *alert_queues(officer), *tip_queues(officer), *trust_queues(officer)]
        queues += gateway_queues(officer, now)
        if officer.has_perm("trust.view_task"):
            queues.append(tasks_queue(officer, now))
        shown = {"queues": queues, "gaps": gap_lines(officer, now)}
        return super().index(request, {**shown, **(extra_context or {})})
