"""The pages of an alert that went out: watched, stopped. alerts.issue decides."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alerts import issue, watching
from alerts.desk import alert_url, version_url
from alerts.models import Alert
from alerts.version_views import REFUSALS, demand_right, sentence, show
from trust import audit, desk
from trust.desk import officer_of
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
    alert = alert_in_scope(request, pk, "alerts.view_alert")
    officer = officer_of(request)
    if not request.headers.get("X-Poll"):  # a poll is no look
        audit.viewed(officer, alert.case, "alert page")
    context = {
        "title": gettext("Alert %(code)s") % {"code": alert.code},
        "alert": alert,
        "versions": [(version, version_url(version)) for version in alert.versions.all()],
        "watched": watching.watched(alert, officer),
        "may_stop": alert.is_live and officer.has_perm("alerts.stop_alert"),
        "may_see_case": officer.has_perm("cases.view_case"),
        "public_page": f"{settings.PUBLIC_URL}/a/{alert.code}/" if alert.is_public else "",
    }
    return show(request, "admin/alerts/alert.html", context)


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
