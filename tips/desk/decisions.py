"""What a tip turns out to be: a sighting, a case, a reason to say something in public, or nothing of ours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from cases.models import MoveRefused
from tips import deciding, promote, settling
from tips.desk.doors import TipDoors, case_url, page_url, sentence
from tips.desk.forms import CaseForm, CloseForm, SecondForm, SightingForm
from tips.models import Tip
from tips.promote import ReportBits
from tips.refusals import TipRefused
from trust import desk
from trust.desk import officer_of
from trust.models import Decision

REFUSED = (TipRefused, MoveRefused)
SECOND = "tips.second_tip"


class TipDecisions(TipDoors):
    @method_decorator(sensitive_post_parameters())
    def sighting_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        tip, officer = self.tip_for(request, pk), officer_of(request)
        form = SightingForm(tip, officer, desk.zone_of(officer), request.POST or None)
        if request.method == "POST" and form.is_valid() and form.at:
            told, at = form.cleaned_data, form.at
            try:
                promote.to_sighting(
                    tip, officer, form.reported(), at, told["certainty"], told["source_class"], told["case"],
                    seen_error_min=told["error_min"], note=told["note"],
                )  # fmt: skip
            except REFUSED as refusal:
                form.add_error(None, sentence(refusal))
            else:
                messages.success(request, gettext("It stands first among the places to check now."))
                return redirect(case_url(told["case"]) + "#places")
        lead = _(
            "It goes among the places to check of the case, and on its map. The witness is told that "
            "it helped."
        )
        return self.ask(request, tip, form, _("A sighting"), _("Put it into the case"), lead=lead)

    @method_decorator(sensitive_post_parameters())
    def case_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Make a case in one act: what is left empty is read from the tip, whose words and pin are kept."""
        tip, officer = self.tip_for(request, pk), officer_of(request)
        if not officer.has_perm("cases.add_case"):
            raise PermissionDenied
        form = CaseForm(tip, desk.zone_of(officer), request.POST or None)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            bits = ReportBits(
                given_name=told["given_name"], family_name=told["family_name"], sex=told["sex"],
                age_years=told["age_years"], last_seen_at=form.at, last_seen=form.reported(),
                relation=told["relation"],
            )  # fmt: skip
            try:
                case = promote.to_case(tip, officer, bits)
            except REFUSED as refusal:
                form.add_error(None, sentence(refusal))
            else:
                messages.success(
                    request, gettext("The case is made. Call the witness back, then complete it.")
                )
                return redirect(case_url(case))
        lead = _("Its words and its pin are kept in the case. Whoever is on duty is called.")
        return self.ask(request, tip, form, _("A child is missing"), _("Make the case"), lead=lead)

    @method_decorator(sensitive_post_parameters())
    def close_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        tip, officer = self.tip_for(request, pk), officer_of(request)
        alike = self._alike(request, tip)
        form = CloseForm(tip, request.POST or None, many=len(alike) + 1)
        if request.method == "POST" and form.is_valid():
            state, code = form.chosen
            told = form.cleaned_data
            if told.get("alike"):
                return self._close_all(request, tip, alike, state, code, told["words"])
            try:
                asked = deciding.close(tip, officer, state, code, words=told["words"])
            except TipRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                done = _("A second reader is asked: it is closed when they agree.") if asked else _("Closed.")
                messages.success(request, str(done))
                return redirect(page_url(tip))
        lead = _("The reason is kept. A tip like it opens this one again, and you are told.")
        if settling.needs_two(tip):
            lead = _("It speaks of danger: another officer reads it before it is closed. The reason is kept.")
        return self.ask(request, tip, form, _("Close the tip"), _("Close it"), lead=lead, danger=True)

    def _alike(self, request: HttpRequest, tip: Tip) -> list[Tip]:
        """Return the others of the cluster that nobody has decided, in the officer's scope."""
        if tip.cluster is None:
            return []
        others = Tip.objects.for_officer(officer_of(request)).filter(cluster=tip.cluster)
        return list(others.filter(state__in=(Tip.State.NEW, Tip.State.SEEN)).exclude(pk=tip.pk)[:500])

    def _close_all(
        self, request: HttpRequest, tip: Tip, alike: list[Tip], state: str, code: str, words: str
    ) -> HttpResponse:
        came = deciding.close_all([tip, *alike], officer_of(request), state, code, words=words)
        told = _("Closed: %(closed)s. Waiting for a second reader: %(waiting)s. Left as they were: %(left)s.")
        many: dict[str, Any] = {
            "closed": len(came.closed), "waiting": len(came.waiting), "left": len(came.left)
        }  # fmt: skip
        messages.success(request, str(told) % many)
        return redirect(page_url(tip))

    @method_decorator(sensitive_post_parameters())
    def second_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Read what another wants to close, and agree or not."""
        tip, officer = self.tip_for(request, pk, SECOND), officer_of(request)
        asked = deciding.pending(tip)
        if asked is None:
            if request.method == "POST":
                messages.error(request, gettext("Nobody asks this any more."))
                return redirect(page_url(tip))
            raise Http404
        form = SecondForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            agree = request.POST.get("answer") == "agree"
            words = form.cleaned_data["words"]
            done = _("You agreed: it is closed.") if agree else _("You did not agree: it stays open.")
            return self.perform(request, tip, lambda: deciding.second(tip, officer, agree, words), done)
        return self.ask(
            request, tip, form, _("Second reader"), "", template="admin/tips/tip/second.html",
            asked=asked, proposed=proposed(tip, asked), is_mine=asked.asked_by_id == officer.pk,
        )  # fmt: skip


def proposed(tip: Tip, asked: Decision) -> tuple[str, str, str]:
    """Return as what the tip would be closed, for which reason, and whoever asked in their words."""
    state, _colon, code = asked.ground.partition(":")
    reason = deciding.REASONS.get(state, {}).get(code, code)
    lines = [line for line in tip.history or [] if line.get("digest") == asked.digest]
    said = str(lines[-1].get("words", "")) if lines else ""
    return str(dict(Tip.State.choices).get(state, state)), str(reason), said
