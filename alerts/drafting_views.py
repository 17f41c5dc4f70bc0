"""The pages on which an alert is drafted, checked before it is kept, or declined. alerts.issue decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alerts import differences, issue, linting, preview, weighing
from alerts.composing import compose
from alerts.desk import alert_url, version_url
from alerts.drafting_form import DraftForm, from_case, from_version
from alerts.issue.updating import in_force, remaining_s
from alerts.lint_words import told as told_findings
from alerts.live_views import alert_in_scope
from alerts.models import Alert, Decline, Version
from alerts.outlook import outlook
from alerts.refusals import IssueRefused
from alerts.version_views import REFUSALS, area_map, demand_right, sentence, show, version_in_scope
from cases.models import Case
from geo.shapes import Area
from trust import clock
from trust.desk import officer_of


class DeclineForm(forms.Form):
    """Ask why no alert is issued."""

    reason_code = forms.ChoiceField(
        label=_("Why is no alert issued?"), choices=[("", "—"), *Decline.Reason.choices]
    )
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("Kept with the case under its key, and read by whoever works on it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def draft(request: HttpRequest, case_pk: UUID) -> HttpResponse:
    """Ask for area, channels and duration of a new alert on a case."""
    demand_right(request, "alerts.draft_version")
    cases = Case.objects.for_officer(request.user).select_related("unit__agency", "agency")
    case = get_object_or_404(cases, pk=case_pk)
    child = case.children.first()
    form = DraftForm(request.POST or None, initial=from_case(case, child), case=case, child=child)

    def begin() -> Version:
        kind = form.cleaned_data["kind"]
        return issue.draft(case, officer_of(request), kind=kind, **form.chosen)

    alert = Alert(case=case, kind=request.POST.get("kind", Alert.Kind.ACTUAL))
    title = gettext("Draft an alert on case %(reference)s") % {"reference": case.reference}
    return _asked(
        request,
        form,
        title,
        begin,
        Version(alert=alert, child=child, number=1) if child else None,
        case_url(case),
    )


def revise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a draft, or begin the next one from what was sent back or lapsed."""
    version = version_in_scope(request, pk, "alerts.draft_version")
    form = _following(request, version, from_version(version))
    title = gettext("Change the draft of alert %(code)s") % {"code": version.alert.code}
    return _asked(
        request,
        form,
        title,
        lambda: issue.revise(version, officer_of(request), **form.chosen),
        version,
        version_url(version),
    )


def update(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the next version of a live alert: other words, another photo, a wider area, one more channel."""
    alert = alert_in_scope(request, pk, "alerts.draft_version")
    try:
        now = in_force(alert)
    except IssueRefused as refusal:
        messages.error(request, sentence(refusal))
        return redirect(alert_url(alert))
    now.alert = alert
    form = _following(request, now, from_version(now, remaining_s(now)))
    title = gettext("Update alert %(code)s") % {"code": alert.code}
    return _asked(
        request,
        form,
        title,
        lambda: issue.update(alert, officer_of(request), **form.chosen),
        now,
        alert_url(alert),
        is_update=True,
    )


def _following(request: HttpRequest, version: Version, initial: dict[str, Any]) -> DraftForm:
    return DraftForm(
        request.POST or None, initial=initial, case=version.alert.case, child=version.child,
        kept=Area.from_json(version.area), revising=True,
    )  # fmt: skip


def _asked(
    request: HttpRequest,
    form: DraftForm,
    title: str,
    act: Callable[[], Version],
    base: Version | None,
    back_url: str,
    *,
    is_update: bool = False,
) -> HttpResponse:
    """Show the form, what a check of it finds, or do the act. base: what the draft follows."""
    case = form.case
    checked: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid() and "check" in request.POST:
        checked = _checked(base, form, is_update=is_update) if base else {}
    elif request.method == "POST" and form.is_valid():
        try:
            return redirect(version_url(act()))
        except REFUSALS as refusal:
            form.add_error(None, sentence(refusal))
    context = {
        "title": title,
        "form": form,
        "case": case,
        "is_update": is_update,
        "may_see_case": officer_of(request).has_perm("cases.view_case"),
        "back_url": back_url,
        "start": case.last_seen_point or settings.COUNTRY.capital,
        "checked": checked is not None,
        **(checked or {}),
    }
    return show(request, "admin/alerts/draft.html", context)


def case_url(case: Case) -> str:
    return reverse("admin:cases_case_change", args=[case.pk])


def decline(request: HttpRequest, case_pk: UUID) -> HttpResponse:
    """Show the checklist and keep a decision not to alert, with its reason."""
    demand_right(request, "alerts.draft_version")
    case = get_object_or_404(
        Case.objects.for_officer(request.user).select_related("unit__agency"), pk=case_pk
    )
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told, officer = form.cleaned_data, officer_of(request)
        try:
            issue.decline(case, officer, told["reason_code"], told["words"])
            messages.success(request, gettext("Kept. An alert can still be drafted when something changes."))
            return redirect("admin:cases_case_change", case.pk)
        except REFUSALS as refusal:
            form.add_error(None, sentence(refusal))
    title = gettext("No alert on case %(reference)s") % {"reference": case.reference}
    lines = weighing.checklist(case, officer_of(request))
    return show(
        request, "admin/alerts/decline.html", {"title": title, "form": form, "case": case, "criteria": lines}
    )


def _checked(base: Version, form: DraftForm, *, is_update: bool) -> dict[str, Any]:
    """Return what the form's draft would say and do, and what the lint finds; nothing is kept."""
    told = form.chosen
    version = Version(
        alert=base.alert,
        key_owner=base.alert.case_id,
        number=base.number + 1 if is_update else base.number,
        child=base.child,
        photo=told["photo"] or base.photo or base.child.photo,
        area=told["area"].to_json() if told["area"] else base.area,
        channels=told["channels"],
        duration_s=told["duration_s"],
        tier=told["tier"],
        additions=told["additions"] if any(told["additions"].values()) else None,
    )
    now = clock.now()
    composed = compose(version, now)
    found = linting.findings(version, composed, now)
    columns = preview.columns(composed, found)
    return {
        "findings": told_findings(found),
        "columns": columns,
        "dearest": preview.dearest(columns),
        "outlook": outlook(version, columns),
        "differences": differences.of(version),
        "map": area_map(version),
    }
