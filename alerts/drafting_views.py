"""The pages on which an alert is drafted, checked before it is kept, or declined. alerts.issue decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alerts import issue, linting, preview, weighing
from alerts.composing import compose
from alerts.desk import version_url
from alerts.drafting_form import DraftForm, from_case, from_version
from alerts.lint_words import told as told_findings
from alerts.models import Alert, Decline, Version
from alerts.version_views import REFUSALS, demand_right, sentence, show, version_in_scope
from cases.models import Case, Child, Photo
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
    cases = Case.objects.for_officer(request.user).select_related("unit__agency")
    case = get_object_or_404(cases, pk=case_pk)
    form = DraftForm(request.POST or None, initial=from_case(case))
    checked = None
    if request.method == "POST" and form.is_valid() and "check" in request.POST:
        checked = _checked(Alert(case=case, kind=form.cleaned_data["kind"]), case.children.first(), form)
    elif request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            version = issue.draft(
                case, officer_of(request), area=told["area"], channels=told["channels"],
                duration_s=form.duration_s, kind=told["kind"], additions=form.additions,
            )  # fmt: skip
            return redirect(version_url(version))
        except REFUSALS as refusal:
            form.add_error(None, sentence(refusal))
    title = gettext("Draft an alert on case %(reference)s") % {"reference": case.reference}
    context = {"title": title, "form": form, "case": case, "checked": checked is not None, **(checked or {})}
    return show(request, "admin/alerts/draft.html", context)


def revise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a draft, or begin the next one from what was sent back or lapsed."""
    version = version_in_scope(request, pk, "alerts.draft_version")
    form = DraftForm(request.POST or None, initial=from_version(version), revising=True)
    checked = None
    if request.method == "POST" and form.is_valid() and "check" in request.POST:
        checked = _checked(version.alert, version.child, form, version.photo)
    elif request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            changed = issue.revise(
                version, officer_of(request), area=told["area"], channels=told["channels"],
                duration_s=form.duration_s, additions=form.additions,
            )  # fmt: skip
            return redirect(version_url(changed))
        except REFUSALS as refusal:
            form.add_error(None, sentence(refusal))
    title = gettext("Change the draft of alert %(code)s") % {"code": version.alert.code}
    case = version.alert.case
    context = {"title": title, "form": form, "case": case, "checked": checked is not None, **(checked or {})}
    return show(request, "admin/alerts/draft.html", context)


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


def _checked(
    alert: Alert, child: Child | None, form: DraftForm, photo: Photo | None = None
) -> dict[str, Any]:
    """Return what the form's draft would say and what the lint finds; nothing is kept."""
    if child is None:
        return {}
    version = Version(
        alert=alert,
        key_owner=alert.case_id,
        child=child,
        photo=photo or child.photo,
        area=form.cleaned_data["area"].to_json(),
        channels=form.cleaned_data["channels"],
        duration_s=form.duration_s,
        additions=form.additions if any(form.additions.values()) else None,
    )
    now = clock.now()
    composed = compose(version, now)
    found = linting.findings(version, composed, now)
    columns = preview.columns(composed, found)
    return {"findings": told_findings(found), "columns": columns, "dearest": preview.dearest(columns)}
