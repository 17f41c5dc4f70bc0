"""Who holds a case: taking it over, offering it, asking another unit, and that unit's answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cases import owning, transfer
from cases.admin.doors import REFUSALS, CaseDoors, page_url, sentence
from cases.desk import PANELS, Panel
from cases.forms.words import WordsField
from cases.models import Case, MoveRefused, Transfer
from trust import audit, clock, desk, duty
from trust.desk import officer_of
from trust.models import Officer, Task, Unit

RIGHT = transfer.RIGHT

desk.TASK_SUBJECTS["transfer"] = "admin:cases_case_transfer_answer"
desk.TASK_WORDS.update(
    {
        owning.HAND_OVER: _("A case is offered to you at the end of a shift: take it over"),
        transfer.TRANSFER: _("Another unit asks yours to take a case: answer"),
    }
)
REFUSALS.update(
    {
        "not_owner": _("Only the officer who holds the case can offer it."),
        "not_holder": _("Your role or your unit cannot hold this case."),
        "nothing_offered": _("This case is not offered any more."),
        "nobody_else": _("Nobody else is there to take the case. Plan a shift in the duty roster."),
        "no_permission": _("Your role does not allow this."),
        "same_unit": _("The case is with this unit already."),
        "asked_already": _("Another unit was asked already. Take that question back first."),
        "own_question": _("Somebody else must answer what you asked."),
        "no_words": _("Say why."),
    }
)


class UnitField(forms.ModelChoiceField[Unit]):
    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.agency} · {obj}"


class AskForm(forms.Form):
    """Ask which unit should take the case, and why."""

    unit = UnitField(label=_("Which unit should take the case?"), queryset=Unit.objects.none())
    words = WordsField(
        label=_("Why?"),
        help_text=_("The officers of that unit read this before they answer. Name nobody."),
        max_length=transfer.MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, case: Case, data: Any = None) -> None:
        super().__init__(data)
        others = Unit.objects.select_related("agency").exclude(pk=case.unit_id)
        field = self.fields["unit"]
        if isinstance(field, UnitField):
            field.queryset = others.order_by("agency__code", "code")


class RefuseForm(forms.Form):
    words = WordsField(
        label=_("Why not?"), max_length=transfer.MAX_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )


class OwningViews(CaseDoors):
    def get_urls(self) -> list[URLPattern]:
        views = {
            "take": ("<uuid:pk>/take/", self.take_view),
            "offer": ("<uuid:pk>/offer/", self.offer_view),
            "transfer": ("<uuid:pk>/transfer/", self.transfer_view),
            "call_off": ("<uuid:pk>/transfer/call-off/", self.call_off_view),
            "bring": ("<uuid:pk>/transfer/bring/", self.bring_view),
            "transfer_answer": ("transfer/<uuid:transfer_pk>/", self.answer_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"cases_case_{name}")
            for name, (route, view) in views.items()
        ]
        return [*own, *super().get_urls()]

    @method_decorator(require_POST)
    def take_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, duty.HOLD)
        done = _("You hold this case now.")
        return self.perform(request, case, lambda: owning.take_over(case, officer_of(request)), done)

    @method_decorator(require_POST)
    def offer_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, duty.HOLD)
        done = _("Offered. You hold the case until somebody takes it over.")
        return self.perform(request, case, lambda: owning.offer(case, officer_of(request)), done)

    def transfer_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, RIGHT)
        form = AskForm(case, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            done = _("The other unit was asked. The case stays with yours until it is accepted there.")
            return self.perform(
                request,
                case,
                lambda: transfer.ask(case, officer_of(request), told["unit"], told["words"]),
                done,
            )
        title = gettext("Ask another unit to take case %(reference)s") % {"reference": case.reference}
        return self._page(request, "admin/cases/case/owner_transfer.html", title, case=case, form=form)

    @method_decorator(require_POST)
    def call_off_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, RIGHT)
        asked = get_object_or_404(Transfer.objects.waiting(), case=case)
        done = _("The question was taken back. The case stays with your unit.")
        return self.perform(request, case, lambda: transfer.call_off(asked, officer_of(request)), done)

    def answer_view(self, request: HttpRequest, transfer_pk: UUID) -> HttpResponse:
        """Show the unit that was asked what it is asked for, and take its answer."""
        officer = officer_of(request)
        if not officer.has_perm(RIGHT):
            raise PermissionDenied
        rows = Transfer.objects.for_officer(officer).select_related(
            "case", "from_unit", "to_unit", "asked_by"
        )
        asked = get_object_or_404(rows, pk=transfer_pk)
        form = RefuseForm(request.POST if request.POST.get("answer") == "refuse" else None)
        if request.method == "POST" and request.POST.get("answer") == "accept":
            return self._accept(request, asked, officer)
        if form.is_bound and form.is_valid():
            done = _("Refused. The case stays with the unit that asked.")
            return desk.perform(
                request,
                lambda: transfer.refuse(asked, officer, form.cleaned_data["words"]),
                done,
                reverse("admin:index"),
                refusals=(MoveRefused,),
                say=sentence,
            )
        audit.viewed(officer, asked.case, "transfer")
        title = gettext("Another unit asks yours to take a case")
        shown = {
            "asked": asked,
            "asked_at": desk.moment(asked.asked_at, desk.zone_of(officer)),
            "form": form,
            "may_answer": asked.outcome == "" and transfer.may_answer(officer, asked),
        }
        return self._page(request, "admin/cases/case/owner_answer.html", title, **shown)

    def beyond(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show who holds a case of another unit whom to call for it, and nothing of the case; else 404."""
        officer = officer_of(request)
        case = self._held_beyond(request, pk)
        audit.viewed(officer, case, "beyond")
        now, zone = clock.now(), desk.zone_of(officer)
        asked = Transfer.objects.waiting().filter(case=case, to_unit=officer.unit).first()
        shown = {
            "case": case,
            "received": desk.moment(case.received_at, zone),
            "age": desk.age(case.received_at, now),
            "level": desk.level(case.received_at, now),
            "people": [one for one in duty.ladder(case.unit, now) if one.pk != officer.pk][:5],
            "asked_at": desk.moment(asked.asked_at, zone) if asked else "",
            "may_bring": asked is None and officer.has_perm(RIGHT),
        }
        title = gettext("You hold a case of another unit")
        return self._page(request, "admin/cases/case/owner_beyond.html", title, **shown)

    @method_decorator(require_POST)
    def bring_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask one's own unit to take a case that one holds and cannot open."""
        officer = officer_of(request)
        if not officer.has_perm(RIGHT) or officer.unit is None:
            raise PermissionDenied
        case, unit = self._held_beyond(request, pk), officer.unit
        words = gettext(
            "Nobody of the unit that holds the case is there. Whoever was called last asks for it."
        )
        done = _("Your unit was asked. Somebody else there must accept.")
        return self.perform(request, case, lambda: transfer.ask(case, officer, unit, words), done)

    def _held_beyond(self, request: HttpRequest, pk: UUID) -> Case:
        held = Case.objects.filter(owner=officer_of(request), state__in=owning.OPEN)
        return get_object_or_404(held.select_related("unit__agency"), pk=pk)

    def _accept(self, request: HttpRequest, asked: Transfer, officer: Officer) -> HttpResponse:
        done = _("The case is with your unit now.")
        back = page_url(asked.case)
        return desk.perform(
            request,
            lambda: transfer.accept(asked, officer),
            done,
            back if transfer.may_answer(officer, asked) else reverse("admin:index"),
            refusals=(MoveRefused,),
            say=sentence,
        )

    def _page(self, request: HttpRequest, template: str, title: str, **shown: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, **shown}
        return TemplateResponse(request, template, context)


def owner_panel(case: Case, officer: Officer) -> Panel:
    """Return who holds the case and what may be done about it (two queries)."""
    task = owning.offered(case) if case.is_open else None
    last = Transfer.objects.filter(case=case).select_related("to_unit__agency").first()
    asked = last if last and last.outcome == Transfer.Outcome.OPEN else None
    holds, moves = officer.has_perm(duty.HOLD), officer.has_perm(RIGHT)
    zone = desk.zone_of(officer)
    return Panel(
        "admin/cases/case/owner.html",
        {
            "case": case,
            "since": desk.moment(case.owned_at, zone) if case.owned_at else "",
            "offered_to": task.owner if task else None,
            "is_offered": task is not None,
            "is_late": _is_late(task),
            "asked": asked,
            "asked_at": desk.moment(asked.asked_at, zone) if asked else "",
            "refused": last if last and last.outcome == Transfer.Outcome.REFUSED else None,
            "may_take": task is not None and holds,
            "is_mine": case.owner_id == officer.pk,
            "may_offer": case.is_open and task is None and case.owner_id == officer.pk and holds,
            "may_ask": case.is_open and asked is None and moves,
            "may_call_off": asked is not None and moves,
        },
    )


def _is_late(task: Task | None) -> bool:
    return task is not None and task.due_at is not None and task.due_at <= clock.now()


PANELS.append(owner_panel)
