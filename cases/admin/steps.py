"""Where people leave the form: counts without persons, for who is responsible for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cases.forms.screens import TITLES
from cases.models import StepCount
from trust.desk import ReadOnlyAdmin, officer_of
from trust.roles import Role

SCREEN_NAMES: Mapping[str, str | Promise] = {"start": _("First minute"), **TITLES}
LANGUAGE_NAMES: Mapping[str, str | Promise] = dict(settings.LANGUAGES)


class _NamedFilter(admin.AllValuesFieldListFilter):
    """Name the values that Django would list as codes."""

    names: Mapping[str, str | Promise] = {}

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": self.names.get(str(choice["display"]), choice["display"])}


class ScreenFilter(_NamedFilter):
    names = SCREEN_NAMES


class LanguageFilter(_NamedFilter):
    names = LANGUAGE_NAMES


@admin.register(StepCount)
class StepCountAdmin(ReadOnlyAdmin):
    list_display = ("day", "page", "spoken", "shown", "answered", "share", "bar")
    list_display_links = None
    list_filter = (("screen", ScreenFilter), ("language", LanguageFilter))
    date_hierarchy = "day"
    ordering = ("-day", "screen", "language")
    list_per_page = 100
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Let administrators in too, who have no other right in this app: these counts know no person."""
        return super().has_view_permission(request) or officer_of(request).has_role(Role.ADMINISTRATOR)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=_("screen"), ordering="screen")
    def page(self, count: StepCount) -> str:
        return str(SCREEN_NAMES.get(count.screen, count.screen))

    @admin.display(description=_("language"), ordering="language")
    def spoken(self, count: StepCount) -> str:
        return str(LANGUAGE_NAMES.get(count.language, count.language))

    @admin.display(description=_("went on"))
    def share(self, count: StepCount) -> str:
        return f"{_percent(count)} %" if count.shown else "—"

    @admin.display(description=_("of those who saw it"))
    def bar(self, count: StepCount) -> SafeString:
        return format_html('<progress max="100" value="{}">{}</progress>', _percent(count), self.share(count))


def _percent(count: StepCount) -> int:
    return min(100, round(100 * count.answered / count.shown)) if count.shown else 0
