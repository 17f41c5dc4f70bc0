"""A statement from a tip in one act: drafted with its evidence, the tip closed; then two people sign it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from alerts.refusals import IssueRefused
from tips import deciding
from tips.desk.doors import TipDoors
from tips.desk.forms import CloseForm
from tips.refusals import TipRefused
from trust.desk import officer_of

RIGHT = "alerts.draft_statement"
REFUTED = ("old", "false", "rumour")


class TipStatements(TipDoors):
    @method_decorator(sensitive_post_parameters())
    def statement_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Draft a statement from the tip's words, link and evidence, and close the tip for the reason."""
        officer = officer_of(request)
        if not officer.has_perm(RIGHT):
            raise PermissionDenied
        tip = self.tip_for(request, pk)
        form = CloseForm(tip, request.POST or None, states=REFUTED)
        if request.method == "POST" and form.is_valid():
            state, code = form.chosen
            try:
                made = deciding.refute(tip, officer, state, code, words=form.cleaned_data["words"])
            except (TipRefused, IssueRefused) as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(
                    request, gettext("Drafted. Complete its words, then propose it for signature.")
                )
                return redirect(reverse("admin:alerts_statement_change", args=[made.pk]))
        lead = _(
            "Its words, its link and what came along go into a draft that refutes it, and the tip is closed. "
            "Nothing is public before two people have signed."
        )
        return self.ask(request, tip, form, _("Answer with a statement"), _("Draft it"), lead=lead)
