"""The police site: Django's admin with a second factor before it and case work on its home."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from trust import clock
from trust.desk import SHOWN, officer_of, tasks_queue
from trust.models import Officer
from trust.owed import Owed, owed

# What an officer looks for first stands first; what is not named follows.
APPS = ("cases", "alerts", "tips", "notifier", "trust")
REGISTERS = ("Case", "FoundChild", "Alert", "Version", "Order", "Tip", "Batch", "Post", "Task", "Shift")


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

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(REGISTERS, model["object_name"]))
        return sorted(apps, key=lambda app: _place(APPS, app["app_label"]))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        officer = officer_of(request)
        shown = _home(officer, clock.now())
        return super().index(request, {**shown, **(extra_context or {})})


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _home(officer: Officer, now: datetime) -> dict[str, Any]:
    """Return what waits for the officer, and the holes of the roster (twelve queries at most)."""
    from alerts import desk as alert_desk
    from alerts import emergency_desk
    from cases import desk as case_desk
    from notifier import desk as gateway_desk
    from tips.admin import queues as tip_queues
    from trust.admin import queues as trust_queues
    from trust.roster_admin import gap_lines

    sees_tasks = officer.has_perm("trust.view_task")
    owes = owed(officer, SHOWN) if sees_tasks else Owed((), {})
    sees_alerts = officer.has_perm("alerts.view_alert")
    hears = sees_alerts or officer.has_perm(emergency_desk.COUNTED)
    versions = alert_desk.open_versions(officer, now) if hears else []
    queues = [
        *case_desk.queues(officer, now, owes),
        *emergency_desk.queues(officer, now, owes, versions),
        *tip_queues(officer, now),
        *trust_queues(officer),
        *gateway_desk.queues(officer, now),
        *([tasks_queue(_else_owed(officer, owes), now)] if sees_tasks else []),
    ]
    return {
        "queues": queues,
        "quiet": [queue for queue in queues if not queue.items],
        "gaps": gap_lines(officer, now),
        "sent_alone": emergency_desk.lines(officer, versions) if sees_alerts else [],
    }


def _else_owed(officer: Officer, owes: Owed) -> Owed:
    """Return what no other queue of this officer shows: nobody reads the same line twice at night."""
    from alerts import desk as alert_desk
    from cases import desk as case_desk

    shown = {*alert_desk.shown_kinds(officer), *case_desk.shown_kinds(officer)}
    return owes.without(shown, case_desk.own_kinds(officer))
