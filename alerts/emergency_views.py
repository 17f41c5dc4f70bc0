"""The pages of the emergency path: sending alone, and the register of all that was. alerts.issue decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from alerts import emergency_desk, issue
from alerts.desk import alert_url, version_url
from alerts.issue.emergency import MOST_WORDS
from alerts.models import Version
from alerts.refusals import IssueRefused
from alerts.version_views import REFUSALS, context_of, demand_right, sentence, show, version_in_scope
from cases.forms.words import WordsField
from trust import audit, clock, desk
from trust.desk import officer_of
from trust.secondfactor import factor_at, fresh_factor_required

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


class AtOnceForm(forms.Form):
    """Ask why a proposal cannot wait for its signature."""

    ground = forms.ChoiceField(
        label=_("Why can it not wait?"),
        choices=Version.Ground.choices,
        widget=forms.RadioSelect,
    )
    words = WordsField(
        label=_("In your own words"),
        help_text=_("Whoever signs within the hour reads this first. It is kept sealed with the case."),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses below those of versions."""
    return [
        path("emergencies/", wrap(register), name="alerts_version_emergencies"),
        path("<uuid:pk>/at-once/", wrap(at_once), name="alerts_version_at_once"),
    ]


@sensitive_post_parameters("words")
@fresh_factor_required
def at_once(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show once more exactly what would go out, ask for the ground, and send it."""
    version, officer = version_in_scope(request, pk, "alerts.send_at_once"), officer_of(request)
    form = AtOnceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _send(request, version, form.cleaned_data)
    context = context_of(version, officer)
    if not context["may_send_alone"]:
        messages.error(request, _why_not(context))
        return redirect(version_url(version))
    audit.viewed(officer, version.alert.case, "alert version")
    title = gettext("Send alert %(code)s alone") % {"code": version.alert.code}
    return show(request, "admin/alerts/emergency.html", {**context, "title": title, "form": form})


def _send(request: HttpRequest, version: Version, told: dict[str, Any]) -> HttpResponse:
    shown = request.POST.get("digest", "")
    try:
        issue.send_at_once(
            version,
            officer_of(request),
            told["ground"],
            told["words"],
            digest=shown,
            factor_at=factor_at(request),
        )
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
        return redirect(version_url(version))
    messages.warning(
        request, gettext("Sent by you alone. Everybody who may sign is called now; within the hour one must.")
    )
    return redirect(alert_url(version.alert))


def _why_not(context: dict[str, Any]) -> str:
    version = context["version"]
    if version.state != Version.State.PROPOSED:
        return str(IssueRefused("not_proposed"))
    if context["why_not_alone"]:
        return str(context["why_not_alone"])
    if context["sign_instead"]:
        return str(IssueRefused("sign_instead"))
    return str(IssueRefused("too_early" if context["at_once_from"] else "no_permission"))


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """List by month what one person sent: who, on what ground, and what became of it; nothing of a case."""
    demand_right(request, emergency_desk.COUNTED)
    officer = officer_of(request)
    zone = desk.zone_of(officer)
    at = _month(request.GET.get("month", ""), clock.now())
    rows = [
        {
            "version": row,
            "sent_at": desk.moment(row.sent_at, zone),
            "outcome": emergency_desk.OUTCOMES[emergency_desk.outcome(row)],
            "url": version_url(row) if officer.has_perm("alerts.view_version") else "",
        }
        for row in emergency_desk.of_month(officer, at)
    ]
    first = at.astimezone(zone).replace(day=1)
    context = {
        "title": gettext("Sent by one person"),
        "rows": rows,
        "month": first.date(),
        "before": f"{first.year - (first.month == 1)}-{(first.month - 2) % 12 + 1:02d}",
        "after": f"{first.year + (first.month == 12)}-{first.month % 12 + 1:02d}",
    }
    return show(request, "admin/alerts/emergencies.html", context)


def _month(asked: str, now: datetime) -> datetime:
    """Return a moment within the month that was asked for ("2026-11"), else now."""
    found = _MONTH.fullmatch(asked)
    return datetime(int(found[1]), int(found[2]), 15, tzinfo=UTC) if found else now
