"""Who told us: asked for by one officer for a reason, granted by another, read for a quarter of an hour."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from tips import revealing
from tips.desk import words
from tips.desk.doors import TipDoors, page_url, url
from tips.desk.forms import ReasonForm
from tips.models import Tip
from tips.refusals import TipRefused
from trust import clock, desk
from trust.desk import officer_of
from trust.models import Decision, Officer
from trust.secondfactor import factor_at, fresh_factor_required

ASK, GRANT = "tips.ask_reveal", "tips.grant_reveal"


class TipReveal(TipDoors):
    @method_decorator(sensitive_post_parameters())
    @method_decorator(sensitive_variables())
    @method_decorator(fresh_factor_required)
    def reveal_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask for the address, answer another's question, or read it while it is open."""
        officer = officer_of(request)
        if not (officer.has_perm(ASK) or officer.has_perm(GRANT)):
            raise PermissionDenied
        tip = self.tip_for(request, pk, ASK if officer.has_perm(ASK) else GRANT, handed=True)
        waiting = open_question(officer, tip)
        form = ReasonForm(revealing.REASONS, request.POST or None)
        if request.method == "POST" and request.POST.get("answer") and waiting:
            return self._answered(request, tip, waiting, form.data.get("words", ""))
        if request.method == "POST" and officer.has_perm(ASK) and form.is_valid():
            told = form.cleaned_data
            done = _("Asked. Another officer has to agree; then you read it here for a quarter of an hour.")
            act = lambda: revealing.ask(tip, officer, told["reason"], told["words"])  # noqa: E731
            return desk.perform(request, act, done, url("reveal", tip.pk), refusals=(TipRefused,))
        if request.method == "POST" and not officer.has_perm(ASK):
            return redirect(page_url(tip))
        return self.ask(
            request, tip, form, _("Who told us"), _("Ask for the address"),
            template="admin/tips/tip/reveal.html", waiting=waiting, waiting_reason=_reason(waiting),
            waiting_words=revealing.why(tip, waiting) if waiting else "", mine=_mine(tip, officer),
            shown=_address(request, tip, officer), may_ask=officer.has_perm(ASK),
        )  # fmt: skip

    def _answered(self, request: HttpRequest, tip: Tip, asked: Decision, said: str) -> HttpResponse:
        officer = officer_of(request)
        if request.POST["answer"] == "agree":
            act: Any = lambda: revealing.grant(asked, officer, factor_at=factor_at(request))  # noqa: E731
            return self.perform(
                request, tip, act, _("Granted: whoever asked may read it for a quarter of an hour.")
            )
        return self.perform(
            request, tip, lambda: revealing.refuse(asked, officer, said), _("Refused: it stays shut.")
        )


def open_question(officer: Officer, tip: Tip) -> Decision | None:
    """Return the question about this tip that the officer could answer now."""
    if not officer.has_perm(GRANT):
        return None
    waiting = revealing.waiting(officer, clock.now())
    return next((decision for decision, of in waiting if of.pk == tip.pk), None)


def _reason(asked: Decision | None) -> str:
    return str(revealing.REASONS.get(asked.ground, asked.ground)) if asked else ""


def _mine(tip: Tip, officer: Officer) -> Decision | None:
    return revealing.asked(tip, officer) if officer.has_perm(ASK) else None


def _address(request: HttpRequest, tip: Tip, officer: Officer) -> dict[str, str] | None:
    """Return the address where it is open to this officer; each look is in the log."""
    mine = _mine(tip, officer)
    if request.method != "GET" or mine is None or mine.outcome != Decision.Outcome.GRANTED:
        return None
    try:
        found = revealing.address(tip, officer)
    except TipRefused:
        return None
    zone = desk.zone_of(officer)
    return {
        "door": words.door(found.channel), "address": found.address, "until": desk.moment(found.until, zone)
    }  # fmt: skip
