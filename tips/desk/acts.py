"""The plain acts on a tip: answer the six questions, write to the witness, hand over, take, open again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tips import handing, replying
from tips.desk import questions
from tips.desk.doors import TipDoors
from tips.desk.forms import HandForm, ReplyForm, WordsForm
from tips.models import Tip
from tips.reopening import reopen
from trust.desk import officer_of


class TipActs(TipDoors):
    @method_decorator(sensitive_post_parameters())
    @method_decorator(require_POST)
    def questions_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        tip, officer = self.tip_for(request, pk), officer_of(request)
        form = questions.QuestionsForm(tip, request.POST)
        if not form.is_valid():
            return self.page_with(request, tip, questions=form)
        return self.perform(
            request, tip, lambda: questions.keep(tip, officer, form.cleaned_data), _("The answers are kept."),
            anchor="#questions",
        )  # fmt: skip

    @method_decorator(sensitive_post_parameters())
    @method_decorator(require_POST)
    def reply_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        tip, officer = self.tip_for(request, pk, handed=True), officer_of(request)
        form = ReplyForm(request.POST)
        if not form.is_valid():
            return self.page_with(request, tip, reply=form)
        told = form.cleaned_data
        return self.perform(
            request, tip, lambda: replying.reply(tip, officer, told["body"], asks=told["asks"]),
            _("Written to the witness."), anchor="#letters",
        )  # fmt: skip

    @method_decorator(sensitive_post_parameters())
    def hand_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        tip, officer = self.tip_for(request, pk), officer_of(request)
        form = HandForm(tip, request.POST or None)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            to = told["unit"] or told["name"]
            done = _("Handed over. Its clock runs until that unit says that it has it.")
            return self.perform(
                request, tip, lambda: handing.hand_over(tip, officer, to, told["words"]), done
            )
        lead = _("The witness is told which unit has it. The clock stops only when that unit says so.")
        return self.ask(request, tip, form, _("Hand the tip over"), _("Hand it over"), lead=lead)

    @method_decorator(sensitive_post_parameters())
    def taken_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Say that the unit has it: its own officers, or the sender's for a unit that has no desk here."""
        tip, officer = self.tip_for(request, pk, handed=True), officer_of(request)
        outside = tip.handed_to_id is None
        form = WordsForm(
            request.POST if request.method == "POST" else None,
            label=_("Who said so there? Name, function, number") if outside else _("Note"),
            required=outside,
        )
        if request.method == "POST" and form.is_valid():
            said_by = form.cleaned_data["words"]
            done = _("Kept: the tip was taken, with your name and the hour.")
            return self.perform(
                request, tip, lambda: handing.acknowledge(tip, officer, said_by=said_by), done
            )
        return self.ask(request, tip, form, _("The tip was taken"), _("It was taken"))

    @method_decorator(sensitive_post_parameters())
    def back_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        tip, officer = self.tip_for(request, pk, handed=True), officer_of(request)
        form = WordsForm(request.POST or None, help_text=_("Whoever handed it over reads this."))
        if request.method == "POST" and form.is_valid():
            words = form.cleaned_data["words"]
            return self.perform(
                request, tip, lambda: handing.send_back(tip, officer, words), _("Sent back."),
            )  # fmt: skip
        return self.ask(request, tip, form, _("Send the tip back"), _("Send it back"))

    @method_decorator(sensitive_post_parameters())
    def reopen_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        tip, officer = self.tip_for(request, pk, handed=True), officer_of(request)
        form = WordsForm(request.POST or None, help_text=_("Whoever decided it is told."))
        if request.method == "POST" and form.is_valid():
            words = form.cleaned_data["words"]
            return self.perform(
                request, tip, lambda: reopen(tip, officer=officer, words=words), _("It is open again.")
            )
        return self.ask(request, tip, form, _("Open the tip again"), _("Open it again"))

    def page_with(self, request: HttpRequest, tip: Tip, **forms: Any) -> HttpResponse:
        """Show the page of the tip again with forms that were not filled in well."""
        raise NotImplementedError
