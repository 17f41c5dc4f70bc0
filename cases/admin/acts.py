"""The buttons on the page of a case: each asks the right and calls one verb."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from cases import conflict, renew, thread
from cases.accept import accept, open_file
from cases.admin.doors import CaseDoors, follow_url, page_url
from cases.admin.forms import CloseForm, ConflictForm, SettleForm
from cases.close import close
from cases.models import Case
from trust.desk import officer_of
from trust.roles import Role
from trust.secondfactor import fresh_factor_required


class CaseActs(CaseDoors):
    @method_decorator(require_POST)
    def accept_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.accept_case")
        done = _("The case is yours. Call the family now.")
        return self.perform(request, case, lambda: accept(case, officer_of(request)), done)

    @method_decorator(require_POST)
    def open_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.accept_case")
        done = _("The search is open.")
        return self.perform(request, case, lambda: open_file(case, officer_of(request)), done)

    @method_decorator(require_POST)
    def write_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Answer in the thread of the case, or of a report that was joined to it."""
        case = self.case_for(request, pk, "cases.change_case")
        asked = request.POST.get("thread", "")
        told_by = next((one for one in case.joined if str(one.pk) == asked), case)
        body = request.POST.get("body", "").strip()
        if not body:
            messages.error(request, gettext("Write something first."))
            return redirect(page_url(case))
        done = _("The family can read your answer.")
        return self.perform(
            request, case, lambda: thread.police_write(told_by, officer_of(request), body), done
        )

    @method_decorator(fresh_factor_required)
    def close_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.close_case")
        form = CloseForm(request.POST or None, initial={"outcome": request.GET.get("outcome", "")})
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            done = _("The case is closed. What was public is being taken back.")
            return self.perform(
                request, case, lambda: close(case, officer_of(request), told["outcome"], told["reason"]), done
            )
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Close case %(reference)s") % {"reference": case.reference},
            "case": case,
            "form": form,
        }
        return TemplateResponse(request, "admin/cases/case/close.html", context)

    @method_decorator(require_POST)
    def conflict_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.change_case")
        form = ConflictForm(request.POST)
        if not form.is_valid():
            messages.error(request, gettext("Say why."))
            return redirect(page_url(case))
        done = _("Nothing can be signed on this case until an authority’s decision is recorded.")
        ground = form.cleaned_data["ground"]
        return self.perform(
            request, case, lambda: conflict.raise_conflict(case, ground, officer_of(request)), done
        )

    @method_decorator(sensitive_post_parameters())
    @method_decorator(fresh_factor_required)
    def settle_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.view_case")
        if not officer_of(request).has_role(Role.APPROVER):
            raise PermissionDenied
        form = SettleForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            done = _("Recorded. Alerts on this case can be signed again.")
            return self.perform(
                request,
                case,
                lambda: conflict.settle(
                    case, officer_of(request), told["authority"], told["decision"], told["decided_on"]
                ),
                done,
            )
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Settle the conflict in case %(reference)s") % {"reference": case.reference},
            "case": case,
            "form": form,
        }
        return TemplateResponse(request, "admin/cases/case/settle.html", context)

    @method_decorator(sensitive_variables())
    @method_decorator(fresh_factor_required)
    def secret_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask first; then show a new secret, this once."""
        case = self.case_for(request, pk, "cases.change_case")
        told_by = self._told_by(case, request)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("A new secret for the family of case %(reference)s")
            % {"reference": told_by.reference},
            "case": case,
            "told_by": told_by,
        }
        if request.method != "POST":
            return TemplateResponse(request, "admin/cases/case/secret.html", context)
        secret = renew.renew_secret(told_by, officer_of(request))
        language = told_by.language
        slip = {"secret": secret, "words": secret.words(language), "language": language}
        context |= {**slip, "follow_url": follow_url(language)}
        return TemplateResponse(request, "admin/cases/case/slip.html", context)

    def _told_by(self, case: Case, request: HttpRequest) -> Case:
        """Return the joined report that was asked for, else the case itself; 404 for a stranger's."""
        asked = request.POST.get("thread") or request.GET.get("thread") or str(case.pk)
        known = {str(one.pk): one for one in (case, *case.joined)}
        return known[asked] if asked in known else get_object_or_404(Case.objects.none(), pk=None)
