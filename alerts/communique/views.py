"""The pages on which a communiqué is begun: about a period, or from the page of an alert."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from alerts import communique
from alerts.desk import alert_url
from alerts.models import Alert
from alerts.statements.desk import statement_url
from alerts.statements.form import PeriodForm
from alerts.statements.permission import DRAFT
from alerts.version_views import REFUSALS, demand_right, sentence, show
from trust import clock, desk
from trust.desk import officer_of


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses below the register of statements."""
    return [
        path("communique/", wrap(of_period), name="alerts_statement_communique"),
        path("communique/<uuid:alert_pk>/", wrap(of_alert), name="alerts_statement_communique_alert"),
    ]


def of_period(request: HttpRequest) -> HttpResponse:
    """Ask for the days, then draft; yesterday, unless told."""
    demand_right(request, DRAFT)
    officer = officer_of(request)
    zone = desk.zone_of(officer)
    yesterday = timezone.localtime(clock.now(), zone).date() - timedelta(days=1)
    form = PeriodForm(request.POST or None, initial={"first": yesterday, "last": yesterday})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = communique.draft(officer, period=_period(said["first"], said["last"], zone))
            return redirect(statement_url(row, "edit"))
        except REFUSALS as refusal:
            form.add_error(None, sentence(refusal))
    context = {
        "title": gettext("Begin a communiqué"),
        "form": form,
        "back_url": reverse("admin:alerts_statement_changelist"),
    }
    return show(request, "admin/alerts/communique.html", context)


@require_POST
def of_alert(request: HttpRequest, alert_pk: UUID) -> HttpResponse:
    demand_right(request, DRAFT)
    rows = Alert.objects.for_officer(request.user).select_related("case__unit__agency")
    alert = get_object_or_404(rows, pk=alert_pk)
    try:
        row = communique.draft(officer_of(request), alert=alert)
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
        return redirect(alert_url(alert))
    return redirect(statement_url(row, "edit"))


def _period(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return from the first midnight until the last day is over, or until now where it is today."""
    ends = datetime.combine(last + timedelta(days=1), time.min, zone)
    return datetime.combine(first, time.min, zone), min(ends, clock.now()) if last <= _today(zone) else ends


def _today(zone: ZoneInfo) -> date:
    return timezone.localtime(clock.now(), zone).date()
