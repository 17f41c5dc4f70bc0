"""What every view on a tip asks first: the right, and the scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from alerts.models import Alert
from cases.admin.doors import page_url as case_url
from cases.admin.doors import say_until_when
from cases.admin.doors import sentence as case_sentence
from cases.models import Case, MoveRefused
from tips.models import Tip
from tips.permission import was_given
from tips.refusals import TipRefused
from trust import audit, break_glass, desk
from trust.desk import ReadOnlyAdmin, officer_of
from trust.models import Officer

__all__ = ["TRIAGE", "VIEW", "TipDoors", "case_url", "page_url", "sentence", "url"]
VIEW, TRIAGE = "tips.view_tip", "tips.triage_tip"


def sentence(refusal: Exception) -> str:
    """Return why an act was refused, in a sentence."""
    return str(refusal) if isinstance(refusal, TipRefused) else case_sentence(refusal)


def page_url(tip: Tip) -> str:
    return reverse("admin:tips_tip_change", args=[tip.pk])


def url(name: str, *keys: object) -> str:
    return reverse(f"admin:tips_tip_{name}", args=keys)


class TipDoors(ReadOnlyAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Tip]:
        return Tip.objects.for_officer(officer_of(request))

    def tip_for(
        self, request: HttpRequest, pk: UUID, permission: str = TRIAGE, *, handed: bool = False
    ) -> Tip:
        """Return a tip the officer may act on; 403 without the right, 404 beyond the scope.

        handed: those it was handed to may act too.
        """
        officer = officer_of(request)
        if not officer.has_perm(permission):
            raise PermissionDenied
        tips = Tip.objects.readable_by(officer) if handed else self.get_queryset(request)
        tip = get_object_or_404(tips.select_related("unit__agency", "handed_to", "witness"), pk=pk)
        if handed and not self.is_ours(officer, tip):  # read through broken glass alone
            raise Http404
        return tip

    def tip_to_read(self, request: HttpRequest, pk: UUID) -> Tip:
        """Return a tip of the scope, one handed to the unit, or one of a case opened in an emergency.

        Every act but the acknowledgement asks tip_for(), which knows of neither.
        """
        officer = officer_of(request)
        if not officer.has_perm(VIEW):
            raise PermissionDenied
        tips = Tip.objects.readable_by(officer).select_related("unit__agency", "handed_to", "entered_by")
        tip = get_object_or_404(tips, pk=pk)
        if not self.is_ours(officer, tip):
            case = _case_of(tip)
            break_glass.read_through(officer, case)
            match = request.resolver_match
            if match is not None and match.url_name == "tips_tip_change":
                say_until_when(request, case)
        return tip

    def is_ours(self, officer: Officer, tip: Tip) -> bool:
        """Say whether the tip is in the officer's scope, or was handed to the officer's unit."""
        if was_given(officer, tip):
            return True
        return Tip.objects.for_officer(officer).filter(pk=tip.pk).exists()

    def perform(
        self, request: HttpRequest, tip: Tip, act: Callable[[], object], done: Any, *, anchor: str = ""
    ) -> HttpResponse:
        """Do the act, say what came of it, and go back to the page of the tip, or a part of it."""
        return desk.perform(
            request, act, done, page_url(tip) + anchor, refusals=(TipRefused, MoveRefused), say=sentence
        )

    def ask(
        self, request: HttpRequest, tip: Tip, form: Form, title: Any, button: Any, **more: Any
    ) -> HttpResponse:
        """Show a page that asks before an act; more: `lead`, `danger`, `template`, and what it shows."""
        officer = officer_of(request)
        audit.viewed(officer, tip, "tip")
        context = {
            **self.admin_site.each_context(request),
            "title": str(title),
            "tip": tip,
            "form": form,
            "button": button,
            **more,
        }
        template = more.get("template", "admin/tips/tip/act.html")
        return TemplateResponse(request, template, context, status=422 if form.errors else 200)


def _case_of(tip: Tip) -> Case:
    """Return the case by whose broken glass the tip is read."""
    if tip.case_id is not None:
        return Case.objects.get(pk=tip.case_id)
    assert tip.alert_id is not None  # nothing else makes a tip readable that is neither ours nor handed
    return Alert.objects.select_related("case").get(pk=tip.alert_id).case
