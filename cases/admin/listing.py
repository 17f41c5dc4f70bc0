"""The list of cases: names and ages opened for one page at a time, and what makes a case stand out."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.admin.doors import CaseDoors
from cases.desk import marks
from cases.models import Child
from trust import audit, clock, desk, keys
from trust.desk import officer_of

audit.declare({"case.list_read": "an officer opened the list of cases, which names children"})


class CaseList(ChangeList):
    """Open the first child's name and birth date of every case on one page with two queries."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        cases = list(self.result_list)
        rows = Child.objects.filter(case__in=cases).order_by("-position")
        told = rows.values_list("case_id", "age_years", "given_name", "birth_date_iso")
        first = {pk: (age, [("given_name", name), ("birth_date", born)]) for pk, age, name, born in told}
        wanted = [
            (pk, field, value) for pk, (_age, sealed) in first.items() for field, value in sealed if value
        ]
        opened = dict(zip(((pk, field) for pk, field, _v in wanted), keys.open_many(wanted), strict=True))
        now = clock.now()
        for case in cases:
            case.waited = desk.age(case.received_at, now)
            age = first[case.pk][0] if case.pk in first else None
            born = (opened.get((case.pk, "birth_date")) or b"").decode()
            case.child_name = (opened.get((case.pk, "given_name")) or b"").decode()
            case.child_age = Child(age_years=age, birth_date_iso=born).age_at(case.last_seen_at)
        self.result_list = cases


class CaseListing(CaseDoors):
    list_display = ("reference", "child", "child_age", "waits", "state", "attention", "unit", "owner")
    list_filter = ("state",)
    list_select_related = ("unit", "owner")
    list_per_page = 50
    search_fields = ("reference",)
    search_help_text = _("The reference of a case, whole or its beginning")
    ordering = ("-received_at",)
    paginator = desk.KeyFirst

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CaseList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip().upper()
        return (queryset.filter(reference__istartswith=term) if term else queryset), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.has_view_permission(request):
            audit.record("case.list_read", None, actor=officer_of(request))
        context = {"may_file": request.user.has_perm("cases.add_case"), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description=_("child"))
    def child(self, case: Any) -> str:
        return case.child_name or "—"

    @admin.display(description=_("age"))
    def child_age(self, case: Any) -> str:
        return "—" if case.child_age is None else str(case.child_age)

    @admin.display(description=_("reported since"), ordering="received_at")
    def waits(self, case: Any) -> str:
        return str(case.waited)

    @admin.display(description=_("look out"))
    def attention(self, case: Any) -> str:
        return gettext(", ").join(marks(case)) or "—"
