"""Who is missing."""

from __future__ import annotations

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases import fields
from cases.forms.words import DAYS, WordsField, zone
from trust import clock, formfields


class ChildPart(forms.Form):
    given_name = WordsField(label=_("First name"), max_length=80)
    family_name = WordsField(label=_("Family name"), max_length=80, required=False)
    other_name = WordsField(
        label=_("The name in the other script"),
        help_text=_("In Arabic letters if you wrote Latin ones, or the other way round, if you know it."),
        max_length=160,
        required=False,
    )
    birth_date = formfields.DateField(
        label=_("Date of birth"),
        help_text=_("Day, month, year: 25/12/2015. Leave it empty if you do not know it."),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"autocomplete": "off", "inputmode": "numeric"}, format="%d/%m/%Y"),
        required=False,
    )
    age_years = formfields.IntegerField(
        label=_("Age in years"),
        help_text=_("If you do not know the date of birth."),
        min_value=0,
        required=False,
    )
    sex = forms.ChoiceField(label=_("Girl or boy"), widget=forms.RadioSelect)
    height = formfields.IntegerField(
        label=_("Height in centimetres"), min_value=30, max_value=230, required=False
    )
    hair = forms.ChoiceField(label=_("Hair"), required=False)
    eyes = forms.ChoiceField(label=_("Eyes"), required=False)
    build = forms.ChoiceField(label=_("Build"), required=False)
    marks = forms.MultipleChoiceField(
        label=_("Marks one can see"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born and born > clock.now().astimezone(zone()).date():
            raise ValidationError(_("This date is in the future. Check the year."))
        return born

    def check_age(self, seen_at: datetime | None) -> None:
        """Compare birth and disappearance; an age or a birth date is needed, and a child's."""
        born: date | None = self.cleaned_data.get("birth_date")
        years: int | None = self.cleaned_data.get("age_years")
        if born and seen_at:
            day = seen_at.astimezone(zone()).date()
            if born > day:
                says = _("The date of birth is after the day the child was last seen.")
                self.add_error("birth_date", says)
                return
            years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        if born is None and years is None:
            self._need_age()
        elif years is not None and years > fields.FIELDS["age"].high:
            says = _("This page is for children under 18. For an adult, call the emergency number.")
            self.add_error("birth_date" if born else "age_years", says)

    def _need_age(self) -> None:
        if not {"birth_date", "age_years"} & set(self.errors):
            self.add_error("age_years", _("Give the age in years, or the date of birth. A guess is fine."))
