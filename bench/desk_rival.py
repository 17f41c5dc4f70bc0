"""The rival of the desk's list of cases: Django's own ModelAdmin, nothing thought of."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path

from cases.models import Case
from project.urls import urlpatterns as project_urls
from trust import clock, desk

CASES = "/police/stock/cases/case/"


class StockCaseAdmin(admin.ModelAdmin[Case]):
    """The same columns and filter, each value asked for where it is shown."""

    list_display = ("reference", "child", "child_age", "waits", "state", "unit", "owner")
    list_filter = ("state",)
    search_fields = ("reference",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return Case.objects.for_officer(request.user)

    def child(self, case: Any) -> str:
        first = case.children.first()
        return first.given_name if first else ""

    def child_age(self, case: Any) -> str:
        first = case.children.first()
        return str(first.age_at(case.last_seen_at)) if first else ""

    def waits(self, case: Any) -> str:
        return desk.age(case.received_at, clock.now())


stock = admin.AdminSite(name="stock")
stock.register(Case, StockCaseAdmin)
urlpatterns = [path("police/stock/", stock.urls), *project_urls]
