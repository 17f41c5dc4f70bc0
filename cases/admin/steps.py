"""Where people leave the form: counts without persons, for who is responsible for it."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cases.models import StepCount
from trust.desk import ReadOnlyAdmin, officer_of
from trust.roles import Role


@admin.register(StepCount)
class StepCountAdmin(ReadOnlyAdmin):
    list_display = ("day", "screen", "language", "shown", "answered", "share", "bar")
    list_display_links = None
    list_filter = ("screen", "language")
    date_hierarchy = "day"
    ordering = ("-day", "screen", "language")
    list_per_page = 100
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Let administrators in too, who have no other right in this app: these counts know no person."""
        return super().has_view_permission(request) or officer_of(request).has_role(Role.ADMINISTRATOR)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=_("went on"))
    def share(self, count: StepCount) -> str:
        return f"{_percent(count)} %" if count.shown else "—"

    @admin.display(description=_("of those who saw it"))
    def bar(self, count: StepCount) -> SafeString:
        return format_html('<progress max="100" value="{}">{}</progress>', _percent(count), self.share(count))


def _percent(count: StepCount) -> int:
    return min(100, round(100 * count.answered / count.shown)) if count.shown else 0
