"""A statement from a tip in one click: drafted with its evidence, then signed by two as any other."""

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

from alerts import statements
from alerts.refusals import IssueRefused
from tips.desk.doors import TipDoors
from tips.desk.forms import StatementForm
from tips.models import Attachment, Tip
from trust.desk import officer_of

RIGHT = "alerts.draft_statement"


class TipStatements(TipDoors):
    @method_decorator(sensitive_post_parameters())
    def statement_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        officer = officer_of(request)
        if not officer.has_perm(RIGHT):
            raise PermissionDenied
        tip = self.tip_for(request, pk)
        form = StatementForm(tip, request.POST or None, proof=proof(tip))
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            try:
                made = statements.draft(
                    officer, told["kind"], {}, told["link"], told["words"], evidence(tip), tip.unit, tip.pk,
                    evidence_words=told["evidence_words"],
                )  # fmt: skip
            except IssueRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(
                    request, gettext("Drafted. Complete its words, then propose it for signature.")
                )
                return redirect(reverse("admin:alerts_statement_change", args=[made.pk]))
        lead = _("It refutes what goes round, in every language, with what proves it. Two people sign it.")
        return self.ask(request, tip, form, _("Answer with a statement"), _("Draft it"), lead=lead)


def evidence(tip: Tip) -> list[dict[str, str]]:
    """Return what a statement may rest on: files judged old or false, and the known footage they are like."""
    judged = tip.attachments.filter(verdict__in=(Attachment.Verdict.OLD, Attachment.Verdict.FALSE))
    found = [{"kind": "tip", "id": str(tip.pk)}]
    for row in judged:
        found.append({"kind": "attachment", "id": str(row.pk)})
        found += [
            {"kind": "footage", "id": str(like["footage"])}
            for like in row.likenesses or ()
            if like.get("footage")
        ]
    return found[:20]


def proof(tip: Tip) -> str:
    """Return the words of the verdicts: what the evidence says."""
    return "\n".join(row.verdict_why for row in tip.attachments.exclude(verdict="") if row.verdict_why)
