"""The forms on the page of a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import vocabulary
from cases.conflict import MAX_AUTHORITY, MAX_DECISION
from cases.forms.words import DAYS, WordsField
from cases.sheet import language
from trust import formfields


class CloseForm(forms.Form):
    """Ask how the case ended."""

    outcome = forms.ChoiceField(label=_("How did it end?"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For the log. Name nobody."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = vocabulary.choices("outcome", language())
        self.fields["outcome"] = forms.ChoiceField(label=_("How did it end?"), choices=[("", "—"), *outcomes])


class ConflictForm(forms.Form):
    """Ask why nothing may be signed for now."""

    ground = forms.ChoiceField(label=_("Why?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = vocabulary.choices("conflict_ground", language())
        self.fields["ground"] = forms.ChoiceField(label=_("Why?"), choices=[("", "—"), *grounds])


class SettleForm(forms.Form):
    """Ask which authority decided what, and when."""

    authority = WordsField(
        label=_("Which authority decided?"),
        help_text=_("The court or the prosecutor’s office, and the number of the decision."),
        max_length=MAX_AUTHORITY,
    )
    decision = WordsField(
        label=_("What was decided?"), max_length=MAX_DECISION, widget=forms.Textarea(attrs={"rows": 3})
    )
    decided_on = formfields.DateField(
        label=_("On which day?"),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
