"""Calling the family back: a record of each attempt, and the way past it where nobody can be reached."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from cases import verification, vocabulary
from cases.admin.doors import REFUSALS, CaseDoors
from cases.forms.words import WordsField
from cases.models import CallBack, Case, CaseState, VerificationOverride
from cases.sheet import language
from cases.verification import Attempt
from trust import formfields
from trust.desk import officer_of
from trust.models import Officer

FACE, OTHER = "face", "other"
FAMILY = "#family"

REFUSALS.update(
    {
        "unknown_result": _("Say what came of it: press one of the buttons."),
        "whom": _("Choose whom you spoke with."),
        "no_number": _("Give the number that you called."),
        "not_of_the_unit": _("Only an officer of the unit that holds the case can do this."),
        "verified_already": _("The case is verified: nothing stands in the way."),
    }
)


class CallBackForm(forms.Form):
    """Ask which number was called, who answered, and what was shown; what came of it is the button."""

    number = forms.ChoiceField(label=_("How did you speak with the family?"), widget=forms.RadioSelect)
    other_number = formfields.PhoneField(label=_("Another number"), required=False)
    relation = forms.ChoiceField(label=_("Whom did you speak with?"), required=False)
    proof = forms.ChoiceField(label=_("Proof that this is the guardian"), choices=CallBack.Proof.choices)
    seen = forms.ChoiceField(label=_("How you saw it"), choices=CallBack.Seen.choices, required=False)
    words = WordsField(
        label=_("Note"),
        required=False,
        max_length=verification.MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    result = forms.ChoiceField(
        choices=CallBack.Result.choices, error_messages={"required": REFUSALS["unknown_result"]}
    )

    def __init__(self, case: Case, data: Any = None, *, numbers: list[str] | None = None) -> None:
        """numbers: those of the case, where they are at hand."""
        self.numbers = verification.numbers(case) if numbers is None else numbers
        relation = (case.reporter or {}).get("relation", "")
        first = self.numbers[0] if self.numbers else OTHER
        super().__init__(data, auto_id="call-%s", initial={"number": first, "relation": relation})
        listed = [
            *((one, one) for one in self.numbers),
            (OTHER, _("Another number")),
            (FACE, _("Face to face")),
        ]
        self._offer("number", listed)
        self._offer("relation", [("", "—"), *vocabulary.choices("relation", language())])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("number") == OTHER and not told.get("other_number") and "other_number" not in self.errors:
            self.add_error("other_number", REFUSALS["no_number"])
        if told.get("result") == CallBack.Result.CONFIRMED and not told.get("relation"):
            self.add_error("relation", REFUSALS["whom"])
        return told

    def attempt(self) -> Attempt:
        """Return what was told; only after is_valid()."""
        told = self.cleaned_data
        face = told["number"] == FACE
        number = {FACE: "", OTHER: told["other_number"]}.get(told["number"], told["number"])
        how = CallBack.How.FACE if face else CallBack.How.PHONE
        said = (told["relation"], told["proof"], told["seen"], told["words"])
        return Attempt(told["result"], how, number, *said)


class OverrideForm(forms.Form):
    """Ask why the case goes on although nobody verified it."""

    ground = forms.ChoiceField(
        label=_("Why can it not wait?"), choices=[("", "—"), *VerificationOverride.Ground.choices]
    )
    words = WordsField(
        label=_("In your own words"),
        max_length=verification.MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="override-%s")


class VerificationViews(CaseDoors):
    def get_urls(self) -> list[URLPattern]:
        views = {"spoken": self.spoken_view, "override": self.override_view}
        own = [
            path(f"<uuid:pk>/{name}/", self.admin_site.admin_view(view), name=f"cases_case_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    @method_decorator(require_POST)
    def spoken_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Keep a call back; where the child is said to be home, go on to how the case ended."""
        case = self.case_for(request, pk, verification.RIGHT)
        form = CallBackForm(case, request.POST)
        if not form.is_valid():
            return self.page_with(request, case, call_form=form)
        told, officer = form.attempt(), officer_of(request)
        done = _("Kept with your name and the hour.")
        answer = self.perform(
            request, case, lambda: verification.record(case, officer, told), done, anchor=FAMILY
        )
        is_home = told.result == CallBack.Result.CHILD_HOME
        return redirect(closing_url(case)) if is_home and may_close(case, officer) else answer

    @method_decorator(sensitive_post_parameters())
    @method_decorator(require_POST)
    def override_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, verification.RIGHT)
        form = OverrideForm(request.POST)
        if not form.is_valid():
            return self.page_with(request, case, override_form=form)
        told, officer = form.cleaned_data, officer_of(request)
        return self.perform(
            request,
            case,
            lambda: verification.override(case, officer, told["ground"], told["words"]),
            _("The case can be proposed although nobody verified it. Everybody who opens it reads so."),
            anchor=FAMILY,
        )


def may_close(case: Case, officer: Officer) -> bool:
    return case.state in (CaseState.REVIEW, CaseState.OPEN) and officer.has_perm("cases.close_case")


def closing_url(case: Case) -> str:
    return reverse("admin:cases_case_close", args=[case.pk])
