"""The report after a case, or so far: as PDF and as JSON, with names only after a fresh second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from alerts.after.as_json import as_json
from alerts.after.as_pdf import as_pdf
from alerts.after.collect import collect
from alerts.after.model import Report
from alerts.after.sheet import sheet
from alerts.version_views import demand_right
from cases.desk import PANELS, Panel
from cases.models import Case, CaseState
from trust import audit, desk
from trust.desk import officer_of
from trust.models import Officer
from trust.secondfactor import fresh_factor_required

RIGHT = "alerts.view_alert"
SEES_NAMES = "cases.view_case"
FONTS = settings.BASE_DIR / "static" / "fonts"


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses of a case's report."""
    here = "after/<uuid:case_pk>/"
    return [
        path(f"{here}pdf/", wrap(pdf), name="alerts_alert_after_pdf"),
        path(f"{here}json/", wrap(data), name="alerts_alert_after_json"),
        path(f"{here}names/pdf/", wrap(named_pdf), name="alerts_alert_after_pdf_named"),
        path(f"{here}names/json/", wrap(named_data), name="alerts_alert_after_json_named"),
    ]


@require_safe
def pdf(request: HttpRequest, case_pk: UUID) -> HttpResponse:
    return _pdf(request, _in_scope(request, case_pk), named=False)


@require_safe
def data(request: HttpRequest, case_pk: UUID) -> HttpResponse:
    return _data(request, _in_scope(request, case_pk), named=False)


@require_safe
@fresh_factor_required
def named_pdf(request: HttpRequest, case_pk: UUID) -> HttpResponse:
    return _pdf(request, _in_scope(request, case_pk, named=True), named=True)


@require_safe
@fresh_factor_required
def named_data(request: HttpRequest, case_pk: UUID) -> HttpResponse:
    return _data(request, _in_scope(request, case_pk, named=True), named=True)


def links(case: Case, officer: Officer) -> dict[str, Any]:
    """Return what a page needs to offer the report; {} for who may not have it, or reads in an emergency."""
    if not officer.has_perm(RIGHT) or officer.reads_only:
        return {}
    forms = ["pdf", "json", *(["pdf_named", "json_named"] if officer.has_perm(SEES_NAMES) else [])]
    found = {form: reverse(f"admin:alerts_alert_after_{form}", args=[case.pk]) for form in forms}
    return {"after": {**found, "is_so_far": case.is_open}}


def case_panel(case: Case, officer: Officer) -> Panel | None:
    """Offer the report once there is something to tell: an alert, or the end of the case."""
    found = links(case, officer)
    told = case.state == CaseState.CLOSED or (found and case.alerts.exists())
    return Panel("admin/alerts/after_panel.html", found) if found and told else None


def install() -> None:
    """Offer the report on the pages of cases."""
    if case_panel not in PANELS:
        PANELS.append(case_panel)


def _in_scope(request: HttpRequest, case_pk: UUID, *, named: bool = False) -> Case:
    demand_right(request, RIGHT)
    if named:
        demand_right(request, SEES_NAMES)
    found = get_object_or_404(_cases(request), pk=case_pk)
    if found.merged_into_id is None:
        return found
    return get_object_or_404(_cases(request), pk=found.standing.pk)  # of a joined report, the whole case


def _cases(request: HttpRequest) -> QuerySet[Case]:
    rows = Case.objects.for_officer(request.user).exclude(state=CaseState.ERASED)
    return rows.select_related("unit", "agency", "merged_into")


def _report(request: HttpRequest, case: Case, form: str, *, named: bool) -> Report:
    """Collect, and write into the log who took it away in which form."""
    officer = officer_of(request)
    report = collect(case, officer, named=named)
    audit.record("report.exported", case, actor=officer, reason=f"{form}.named" if named else form)
    return report


def _pdf(request: HttpRequest, case: Case, *, named: bool) -> HttpResponse:
    report = _report(request, case, "pdf", named=named)
    made = as_pdf(sheet(report, desk.zone_of(officer_of(request))), [FONTS])
    return _file(made, "application/pdf", f"{case.reference}.pdf")


def _data(request: HttpRequest, case: Case, *, named: bool) -> HttpResponse:
    return _file(
        as_json(_report(request, case, "json", named=named)), "application/json", f"{case.reference}.json"
    )


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Return it to be kept by the reader alone: no cache on the way holds it, and no disk of ours."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
