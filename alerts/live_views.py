"""The pages of an alert that went out: watched, stopped. alerts.issue decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alerts import after_views, hands, issue, ledger, watching
from alerts.desk import alert_url, version_url
from alerts.glass import row_to_read
from alerts.ledger import Figures
from alerts.models import Alert, Version
from alerts.version_views import REFUSALS, demand_right, sentence, show
from trust import audit, desk
from trust.desk import officer_of
from trust.models import Officer
from trust.secondfactor import factor_at, fresh_factor_required


class StopForm(forms.Form):
    """Ask how a live alert ends."""

    as_ = forms.ChoiceField(
        label=_("Why does it end?"),
        choices=[("", "—"), *[(end.value, end.label) for end in Alert.End if end != Alert.End.EXPIRED]],
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For the log. Name nobody."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def alert_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far an alert went, and the way to stop it. A script renews `#live`."""
    demand_right(request, "alerts.view_alert")
    rows = Alert.objects.select_related("case__unit__agency")
    alert, officer = row_to_read(request, rows, pk, "case"), officer_of(request)
    if not request.headers.get("X-Poll"):  # a poll is no look
        audit.viewed(officer, alert.case, "alert page")
    versions = list(alert.versions.select_related("proposed_by", "signed_by"))
    context = {
        "title": gettext("Alert %(code)s") % {"code": alert.code},
        "alert": alert,
        "versions": [_line(version, officer) for version in versions],
        "watched": watching.watched(alert, officer),
        "taken_back": _taken_back(alert),
        "hands": [
            render_to_string(panel.template, dict(panel.context), request)
            for panel in hands.panels(alert, officer)
        ],
        "may_stop": alert.is_live and officer.has_perm("alerts.stop_alert"),
        **_next_version(alert, versions, officer),
        "may_see_case": officer.has_perm("cases.view_case"),
        **after_views.links(alert.case, officer),
        "public_page": f"{settings.PUBLIC_URL}/a/{alert.code}/" if alert.is_public else "",
    }
    return show(request, "admin/alerts/alert.html", context)


@dataclass(frozen=True)
class VersionLine:
    """Hold one version: what it is, and who answers for it."""

    version: Version
    url: str
    at: str
    until: str


def _taken_back(alert: Alert) -> Figures | None:
    """Return what was taken back and what not; nothing left while it is a draft."""
    if alert.state == Alert.State.DRAFT:
        return None
    return ledger.figures(ledger.gathered(ledger.lines(alert)))


def _line(version: Version, officer: Officer) -> VersionLine:
    zone = desk.zone_of(officer)
    at = version.sent_at or version.proposed_at or version.created_at
    until = desk.moment(version.expires_at, zone) if version.in_force else ""
    return VersionLine(version, version_url(version), desk.moment(at, zone), until)


def _next_version(alert: Alert, versions: list[Version], officer: Officer) -> dict[str, Any]:
    """Return the way to an update of a live alert, or to the one that is in preparation."""
    under_way = [row for row in versions if row.state in (Version.State.DRAFT, Version.State.PROPOSED)]
    if not alert.is_live:
        return {}
    if under_way:
        return {"under_way": under_way[0], "under_way_url": version_url(under_way[0])}
    may = officer.has_perm("alerts.draft_version")
    return {"update_url": reverse("admin:alerts_alert_update", args=[alert.pk]) if may else ""}


@fresh_factor_required
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask once more, then end a live alert."""
    alert = alert_in_scope(request, pk, "alerts.stop_alert")
    if not alert.is_live:
        return redirect(alert_url(alert))
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told, officer = form.cleaned_data, officer_of(request)
        return desk.perform(
            request,
            lambda: issue.stand_down(
                alert, officer, as_=told["as_"], reason=told["reason"], factor_at=factor_at(request)
            ),
            _("Stopped. What was posted is being taken back."),
            alert_url(alert),
            refusals=REFUSALS,
            say=sentence,
        )
    title = gettext("Stop alert %(code)s") % {"code": alert.code}
    return show(request, "admin/alerts/stop.html", {"title": title, "alert": alert, "form": form})


def alert_in_scope(request: HttpRequest, pk: UUID, permission: str) -> Alert:
    demand_right(request, permission)
    rows = Alert.objects.for_officer(request.user).select_related("case__unit__agency")
    return get_object_or_404(rows, pk=pk)
